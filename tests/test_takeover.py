"""Whatever a hostile source claims, its text never stands under another's id, and the other's article is not lost.

Each claim is made before and after the victim is read, as a real document, through a whole refresh.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from aggregator import publish
from aggregator.model import Content, Entry
from tests.fakes import World, item, rss

VICTIM, EVIL, THIRD = "https://victim.example/feed", "https://evil.example/feed", "https://planet.example/feed"
URL = "https://victim.example/news/1"
NEXT = "https://victim.example/news/2"
TAG = "tag:victim.example,2026:1"
TITLE = "The harbour is open again"
TEXT = "<p>" + " ".join(f"Sentence {n} of what the harbour master said." for n in range(12)) + "</p>"
WORDS = "harbour master"
NEXT_TEXT = "<p>" + " ".join(f"The mayor spoke for hours, and this is line {n} of it." for n in range(12)) + "</p>"
NEXT_WORDS = "mayor spoke"
LURE = "<p>Buy cheap watches.</p>"
BUY = "Buy cheap watches now"
MARKS = ("watches", "evil.mp3", "Mallory")


def link(url: str) -> str:
    return f'<p><a href="{url}">{url}</a></p>'


def evil_rss(title: str | None = BUY, url: str | None = "https://evil.example/1", **more: str | None) -> str:
    """Return a feed with one hostile item: author and enclosure included."""
    more = {"text": LURE, "author": "mallory@evil.example (Mallory)", **more}
    enclosure = '<enclosure url="https://evil.example/evil.mp3" length="1" type="audio/mpeg"/></item>'
    return rss(item(title, url, **more).replace("</item>", enclosure), link="https://evil.example/")


def evil_channel(channel_link: str, **more: str | None) -> str:
    return evil_rss(**more).replace("<link>https://evil.example/</link>", f"<link>{channel_link}</link>", 1)


def atom(entry: str, head: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Evil</title>'
        f"<id>https://evil.example/feed</id><updated>2026-03-02T07:00:00Z</updated>{head}"
        f"<entry><title>{BUY}</title><updated>2026-03-02T07:00:00Z</updated><author><name>Mallory</name></author>"
        f'<content type="html">{escape(LURE)}</content>{entry}</entry></feed>'
    )


def json_feed(**more: object) -> str:
    entry = {"id": "e1", "title": BUY, "content_html": LURE, "authors": [{"name": "Mallory"}], **more}
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Evil", "items": [entry]})


# The claims on an address or id of the victim's. Each is a whole document.
CLAIMS: dict[str, str] = {
    "guid": evil_rss(guid=TAG),
    "guid, same title": evil_rss(TITLE, guid=TAG),
    "guid that is a permalink": rss(f"<item><title>{BUY}</title><guid>{URL}</guid><description>x</description></item>"),
    "atom id": atom(f'<id>{TAG}</id><link href="https://evil.example/1"/>'),
    "json id": json_feed(id=TAG, url="https://evil.example/1"),
    "link": evil_rss(url=URL),
    "link, same title": evil_rss(TITLE, URL),
    "link and guid": evil_rss(url=URL, guid=TAG),
    "link and guid, same title": evil_rss(TITLE, URL, guid=TAG),
    "link without a text": evil_rss(url=URL, text=None),
    "link with an empty text": evil_rss(url=URL, text="<p> </p>"),
    "link with a long text": evil_rss(url=URL, text=LURE * 30),
    "link without a title": evil_rss(None, URL),
    "link over http": evil_rss(url=URL.replace("https", "http")),
    "link with www": evil_rss(url=URL.replace("victim", "www.victim")),
    "link with its port": evil_rss(url=URL.replace("victim.example", "VICTIM.example:443")),
    "link percent-encoded": evil_rss(url=URL.replace("news", "%6eews")),
    "link with dots": evil_rss(url=URL.replace("news", "x/../news")),
    "link with a fragment": evil_rss(url=URL + "#top"),
    "link with tracking": evil_rss(url=URL + "?utm_source=evil"),
    "link with a trailing slash": evil_rss(url=URL + "/"),
    "link with a user": evil_rss(url=URL.replace("//", "//victim.example@")),
    "user that looks like the victim": evil_rss(url="https://victim.example@evil.example/news/1"),
    "backslashes": evil_rss(url="https://victim.example\\@evil.example/news/1"),
    "closing link": evil_rss(text=LURE + link(URL)),
    "closing link, same title": evil_rss(TITLE, text=LURE + link(URL)),
    "closing link over http": evil_rss(TITLE, text=LURE + link(URL.replace("https", "http"))),
    "alternate link": atom(f'<id>urn:x:1</id><link rel="alternate" href="{URL}"/>'),
    "canonical link": atom(f'<id>urn:x:1</id><link href="https://evil.example/"/><link rel="canonical" href="{URL}"/>'),
    "via and related links": atom(f'<id>urn:x:1</id><link rel="via" href="{URL}"/><link rel="related" href="{URL}"/>'),
    "self link": atom(f'<id>urn:x:1</id><link href="https://evil.example/1"/><link rel="self" href="{URL}"/>'),
    "xml:base": atom('<id>urn:x:1</id><link href="/news/1" xml:base="https://victim.example/"/>'),
    "json url and external url": json_feed(url="https://evil.example/1", external_url=URL),
    "json external url only": json_feed(external_url=URL),
    "atom source": atom(
        f'<id>{TAG}</id><link href="https://evil.example/1"/><source><id>{VICTIM}</id><title>Victim</title>'
        f'<link rel="self" href="{VICTIM}"/><link href="https://victim.example/"/></source>'
    ),
    "rss source": evil_rss(guid=TAG).replace("</item>", f'<source url="{VICTIM}">Victim</source></item>'),
    "channel link": evil_channel("https://victim.example/", guid=TAG),
    "channel link and a relative address": evil_channel("https://victim.example/", url="/news/1"),
    "feed id": atom(f'<id>{TAG}</id><link href="{URL}"/>', head=f'<link rel="self" href="{VICTIM}"/>'),
    "home page": evil_rss(url="https://victim.example/", guid=TAG),
    "priority": evil_rss(TITLE, URL, priority="999999", guid=TAG),
    "long ago": evil_rss(TITLE, URL, guid=TAG, pubDate="Thu, 01 Jan 1970 00:00:00 GMT"),
    "far ahead": evil_rss(TITLE, URL, guid=TAG, pubDate="Fri, 31 Dec 2100 00:00:00 GMT"),
    "same title and date": evil_rss(TITLE, pubDate="Mon, 02 Mar 2026 07:00:00 GMT"),
    "all of it, and the next article's names": evil_rss(TITLE, URL, guid=NEXT, text=LURE + link(NEXT)),
    "the next article's guid and this one's address": evil_rss(TITLE, URL, guid="tag:victim.example,2026:2"),
    "the next article's address and this one's guid": evil_rss(TITLE, NEXT, guid=TAG),
}  # fmt: skip

# What the victim's own ids may be: those that name its host, those that do not, none.
VICTIMS = {"names its host": TAG, "names nobody": "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"}


def victim_rss(guid: str | None = TAG, url: str = URL, *more: str) -> str:
    one = item(TITLE, url, text=TEXT, guid=guid, author="h@victim.example (Harbour desk)")
    return rss(one, *more, title="Victim", link="https://victim.example/")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, config()) as made:
        yield made


def config(head: str = "") -> str:
    return f"""
{head}
sources:
  - {{name: victim, url: "{VICTIM}"}}
  - {{name: evil, url: "{EVIL}"}}
  - {{name: planet, url: "{THIRD}"}}
