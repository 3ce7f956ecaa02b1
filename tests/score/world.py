"""What each address of the world says, as a function of the time and of what it is asked.

Every resource lives on a host of its own unless its place says otherwise, so that what befalls one says nothing of
another. All times count from START; bodies are as small as they can be.
"""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.fetch.site import Answer
from tests.score.log import Role

START = datetime(2026, 3, 2, tzinfo=UTC)
SITE = "https://feeds.example.org/"
ARTICLES = 6  # on the page of the list; one more is what robots.txt forbids
CROWD = 30  # feeds that are added at the same moment, each on a host of its own
STREET = 5  # feeds on one host
DISTANCE_S = 0.04  # what a network takes, for those that are counted by the second
HANG_S = 0.5  # so long the first time, before a server that does not answer hangs up
LONG = timedelta(hours=20)  # a wait that no plan of a reader's own is likely to be longer than
SLOW = timedelta(hours=3)  # how far the clock of one server is behind

Header = tuple[str, str | bytes]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a resource is asked. day: since START. heard: how often it was asked before. where: resource -> its URL."""

    at: datetime
    headers: Mapping[str, bytes]
    heard: int
    where: Mapping[str, str]

    @property
    def day(self) -> float:
        return (self.at - START) / timedelta(days=1)

    def knows(self, etag: bytes | None, last_modified: bytes | None = None) -> bool:
        """Tell whether the answer to this request is 304, given what holds now (RFC 9110, section 13.2.2)."""
        if "if-none-match" in self.headers:
            return etag is not None and self.headers["if-none-match"] == etag
        return last_modified is not None and self.headers.get("if-modified-since") == last_modified


Says = Callable[[Ask], Answer]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One address. is_source: the reader's owner wrote it. is_broken: whether what it says then is no feed.

    place: resources of one place share a host. twice: two sources have it.
    """

    name: str
    says: Says
    role: Role = "feed"
    path: str = "/feed.xml"
    place: str = ""
    is_source: bool = True
    twice: bool = False
    is_broken: Callable[[Ask], bool] = field(default=lambda ask: False)

    @property
    def host_name(self) -> str:
        return self.place or self.name


def stamp(at: datetime) -> bytes:
    """Return an HTTP date."""
    return format_datetime(at.astimezone(UTC), usegmt=True).encode()


def rss(name: str, version: int = 0, *, head: str = "") -> bytes:
    """Return a feed that bears one more entry with every version. head: elements of its channel."""
    items = "".join(
        f"<item><title>{name} {number}</title><link>https://{name}.example/{number}</link>"
        f"<guid>https://{name}.example/{number}</guid><pubDate>{stamp(START - timedelta(days=9 - number)).decode()}"
        f"</pubDate><description>About {number}.</description></item>"
        for number in range(version + 1)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title><link>https://{name}.example/</link>'
        f"<description>made up</description>{head}{items}</channel></rss>"
    ).encode()


def found(
    ask: Ask, body: bytes, *, etag: bytes | None = None, date: bytes | None = None, more: tuple[Header, ...] = ()
) -> Answer:
    """Return 200 or, where the request knows what holds, 304, both with these validators. date: Last-Modified."""
    headers: list[Header] = [("Date", stamp(ask.at)), ("Content-Type", "application/rss+xml")]
    headers += [("ETag", etag)] if etag is not None else []
    headers += [("Last-Modified", date)] if date is not None else []
    headers += more
    is_known = ask.knows(etag, date)
    return Answer(status=304 if is_known else 200, headers=headers, body=b"" if is_known else body)


def refused(ask: Ask, status: int, *more: Header) -> Answer:
    """Return an answer that is no document."""
    return Answer(status=status, headers=[("Date", stamp(ask.at)), *more])


def steady(
    name: str, *, changes: tuple[float, ...] = (2.0, 5.0), head: str = "", more: tuple[Header, ...] = ()
) -> Says:
    """A feed with both validators that brings an entry on some days."""

    def says(ask: Ask) -> Answer:
        version = sum(ask.day >= day for day in changes)
        since = START + timedelta(days=changes[version - 1]) if version else START - timedelta(days=1)
        etag = f'"{name}-{version}"'.encode()
        return found(ask, rss(name, version, head=head), etag=etag, date=stamp(since), more=more)

    return says


