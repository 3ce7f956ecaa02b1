"""Every verdict fails who behaves badly in its way, passes who does not, and says when it cannot tell."""

from datetime import datetime, timedelta

import pytest

from tests.score.log import Event, Exchange, Headers, Role, Run
from tests.score.verdicts import STATEMENTS, Verdict
from tests.score.world import START, stamp

HOUR = 1.0
DAY = 24.0
AGENT = "reader/1.0 (+https://reader.example/)"


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def asked(
    hours: float,
    *,
    url: str = "a.example/feed.xml",
    status: int = 200,
    sent: dict[str, str] | None = None,
    told: dict[str, str] | None = None,
    name: str | None = None,
    role: Role = "feed",
    is_broken: bool = False,
    is_lost: bool = False,
    busy: int = 1,
) -> Exchange:
    """Return a request of a well-behaved reader, that many hours after the start. sent, told: further headers."""
    host, _, target = url.partition("/")
    own = {"User-Agent": AGENT, "Accept-Encoding": "gzip", "Accept": "application/rss+xml"}
    return Exchange(
        at=at(hours),
        host=host,
        target=f"/{target}",
        headers=_headers(own | (sent or {})),
        status=status,
        answered=_headers(told or {}),
        name=host.removesuffix(".example") if name is None else name,
        role=role,
        is_broken=is_broken,
        is_lost=is_lost,
        busy=busy,
    )


def _headers(named: dict[str, str]) -> Headers:
    return tuple((name.encode(), value.encode()) for name, value in named.items() if value)


def judged(number: int, *exchanges: Exchange, ends: float | None = None, **about: object) -> Verdict:
    """Return the verdict of a statement. ends: hours after the start; None: with the last request."""
    statement = STATEMENTS[number - 1]
    last = exchanges[-1].at if exchanges else START
    return statement.judge(Run(exchanges=exchanges, ends=last if ends is None else at(ends), **about))  # type: ignore[arg-type]


def first(**told: str) -> Exchange:
    """The first answer of a feed, with these headers."""
    return asked(0, told={name.replace("_", "-"): value for name, value in told.items()})


BOTH = {"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 00:00:00 GMT"}
KNOWS_BOTH = {"If-None-Match": '"1"', "If-Modified-Since": "Mon, 02 Mar 2026 00:00:00 GMT"}
MOVED = {"Location": "http://new-301.example:80/new.xml"}
MOVED_308 = {"Location": "http://new-308.example:80/new.xml"}


def failing(*hours: float, status: int = 500, told: dict[str, str] | None = None, url: str = "a.example/feed.xml"):
    return tuple(asked(hour, status=status, told=told, url=url) for hour in hours)


def moving(*hours: float, direct: tuple[float, ...] = ()) -> tuple[Exchange, ...]:
    """Permanent redirects followed at some hours; their targets asked directly at others."""
    found = []
    for code, to in ((301, MOVED), (308, MOVED_308)):
        for hour in hours:
            found.append(asked(hour, url=f"moved-{code}.example/feed.xml", status=code, told=to))
            found.append(asked(hour, url=f"new-{code}.example/new.xml", role="moved"))
        found += [asked(hour, url=f"new-{code}.example/new.xml", role="moved") for hour in direct]
    return tuple(sorted(found, key=lambda one: one.at))


def crowd(*hours: float) -> tuple[Exchange, ...]:
    """Feeds that came together, and when each comes again."""
    urls = [f"crowd-{number}.example/feed.xml" for number in range(len(hours))]
    again = [asked(hour, url=url) for url, hour in zip(urls, hours, strict=True)]
    return (*(asked(0, url=url) for url in urls), *sorted(again, key=lambda one: one.at))


def on_street(gap_s: float, *, busy: int = 1) -> tuple[Exchange, ...]:
    return tuple(asked(n * gap_s / 3600, url=f"street.example/{n}.xml", busy=busy) for n in range(5))


RETRY = {"Retry-After": "7200"}
SLOW_CLOCK = {"Date": stamp(at(-3)).decode(), "Retry-After": stamp(at(-1)).decode()}  # two hours, by a slow clock