"""


def say(world: World, name: str, document: str) -> None:
    address = {"victim": VICTIM, "evil": EVIL, "planet": THIRD}[name]
    world.site.put(address, document)
    world.clock.turn(hours=1)
    world.refresh(name)


def is_hostile(content: Content) -> bool:
    told = repr((content.title, content.html, content.summary, content.authors, content.enclosures, content.image))
    return any(mark in told for mark in MARKS)


def victims(world: World, words: str = WORDS) -> list[Entry]:
    """Return the entries that speak the victim's text."""
    return [entry for entry in world.full() if words in (entry.content.html or "")]


def assert_unharmed(world: World, words: str = WORDS) -> Entry:
    """The victim's article stands, once, under its own words alone; return it."""
    (entry,) = victims(world, words)
    assert not is_hostile(entry.content)
    return entry


@pytest.mark.parametrize("guid", VICTIMS.values(), ids=VICTIMS)
@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_on_what_is_known_changes_nothing_of_it(world: World, claim: str, guid: str) -> None:
    say(world, "victim", victim_rss(guid))
    before = assert_unharmed(world)

    say(world, "evil", claim.replace(TAG, guid))

    after = assert_unharmed(world)
    assert (after.id, after.content) == (before.id, before.content)
    say(
        world,
        "victim",
        victim_rss(guid, URL, item("The next one", NEXT, text=NEXT_TEXT, guid="tag:victim.example,2026:2")),
    )
    assert assert_unharmed(world).id == before.id
    assert_unharmed(world, NEXT_WORDS)