def listed(name: str, values: tuple[bytes, ...], *, of: str) -> Says:
    """A feed that changes every day, and its one validator with it, through these forms. of: ``etag`` or ``date``."""

    def says(ask: Ask) -> Answer:
        version = int(ask.day)
        value = values[version % len(values)]
        return found(ask, rss(name, version % 7), **{of: value})

    return says


ODD_ETAGS = (
    b"bare-words",
    b'"in "quotes" twice"',
    b"W/'single'",
    b'"caf\xc3\xa9"',
    b'"5e7--gzip"',
    b'""',
    b'W/"weak, with a comma"',
)
ODD_DATES = (
    b"Mon, 2 Mar 2026 1:02:03 GMT",
    b"2026-03-03T08:00:00Z",
    b"Wednesday, 04-Mar-26 08:00:00 GMT",
    b"thu, 05 mar 2026 08:00:00 gmt",
    b"Fri, 06 Mar 2026 08:00:00 +0000",
    b"Sat Mar  7 08:00:00 2026",
    b"Sun, 08 Mar 2126 08:00:00 GMT",
)


def rotating(ask: Ask) -> Answer:
    return found(ask, rss("rotating"), etag=f'"day {int(ask.day)}"'.encode())


def renewing(ask: Ask) -> Answer:
    """Each day has an ETag of its own; who knows yesterday's hears 304, with today's."""
    day = int(ask.day)
    today, yesterday = f'"{day}"'.encode(), f'"{day - 1}"'.encode()
    is_known = ask.headers.get("if-none-match") in (today, yesterday)
    headers: list[Header] = [("Date", stamp(ask.at)), ("ETag", today)]
    return Answer(status=304 if is_known else 200, headers=headers, body=b"" if is_known else rss("renewing"))


def vanishing(ask: Ask) -> Answer:
    """Both validators for two days, then one, then none."""
    date = stamp(START + timedelta(days=int(ask.day)))
    if ask.day < 2:
        return found(ask, rss("vanishing"), etag=b'"here"', date=date)
    return found(ask, rss("vanishing", 1), date=date if ask.day < 5 else None)


def fresh(name: str, *, on_200: tuple[Header, ...] = (), on_304: tuple[Header, ...] = ()) -> Says:
    def says(ask: Ask) -> Answer:
        answer = steady(name)(ask)
        return replace(answer, headers=[*answer.headers, *(on_304 if answer.status == 304 else on_200)])

    return says


def expiring(ask: Ask) -> Answer:
    return found(ask, rss("expires"), etag=b'"same"', more=(("Expires", stamp(ask.at + timedelta(hours=8))),))