BAD: dict[str, tuple[int, tuple[Exchange, ...], dict[str, object]]] = {
    "asks again without validators": (1, (first(ETag='"1"'), asked(1)), {}),
    "asks again without validators though there is only a date": (
        1,
        (first(Last_Modified="Mon, 02 Mar 2026 00:00:00 GMT"), asked(1)),
        {},
    ),
    "makes a date of its own": (
        2,
        (
            first(**{"Last-Modified": "2026-03-02"}),
            asked(1, sent={"If-Modified-Since": "Mon, 02 Mar 2026 00:00:00 GMT"}),
        ),
        {},
    ),
    "has no dates": (2, (asked(0, told=BOTH), asked(1, sent={"If-None-Match": '"1"'})), {}),
    "takes the quotes off": (3, (first(ETag='"1"'), asked(1, sent={"If-None-Match": "1"})), {}),
    "sends the ETag alone": (3, (asked(0, told=BOTH), asked(1, sent={"If-None-Match": '"1"'})), {}),
    "has no ETags": (3, (asked(0, told=BOTH), asked(1, sent={"If-Modified-Since": BOTH["Last-Modified"]})), {}),
    "keeps the ETag of before where the body is the same": (
        4,
        (
            first(ETag='"1"'),
            asked(1, sent={"If-None-Match": '"1"'}, told={"ETag": '"2"'}),
            asked(2, sent={"If-None-Match": '"1"'}),
        ),
        {},
    ),
    "keeps the ETag of before a 304": (
        4,
        (
            first(ETag='"1"'),
            asked(1, sent={"If-None-Match": '"1"'}, status=304, told={"ETag": '"2"'}),
            asked(2, sent={"If-None-Match": '"1"'}),
        ),
        {},
    ),
    "sends an ETag that vanished": (
        5,
        (first(ETag='"1"'), asked(1, sent={"If-None-Match": '"1"'}), asked(2, sent={"If-None-Match": '"1"'})),
        {},
    ),
    "sends the validators of another URL": (
        5,
        (
            asked(0, url="b.example/one.xml", told={"ETag": '"b"'}),
            asked(1, url="b.example/two.xml", sent={"If-None-Match": '"b"'}),
        ),
        {},
    ),
    "keeps the ETag of a page of regret": (
        6,
        (
            first(ETag='"1"'),
            asked(1, sent={"If-None-Match": '"1"'}, told={"ETag": '"2"'}, is_broken=True),
            asked(2, sent={"If-None-Match": '"2"'}),
        ),
        {},
    ),
    "asks every half hour": (7, (asked(0, told=BOTH), asked(0.5, sent=KNOWS_BOTH)), {}),
    "asks every hour where there is no validator": (7, (asked(0), asked(1)), {}),
    "asks at once after a restart": (
        8,
        (asked(0, told=BOTH), asked(0.3, sent=KNOWS_BOTH)),
        {"events": (Event(at=at(0.2), kind="restart"),)},
    ),
    "forgets what is fresh over a restart": (
        8,
        (asked(0, told=BOTH | {"Cache-Control": "max-age=14400"}), asked(2, sent=KNOWS_BOTH)),
        {"events": (Event(at=at(1.5), kind="restart"),)},
    ),
    "asks again over a crash": (
        8,
        (asked(0, is_lost=True), asked(0.001)),
        {"events": (Event(at=at(0), kind="crash"),)},
    ),
    "does not believe max-age": (9, (asked(0, told=BOTH | {"Cache-Control": "max-age=7200"}), asked(1)), {}),
    "does not believe max-age of a 304": (
        9,
        (asked(0, told=BOTH), asked(1, status=304, told={"Cache-Control": "max-age=7200"}), asked(2)),
        {},
    ),
    "does not believe Expires": (
        9,
        (asked(0, told={"Date": stamp(at(0)).decode(), "Expires": stamp(at(5)).decode()}), asked(2)),
        {},
    ),
    "believes a year": (9, (first(Cache_Control="max-age=31536000"),), {"ends": 24 * 60}),
    "comes before the seconds are over": (10, (asked(0, status=429, told=RETRY), asked(1)), {}),
    "comes before the date, by a slow clock": (10, (asked(0, status=503, told=SLOW_CLOCK), asked(1)), {}),
    "asks the host for something else meanwhile": (
        10,
        (asked(0, status=429, told=RETRY), asked(1, url="a.example/other.xml")),
        {"scope": "host"},
    ),
    "comes back every hour after 403": (11, failing(0, 1, 2, 3, status=403), {}),
    "comes back within minutes after 429": (11, failing(0, 0.2, status=429), {}),
    "comes back with all feeds of a host at once": (
        11,
        (
            *failing(0, status=429, url="h.example/1.xml"),
            *failing(0.01, status=429, url="h.example/2.xml"),
            *failing(4, status=429, url="h.example/1.xml"),
            *failing(4.001, status=429, url="h.example/2.xml"),
        ),
        {},
    ),
    "asks to see whether it is a feed, and again to read it": (12, (asked(0), asked(0.0003)), {}),
    "asks for two sources with one URL minutes apart": (12, (asked(0, name="twins"), asked(0.2, name="twins")), {}),
    "brings cookies back": (13, (asked(0, sent={"Cookie": "session=1"}),), {}),
    "says where it comes from": (13, (asked(0, sent={"Referer": "https://reader.example/"}),), {}),
    "wants no copy": (13, (asked(0, sent={"Cache-Control": "no-cache"}),), {}),
    "wants no copy, as of old": (13, (asked(0, sent={"Pragma": "no-cache"}),), {}),
    "is a browser": (13, (asked(0, sent={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}),), {}),
    "adds a parameter": (13, (asked(0), asked(1, url="a.example/feed.xml?t=1", name="", role="other")), {}),
    "does not say who it is": (14, (asked(0, sent={"User-Agent": ""}),), {}),
    "gives no contact": (14, (asked(0, sent={"User-Agent": "reader/1.0"}),), {}),
    "takes nothing packed": (14, (asked(0, sent={"Accept-Encoding": "identity"}),), {}),
    "takes anything": (14, (asked(0, sent={"Accept": "*/*"}),), {}),
    "is led to a private address": (15, (*moving(0), asked(1, url="inside.example/admin", role="trap")), {}),
    "believes a redirect at once": (15, moving(0, direct=(1,)), {}),
    "never believes a redirect": (15, moving(0, 24, 48, 72, 96, 120, 150), {}),
    "does not follow": (15, tuple(one for one in moving(0, 24) if one.is_redirect), {}),
    "remembers a temporary redirect": (
        15,
        (
            *moving(0, direct=(72, 96)),
            asked(100, url="new-302.example/new.xml", role="moved"),
        ),
        {},
    ),
    "goes to the portal for ever": (
        15,
        (
            *moving(0, direct=(72,)),
            asked(80, url="captive.example/feed.xml", status=301, told={"Location": "http://portal.example:80/"}),
            asked(81, url="portal.example/", role="moved"),
        ),
        {},
    ),
    "tells nobody of a move": (15, moving(0, 24, direct=(72,)), {"told": {"moved-301": "ok", "moved-308": "ok"}}),
    "goes on after 410": (16, (asked(0, status=410), asked(24)), {}),
    "asks a failing server every hour": (16, failing(0, 1, 2, 3, 4), {}),
    "asks a failing server again at once": (16, failing(0, 0.1), {}),
    "gives up": (16, failing(0, 1, 3, 7), {"ends": 24 * 9}),
    "waits a month": (16, failing(0, 1, 3, 24 * 31), {}),
    "tells nobody that a feed is gone": (16, (asked(0, status=410, name="gone"),), {"told": {"gone": "ok"}}),
    "fetches the icon every day": (
        17,
        tuple(asked(day * DAY, url="a.example/favicon.ico", role="icon") for day in range(2)),
        {},
    ),
    "fetches a page again": (17, tuple(asked(hour, url="a.example/1.html", role="article") for hour in (0, 9)), {}),
    "comes with many connections": (17, on_street(2, busy=9), {}),
    "does not pause": (17, on_street(0.01), {}),
    "starts all at once": (18, crowd(*(1 + n / 360_000 for n in range(10))), {}),
}