@pytest.mark.parametrize("guid", VICTIMS.values(), ids=VICTIMS)
@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_made_before_the_victim_came_is_over_when_it_comes(world: World, claim: str, guid: str) -> None:
    say(world, "evil", claim.replace(TAG, guid))

    say(world, "victim", victim_rss(guid))

    before = assert_unharmed(world)
    say(world, "evil", claim.replace(TAG, guid).replace("cheap", "very cheap"))
    assert assert_unharmed(world).id == before.id
    say(
        world,
        "victim",
        victim_rss(guid, URL, item("The next one", NEXT, text=NEXT_TEXT, guid="tag:victim.example,2026:2")),
    )
    assert_unharmed(world)
    assert_unharmed(world, NEXT_WORDS)


# --- claims that take more than one document -----------------------------------------------------


def test_an_id_that_the_victim_would_be_given_can_be_taken_but_not_shared(world: World) -> None:
    say(world, "victim", victim_rss(None))
    (would_be,) = (entry.id for entry in world.entries)
    other = World(world.folder / "other", config(), site=world.site)
    say(other, "evil", evil_rss(guid=would_be))

    say(other, "victim", victim_rss(None))

    assert assert_unharmed(other).id != would_be
    other.store.close()


def test_no_third_document_makes_two_articles_of_a_site_one(world: World) -> None:
    short = ["<p>The ferry sails at nine from the old pier.</p>", "<p>Nobody was hurt in the fire at the mill.</p>"]
    two = [item("Ferry", URL, text=short[0]), item("Fire", NEXT, text=short[1])]
    say(world, "victim", rss(*two))
    before = {entry.title: entry.id for entry in world.entries}

    say(world, "evil", evil_rss("Fire", URL, text=short[0] + short[1] + link(NEXT)))
    say(world, "evil", evil_rss("Ferry", NEXT, text=short[0] + short[1] + link(URL), guid="again"))

    assert {entry.title: entry.id for entry in world.entries if entry.title in before} == before


def test_a_copy_that_moves_to_an_article_and_away_again_leaves_it_as_it_was(world: World) -> None:
    say(world, "evil", evil_rss(guid="e1"))
    say(world, "victim", victim_rss())
    say(world, "evil", evil_rss(url=URL, guid="e1"))
    assert_unharmed(world)

    say(world, "evil", evil_rss(guid="e1"))
    assert_unharmed(world)
    assert len(world.entries) == 2

    say(world, "victim", victim_rss().replace("Sentence 0", "Corrected: sentence 0"))
    assert "Corrected" in (assert_unharmed(world).content.html or "")


def test_what_was_taken_down_takes_nothing_of_others_with_it(world: World) -> None:
    say(world, "evil", evil_rss(guid="https://evil.example/1"))
    world.store.take_down("https://evil.example/1", at=world.clock())

    for claim in (evil_rss(TITLE, URL, guid="https://evil.example/1"), evil_rss(guid=TAG, text=LURE + link(URL))):
        say(world, "evil", claim)
    say(world, "victim", victim_rss())

    assert_unharmed(world)