def packed(ask: Ask) -> Answer:
    answer = steady("packed")(ask)
    if not answer.body or b"gzip" not in ask.headers.get("accept-encoding", b""):
        return answer
    headers = [*answer.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    return replace(answer, headers=headers, body=gzip.compress(answer.body, mtime=0))


def is_broken_now(ask: Ask) -> bool:
    return 2 <= ask.day < 3


def broken(ask: Ask) -> Answer:
    """For a day a page of regret, with the validators that the next good answer has, too."""
    if ask.day < 2:
        return found(ask, rss("broken"), etag=b'"before"')
    body = b"<html><body>The database is away.</body></html>" if is_broken_now(ask) else rss("broken", 1)
    return found(ask, body, etag=b'"after"', date=stamp(START + timedelta(days=2)))


def redirect(to: str, status: int, *, since: float = 0.0, until: float = 1e9) -> Says:
    """A redirect to another resource; before and after, if there is such a time, a feed."""

    def says(ask: Ask) -> Answer:
        if since <= ask.day < until:
            return refused(ask, status, ("Location", ask.where[to]))
        return steady("captive")(ask)

    return says


def turning(ask: Ask) -> Answer:
    """A temporary redirect that leads to one address first and then to another."""
    return refused(ask, 302, ("Location", ask.where["turned-one" if ask.day < 3 else "turned-two"]))


def limited(name: str, status: int, *, since: float, until: float, wait: Callable[[Ask], tuple[Header, ...]]) -> Says:
    """A feed that is not to be had for a while. wait: the headers that say until when."""

    def says(ask: Ask) -> Answer:
        if since <= ask.day < until:
            extra = wait(ask)
            dated = any(key == "Date" for key, _ in extra)
            return Answer(status=status, headers=[*(() if dated else (("Date", stamp(ask.at)),)), *extra])
        return steady(name)(ask)

    return says


def in_seconds(_: Ask) -> tuple[Header, ...]:
    return (("Retry-After", str(int(LONG.total_seconds()))),)


def as_date(ask: Ask) -> tuple[Header, ...]:
    """A date, by a clock that is slow: who takes it by his own clock comes too early."""
    theirs = ask.at - SLOW
    return (("Date", stamp(theirs)), ("Retry-After", stamp(theirs + LONG)))


def unsaid(_: Ask) -> tuple[Header, ...]:
    return ()


def silent(ask: Ask) -> Answer:
    """For two days no answer: the first time after a while, then at once."""
    if 1 <= ask.day < 3:
        return Answer(raw=b"", hold=HANG_S if ask.heard == 0 else 0.0)
    return steady("silent")(ask)


def icon(ask: Ask) -> Answer:
    return found(ask, b"GIF89a", etag=b'"icon"', more=(("Content-Type", "image/gif"),))


def page(ask: Ask) -> Answer:
    where = ask.where["page-feed"]
    body = f'<html><head><title>A page</title><link rel="alternate" type="application/rss+xml" href="{where}"></head>'
    return _html(ask, body + "<body><p>Hello.</p></body></html>")


def front(ask: Ask) -> Answer:
    """The list of a site without a feed; after some hours it names one article more."""
    last = ARTICLES + (ask.day >= 0.3)
    rows = "".join(f'<li><a href="/articles/{number}.html">Article {number}</a></li>' for number in range(1, last + 1))
    forbidden = '<li><a href="/private/0.html">Not for robots</a></li>'
    return _html(ask, f"<html><body><ul>{rows}{forbidden}</ul></body></html>", etag=f'"list-{last}"'.encode())


def article(ask: Ask) -> Answer:
    return _html(
        ask, "<html><body><article><p>The whole text of the article, at some length.</p></article></body></html>"
    )


def robots(ask: Ask) -> Answer:
    return found(ask, b"User-agent: *\nDisallow: /private/\n", etag=b'"robots"', more=(("Content-Type", "text/plain"),))


def _html(ask: Ask, text: str, *, etag: bytes = b'"page"') -> Answer:
    answer = found(ask, text.encode(), etag=etag)
    kept = [(key, value) for key, value in answer.headers if key != "Content-Type"]
    return replace(answer, headers=[*kept, ("Content-Type", "text/html; charset=utf-8")])


HUB = ("Link", '<https://hub.example.org/>; rel="hub"')
COOKIES = (("Set-Cookie", "session=0123456789; Path=/"), ("Set-Cookie", "seen=yes; Max-Age=31536000"))
FOREVER = (("Cache-Control", "max-age=31536000"),)


def resources() -> tuple[Resource, ...]:
    """Return the whole world; those that a reader's owner writes are sources."""
    return (*_documents(), *_moved(), *_failing(), *_crowd(), *_site())


def _documents() -> tuple[Resource, ...]:
    return (
        Resource(name="steady", says=steady("steady")),
        Resource(name="weak", says=listed("weak", tuple(b'W/"weak %d"' % number for number in range(5)), of="etag")),
        Resource(name="odd-etag", says=listed("odd-etag", ODD_ETAGS, of="etag")),
        Resource(name="odd-date", says=listed("odd-date", ODD_DATES, of="date")),
        Resource(name="rotating", says=rotating),
        Resource(name="renewing", says=renewing),
        Resource(name="vanishing", says=vanishing),
        Resource(name="bare", says=lambda ask: found(ask, rss("bare", int(ask.day) // 4))),
        Resource(name="fresh", says=fresh("fresh", on_200=_max_age(4), on_304=_max_age(4))),
        Resource(name="fresh-304", says=fresh("fresh-304", on_304=_max_age(11))),
        Resource(name="expires", says=expiring),
        Resource(name="forever", says=steady("forever", more=FOREVER)),
        Resource(name="packed", says=packed),
        Resource(name="broken", says=broken, is_broken=is_broken_now),
        Resource(name="cookies", says=steady("cookies", more=COOKIES)),
        Resource(name="hub", says=steady("hub", more=(HUB,))),
        Resource(name="twins", says=steady("twins"), path="/feed.xml?a=1&b", twice=True),
        Resource(name="page", says=page, role="page", path="/", place="page"),
        Resource(name="page-feed", says=steady("page-feed"), place="page", is_source=False),
    )


def _moved() -> tuple[Resource, ...]:
    def target(name: str) -> Resource:
        return Resource(name=name, says=steady(name), role="moved", path="/new.xml", is_source=False)

    return (
        Resource(name="moved-301", says=redirect("new-301", 301)),
        Resource(name="moved-308", says=redirect("new-308", 308)),
        Resource(name="lent-302", says=redirect("new-302", 302)),
        Resource(name="lent-307", says=redirect("new-307", 307)),
        Resource(name="captive", says=redirect("portal", 301, since=3.0, until=3.6)),
        Resource(name="turning", says=turning),
        *(target(name) for name in ("new-301", "new-308", "new-302", "new-307", "turned-one", "turned-two")),
        Resource(
            name="portal",
            says=lambda ask: _html(ask, "<html>Log in</html>"),
            role="moved",
            is_source=False,
            is_broken=lambda ask: True,
        ),
        Resource(name="baited", says=redirect("inside", 302)),
        Resource(name="inside", says=steady("inside"), role="trap", path="/admin", is_source=False),
    )


def _failing() -> tuple[Resource, ...]:
    def until_end(name: str, status: int, since: float) -> Resource:
        return Resource(name=name, says=limited(name, status, since=since, until=1e9, wait=unsaid))

    def waiting(name: str, status: int, wait: Callable[[Ask], tuple[Header, ...]]) -> Resource:
        return Resource(name=name, says=limited(name, status, since=2.0, until=2.6, wait=wait), place=f"at-{name}")

    def tired(name: str) -> Resource:
        says = limited(name, 429, since=3.0, until=6.0, wait=unsaid)
        return Resource(name=name, says=says, place="tired", path=f"/{name}.xml")

    return (
        waiting("limited-seconds", 429, in_seconds),
        Resource(name="limited-sibling", says=steady("limited-sibling"), place="at-limited-seconds", path="/other.xml"),
        waiting("limited-date", 429, as_date),
        waiting("busy-seconds", 503, in_seconds),
        waiting("busy-date", 503, as_date),
        *(tired(f"tired-{letter}") for letter in "abc"),
        Resource(name="forbidden", says=limited("forbidden", 403, since=3.0, until=6.0, wait=unsaid)),
        until_end("gone", 410, 2.0),
        until_end("missing", 404, 2.0),
        Resource(name="failing", says=limited("failing", 500, since=0.0, until=5.0, wait=unsaid)),
        Resource(name="silent", says=silent),
    )


def _crowd() -> tuple[Resource, ...]:
    def distant(name: str) -> Says:
        return lambda ask: replace(steady(name)(ask), hold=DISTANCE_S)

    names = [f"crowd-{number:02}" for number in range(CROWD)]
    street = [f"street-{number}" for number in range(STREET)]
    return (
        *(Resource(name=name, says=distant(name)) for name in names),
        *(Resource(name=name, says=steady(name), place="street", path=f"/{name}.xml") for name in street),
    )


def _site() -> tuple[Resource, ...]:
    """A site without a feed: a list, its articles, robots.txt and an icon, on one host."""
    on = {"place": "site", "is_source": False}
    return (
        Resource(name="list", says=front, path="/list.html", place="site"),
        *(
            Resource(name=f"article-{number}", says=article, role="article", path=f"/articles/{number}.html", **on)
            for number in range(1, ARTICLES + 2)
        ),
        Resource(name="forbidden-article", says=article, role="article", path="/private/0.html", **on),
        Resource(name="robots", says=robots, role="robots", path="/robots.txt", **on),
        Resource(name="icon", says=icon, role="icon", path="/favicon.ico", **on),
    )


def _max_age(hours: int) -> tuple[Header, ...]:
    return (("Cache-Control", f"max-age={hours * 3600}"),)