GOOD: dict[str, tuple[int, tuple[Exchange, ...], dict[str, object]]] = {
    "asks with what it knows": (1, (asked(0, told=BOTH), asked(1, sent=KNOWS_BOTH)), {}),
    "has nothing to ask with": (1, (asked(0), asked(24)), {}),
    "was killed over the first answer": (1, (asked(0, told=BOTH, is_lost=True), asked(1)), {}),
    "sends the date as it came": (2, (asked(0, told=BOTH), asked(1, sent=KNOWS_BOTH)), {}),
    "sends the ETag as it came": (3, (asked(0, told=BOTH), asked(1, sent=KNOWS_BOTH)), {}),
    "takes the new ETag": (
        4,
        (
            first(ETag='"1"'),
            asked(1, sent={"If-None-Match": '"1"'}, status=304, told={"ETag": '"2"'}),
            asked(2, sent={"If-None-Match": '"2"'}),
        ),
        {},
    ),
    "keeps what a 304 does not bear": (
        4,
        (
            first(ETag='"1"'),
            asked(1, sent={"If-None-Match": '"1"'}, status=304),
            asked(2, sent={"If-None-Match": '"1"'}),
        ),
        {},
    ),
    "lets a vanished ETag go": (
        5,
        (first(ETag='"1"'), asked(1, sent={"If-None-Match": '"1"'}), asked(25)),
        {},
    ),
    "goes back to what it knew before": (
        6,
        (
            first(ETag='"1"'),
            asked(1, sent={"If-None-Match": '"1"'}, told={"ETag": '"2"'}, is_broken=True),
            asked(2, sent={"If-None-Match": '"1"'}),
        ),
        {},
    ),
    "asks hourly, or daily where there is no validator": (
        7,
        (asked(0, told=BOTH), asked(1, sent=KNOWS_BOTH), asked(2, url="b.example/"), asked(26, url="b.example/")),
        {},
    ),
    "keeps its time over a restart": (
        8,
        (asked(0, told=BOTH), asked(1, sent=KNOWS_BOTH)),
        {"events": (Event(at=at(0.5), kind="restart"),)},
    ),
    "waits until it is stale": (9, (first(Cache_Control="max-age=7200"), asked(2.1)), {}),
    "waits as long as it is told": (10, (asked(0, status=429, told=RETRY), asked(2.1)), {}),
    "asks elsewhere on a host of one's own": (
        10,
        (asked(0, status=429, told=RETRY), asked(1, url="a.example/other.xml")),
        {"scope": "url"},
    ),
    "backs off": (11, failing(0, 1, 3, 7, 15, 27, 39, status=403), {}),
    "asks once": (12, (asked(0), asked(1), asked(0, url="b.example/")), {}),
    "is plain": (13, (asked(0, url="a.example/feed.xml?a=1"), asked(1, url="a.example/feed.xml?a=1")), {}),
    "says who it is": (14, (asked(0),), {}),
    "follows after days": (15, moving(0, 24, 48, direct=(72, 96, 150)), {}),
    "tells of a move": (
        15,
        moving(0, 24, direct=(72,)),
        {"told": {"moved-301": "to http://new-301.example", "moved-308": "to http://new-308.example"}},
    ),
    "tires, and asks for ever": (16, (*failing(0, 1, 3, 7, 15, 27, 39, 51), asked(60, url="g/", status=410)), {}),
    "comes gently": (17, (*on_street(1), asked(2, url="a.example/favicon.ico", role="icon")), {}),
    "comes spread": (18, crowd(*(1 + n / 100 for n in range(10))), {}),
}