@pytest.mark.parametrize("claim", [evil_rss(guid=TAG), evil_rss(url=URL), evil_rss(TITLE, URL, guid=TAG)])
def test_nobody_takes_the_id_of_what_is_past_its_retention(tmp_path: Path, claim: str) -> None:
    with World(tmp_path, config("retention: 2d")) as world:
        say(world, "victim", victim_rss())
        before = assert_unharmed(world)
        say(world, "victim", rss(item("Else", "https://victim.example/else")))
        world.clock.turn(days=3)
        assert publish.prune(world.config, world.store, now=world.clock()) == 1

        say(world, "evil", claim)

        assert before.id not in [entry.id for entry in world.entries]
        say(world, "victim", victim_rss())
        assert assert_unharmed(world).id == before.id


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_page_that_calls_the_victims_address_its_own_speaks_for_itself_alone(tmp_path: Path, order: str) -> None:
    text = config().replace(f'url: "{EVIL}"}}', f'url: "{EVIL}", article: {{content: article}}}}')
    with World(tmp_path, text) as world:
        page = f'<html><head><link rel="canonical" href="{URL}"></head><body><article>{LURE}</article></body></html>'
        world.site.put("https://evil.example/1", page, headers={"content-type": "text/html"})
        says = [("evil", evil_rss(TITLE, text=None)), ("victim", victim_rss())]
        for name, document in says if order == "before" else reversed(says):
            say(world, name, document)

        assert "https://evil.example/1" in world.site.asked
        assert_unharmed(world)


# --- parameters: the operator's word -------------------------------------------------------------

BY_NAME = "https://victim.example/show?infoCode=NW1"
HOSTS = "identity: {parameters: [{name: infoCode, hosts: [victim.example]}]}"
ANYWHERE = "identity: {parameters: [infoCode]}"
PARAMETERS = {
    "in its address": evil_rss(url="https://evil.example/1?infoCode=NW1"),
    "in its address, twice": evil_rss(url="https://evil.example/1?infoCode=NW2&infoCode=NW1"),
    "in another letter case": evil_rss(url="https://evil.example/1?INFOCODE=NW1"),
    "percent-encoded": evil_rss(url="https://evil.example/1?info%43ode=%4eW1"),
    "in the address it ends with": evil_rss(TITLE, text=LURE + link(BY_NAME)),
    "in an element of that name": evil_rss(infoCode="NW1"),
    "in the guid": evil_rss(guid="infoCode=NW1"),
    "for a host that looks alike": evil_rss(url="https://victim.example.evil.example/?infoCode=NW1"),
    "for a host that ends alike": evil_rss(url="https://notvictim.example/?infoCode=NW1"),
    "for a user that looks alike": evil_rss(url="https://victim.example@evil.example/?infoCode=NW1"),
}


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("claim", PARAMETERS.values(), ids=PARAMETERS)
def test_a_parameter_of_the_victims_host_is_no_use_to_others(tmp_path: Path, claim: str, order: str) -> None:
    with World(tmp_path, config(HOSTS)) as world:
        says = [("evil", claim), ("victim", victim_rss(None, BY_NAME))]
        for name, document in says if order == "before" else reversed(says):
            say(world, name, document)

        assert_unharmed(world)


@pytest.mark.parametrize("claim", PARAMETERS.values(), ids=PARAMETERS)
def test_a_parameter_of_any_host_joins_but_does_not_speak(tmp_path: Path, claim: str) -> None:
    with World(tmp_path, config(ANYWHERE)) as world:
        say(world, "victim", victim_rss(None, BY_NAME))
        say(world, "evil", claim)

        (entry,) = victims(world)
        assert (entry.content.title, "watches" in (entry.content.html or "")) == (TITLE, False)
        assert entry.credit.name == "victim"


@pytest.mark.parametrize(
    "claim",
    [
        evil_rss(url="https://evil.example/1?infoCode=NW1&infoCode=NW2"),
        evil_rss(
            url="https://evil.example/1?infoCode=NW1", text=LURE + link("https://victim.example/show?infoCode=NW2")
        ),
        evil_rss(url="https://evil.example/1?infoCode=NW2", infoCode="NW1"),
    ],
)
def test_no_copy_that_bears_the_parameters_of_two_articles_makes_them_one(tmp_path: Path, claim: str) -> None:
    with World(tmp_path, config(ANYWHERE)) as world:
        two = item("The next one", BY_NAME.replace("NW1", "NW2"), text=NEXT_TEXT)
        say(world, "victim", victim_rss(None, BY_NAME, two))
        before = {entry.title: entry.id for entry in world.entries}

        for document in (claim, claim.replace("cheap", "very cheap")):
            say(world, "evil", document)
            say(world, "planet", document)

        after = {entry.title: entry.id for entry in world.entries}
        assert {title: after.get(title) for title in before} == before


