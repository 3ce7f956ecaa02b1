"""The feeds of lists, as every store remembers them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Member, Poll, Source, SourceState
from aggregator.store import Store
from tests.fakes import NOW, World, item, rss, titles
from tests.store.worlds import DATABASES, storage

LIST = Source(name="blogs", url="https://lists.example/list.opml", kind="opml")
OTHER = Source(name="more", url="https://more.example/list.opml", kind="opml")
FEED = "https://a.example/feed"


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with storage(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store(address, now=NOW) as made:
        made.sync((LIST, OTHER), (), at=NOW)
        yield made


def member(name: str, **more: object) -> Member:
    return Member(name=name, url=f"https://{name}.example/feed", came_at=NOW, **more)  # type: ignore[arg-type]


def save(store: Store, source: Source, *members: Member) -> None:
    state = SourceState(name=source.name, kind="opml")
    store.save(Poll(source=source, at=NOW, state=state, members=members))


def test_members_come_back_as_they_were_and_in_their_order(store: Store) -> None:
    given = (
        member("b", title="乙", folders=("科技", "Tech/Python")),
        member("a", is_missing=True),
        member("c", left_at=NOW + timedelta(hours=1)),
    )
    save(store, LIST, *given)
    save(store, OTHER, member("a"))

    assert store.members("blogs") == given
    assert store.all_members() == {"blogs": given, "more": (member("a"),)}
    assert store.names_of_kind("opml") == {"blogs", "more"}


def test_a_poll_that_says_nothing_of_members_leaves_them_and_another_takes_their_place(store: Store) -> None:
    save(store, LIST, member("a"), member("b"))
    store.save(Poll(source=LIST, at=NOW, state=SourceState(name="blogs", kind="opml")))
    assert len(store.members("blogs")) == 2

    save(store, LIST, member("b"))
    assert store.members("blogs") == (member("b"),)

    save(store, LIST)
    assert store.members("blogs") == ()


def test_members_outlast_a_list_that_feeds_yaml_no_longer_has_and_follow_it_over_a_rename(store: Store) -> None:
    save(store, LIST, member("a"))

    store.sync((), (), at=NOW)
    assert store.members("blogs") == (member("a"),)

    store.sync((Source(name="reading", url=LIST.url, aliases=("blogs",)),), (), at=NOW)
    assert store.members("reading") == (member("a"),)


def test_a_list_is_followed_on_every_store(address: str, tmp_path: Path) -> None:
    text = f"sources: [{{name: blogs, url: '{LIST.url}', category: blogs}}]"
    with World(tmp_path / "world", text, storage=address) as world:
        outline = f'<outline text="Tech"><outline text="A" type="rss" xmlUrl="{FEED}"/></outline>'
        world.site.put(str(LIST.url), f"<opml><body>{outline}</body></opml>")
        world.site.put(FEED, rss(item("One", "https://a.example/1")))
        world.refresh()
        world.restart()
        world.site.put(str(LIST.url), f"<opml><body>{outline.replace('Tech', 'Science')}</body></opml>")

        done = world.refresh()

        assert [(one.source, one.outcome) for one in done.reports] == [("blogs", "fetched"), ("blogs/A", "unchanged")]
        assert [entry.categories for entry in world.entries] == [("science",)]
        assert titles(world.store.listed(sources=["blogs", "blogs/A"])) == ["One"]