NOTHING_TO_JUDGE = {
    4: "it sends no validators",
    6: "it sends no validators",
    8: "nothing befell it",
    9: "no answer said how long it holds",
    10: "no answer asked to wait",
    11: "no answer forbade it without saying how long",
    15: "it met no permanent redirect",
    16: "it met no failure",
    18: "too few were polled again",
}


@pytest.mark.parametrize("who", BAD)
def test_reader_is_failed_that(who: str):
    number, exchanges, about = BAD[who]

    verdict = judged(number, *exchanges, **about)

    assert verdict.outcome == "failed"
    assert verdict.reason


@pytest.mark.parametrize("who", GOOD)
def test_reader_is_passed_that(who: str):
    number, exchanges, about = GOOD[who]

    assert judged(number, *exchanges, **about).outcome == "passed"


@pytest.mark.parametrize("number", range(1, 19))
def test_every_statement_can_be_failed_and_passed(number: int):
    assert any(number == one for one, _, _ in BAD.values())
    assert any(number == one for one, _, _ in GOOD.values())


@pytest.mark.parametrize("number", NOTHING_TO_JUDGE)
def test_what_a_reader_never_met_is_neither_passed_nor_failed(number: int):
    verdict = judged(number, asked(0))

    assert verdict == Verdict(outcome="none", reason=NOTHING_TO_JUDGE[number])


def test_reader_that_only_polls_when_called_has_no_restart_to_be_judged_by():
    events = (Event(at=at(0.2), kind="restart"),)

    assert judged(8, asked(0), asked(0.3), events=events, is_scheduled=False).outcome == "none"