# --- moves of a copy that is older than the article it moves to ----------------------------------


@pytest.mark.parametrize("how", ["address", "parameter", "own text and address"])
def test_who_was_first_with_something_else_takes_no_id_from_an_article(tmp_path: Path, how: str) -> None:
    mine, address = "https://evil.example/mine", BY_NAME if how == "parameter" else URL
    with World(tmp_path, config(ANYWHERE if how == "parameter" else "")) as world:
        say(world, "evil", evil_rss(guid=mine))
        say(world, "victim", victim_rss(TAG, address))
        before = assert_unharmed(world)

        moved = {
            "address": evil_rss(TITLE, URL, guid=mine, text=None),
            "parameter": evil_rss(TITLE, "https://evil.example/1?infoCode=NW1", guid=mine),
            "own text and address": evil_rss(TITLE, URL, guid=mine, text=TEXT),
        }[how]
        say(world, "evil", moved)

        (entry,) = victims(world)
        assert (entry.id, entry.content.title, entry.credit.name) == (before.id, TITLE, "victim")
        assert entry.content.published == before.content.published
        say(world, "victim", victim_rss(TAG, address).replace("Sentence 0", "Corrected: sentence 0"))
        (entry,) = victims(world)
        assert (entry.id, "Corrected" in (entry.content.html or "")) == (before.id, True)


# --- whose site it is ----------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize(
    ("home", "address"),
    [
        ("https://evil.github.io/feed", "https://victim.github.io/news/1"),
        ("https://github.io/feed", "https://victim.github.io/news/1"),
        ("https://evil.co.uk/feed", "https://victim.co.uk/news/1"),
        ("https://com.cn/feed", "https://victim.com.cn/news/1"),
        ("https://com/feed", "https://victim.com/news/1"),
        ("https://evil.blogspot.com/feed", "https://victim.blogspot.com/news/1"),
        ("https://notvictim.example/feed", "https://victim.example/news/1"),
        ("https://victim.example.evil.example/feed", "https://victim.example/news/1"),
    ],
)
def test_a_site_beside_or_above_the_victims_does_not_speak_for_it(
    tmp_path: Path, home: str, address: str, order: str
) -> None:
    theirs = address.rpartition("/news/")[0] + "/feed"
    text = f"sources: [{{name: evil, url: '{home}'}}, {{name: victim, url: '{theirs}'}}]"
    with World(tmp_path, text) as world:
        world.site.put(home, evil_rss(TITLE, address))
        world.site.put(theirs, victim_rss(None, address))

        for name in ("evil", "victim") if order == "before" else ("victim", "evil"):
            world.refresh(name)

        assert assert_unharmed(world).credit.name == "victim"


# --- what is left to it --------------------------------------------------------------------------


def test_a_source_that_vanishes_takes_only_its_own_along(world: World) -> None:
    say(world, "victim", victim_rss())
    before = assert_unharmed(world)
    joined = evil_rss(TITLE, URL, text=None)

    for document in (
        joined,
        joined.replace("<title>A feed", "<language>de</language><title>A feed"),
        rss(),
        evil_rss(),
    ):
        say(world, "evil", document)
        assert assert_unharmed(world).id == before.id
    world.site.fail(EVIL, 410)
    world.clock.turn(hours=1)
    world.refresh("evil")

    assert assert_unharmed(world).id == before.id


def test_many_comments_on_an_article_change_nothing_of_it_but_what_is_related(world: World) -> None:
    say(world, "victim", victim_rss())
    before = assert_unharmed(world)
    text = "<p>" + " ".join(f"My opinion number {n} on watches." for n in range(20)) + "</p>"

    spam = [item(f"Spam {n}", URL, text=text.replace("opinion", f"opinion{n}"), guid=f"s{n}") for n in range(30)]
    say(world, "evil", rss(*spam))

    after = assert_unharmed(world)
    assert (after.id, after.content) == (before.id, before.content)
