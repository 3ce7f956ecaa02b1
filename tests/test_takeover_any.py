"""One source of a world is hostile and claims whatever it likes: the entries of the others stay as they were."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fakes import World, item, rss
from tests.test_takeover import (
    BUY,
    EVIL,
    HOSTS,
    LURE,
    NEXT,
    NEXT_TEXT,
    TAG,
    TEXT,
    THIRD,
    TITLE,
    URL,
    VICTIM,
    config,
    link,
)

CODE = "https://victim.example/show?infoCode=NW1"
CODE_TEXT = "<p>" + " ".join(f"Line {n} of what the ferry company wrote." for n in range(12)) + "</p>"
WHEN = "Mon, 02 Mar 2026 07:00:00 GMT"
OWN = "https://evil.example/"
BARE = "https://victim.example/news/3"
HONEST = rss(
    item(
        TITLE,
        URL,
        text=TEXT,
        guid=TAG,
        author="h@victim.example (Harbour desk)",
        pubDate="Mon, 02 Mar 2026 07:00:00 GMT",
    ),
    item("The mayor", NEXT, text=NEXT_TEXT, guid="2"),
    # With an author: what an article lacks is taken from copies that bear its parameter, whoever wrote them
    item("The ferry", CODE, text=CODE_TEXT, author="f@victim.example (Ferry desk)"),
    item("A title alone", BARE, guid="urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"),
    title="Victim",
    link="https://victim.example/",
)
PLANET = rss(item(TITLE, URL, text=TEXT, guid=TAG), item("The mayor", NEXT, text=NEXT_TEXT, guid=NEXT))

ADDRESSES = st.sampled_from(
    [URL, NEXT, CODE, BARE, "https://evil.example/1", "https://evil.example/?infoCode=NW1", None]
)
GUIDS = st.sampled_from([TAG, "2", URL, NEXT, "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341", "mine", "yours", None])
TEXTS = st.sampled_from(
    [None, LURE, LURE * 30, TEXT, TEXT + LURE, NEXT_TEXT, CODE_TEXT, LURE + link(URL), TEXT + link(NEXT), link(CODE)]
)
DATES = st.sampled_from([None, "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 2100 00:00:00 GMT", "nonsense"])
ITEMS = st.builds(
    lambda title, url, guid, text, date, code: item(
        title, url, guid=guid, text=text, pubDate=date, infoCode=code, author="mallory@evil.example (Mallory)"
    ),
    st.sampled_from([TITLE, BUY, "The mayor", "The ferry", "A title alone", None]),
    ADDRESSES,
    GUIDS,
    TEXTS,
    DATES,
    st.sampled_from([None, "NW1", "NW2"]),
)
DOCUMENTS = st.lists(ITEMS, max_size=4).map(lambda items: rss(*items, link="https://evil.example/"))


def honest(world: World) -> dict[str, object]:
    """Return id -> what readers see, of the entries that the victim brought."""
    return {
        entry.id: (entry.content, entry.stands, entry.credit.name)
        for entry in world.full()
        if any(copy.source == "victim" for copy in entry.copies)
    }


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(documents=st.lists(DOCUMENTS, min_size=1, max_size=3), names_first=st.booleans())
def test_no_claims_of_a_hostile_source_change_what_the_victims_readers_see(
    documents: list[str], names_first: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, World(Path(folder), config(HOSTS)) as world:
        if names_first:  # something of its own, older than all it moves to
            world.site.put(EVIL, rss(item(BUY, "https://evil.example/1", guid="mine", text=LURE)))
            world.refresh("evil")
        world.site.put(VICTIM, HONEST)
        world.site.put(THIRD, PLANET)
        world.refresh("victim", "planet")
        world.publish()
        before = honest(world)
        assert len(before) == 4

        for document in documents:
            world.site.put(EVIL, document)
            world.clock.turn(hours=1)
            world.refresh()
            assert honest(world) == before
