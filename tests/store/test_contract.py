"""What every store owes, whatever database holds it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from aggregator.model import (
    Category,
    Content,
    Copy,
    Credit,
    Fetched,
    Hints,
    HostState,
    Key,
    Part,
    Poll,
    RawEntry,
    RawText,
    RobotsState,
    Source,
    SourceInfo,
    SourceState,
    Validators,
    Wanted,
    Warned,
)
from aggregator.store import Store
from tests.fakes import NOW, World, item, rss, titles
from tests.store.worlds import DATABASES, storage

SOURCE = Source(name="a", url="https://a.example/feed", categories=("Apples",))
SAID = SourceInfo(id="tag:a", title="A says", url="https://a.example/", hints=Hints(ttl=timedelta(hours=3)))


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with storage(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store(address, now=NOW) as made:
        yield made


def sync(store: Store, *sources: Source, categories: tuple[tuple[Category, tuple[str, ...]], ...] = ()) -> None:
    store.sync(sources, categories, at=NOW)


def copy(number: int, text: str = "text", source: Source = SOURCE, **more: object) -> Copy:
    url = f"https://news.example/{number}"
    made = Copy(
        source=source.name,
        local=f"url:{number}",
        guid=None,
        url=url,
        keys=(Key(kind="url", value=f"news.example/{number}"),),
        own=False,
        priority=source.priority,
        categories=None,
        content=Content(title=f"Title {number}", url=url, html=f"<p>{text}</p>", summary=text),
        credit=Credit(name=source.name, title=source.name),
        text_hash=text,
        fingerprint=number,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def poll(*copies: Copy, source: Source = SOURCE, seen: frozenset[int] | None = None, **more: object) -> Poll:
    fetched = Fetched(
        url=source.address,
        validators=Validators(url=source.address, etag='"1"'),
        salt="s",
        seen=frozenset(one.fingerprint for one in copies) if seen is None else seen,
    )
    made = Poll(source=source, at=NOW, state=SourceState(name=source.name), copies=copies, fetched=(fetched,))
    return replace(made, **more)  # type: ignore[arg-type]


def category(name: str, slug: str = "", title: str = "") -> tuple[Category, tuple[str, ...]]:
    return Category(slug=slug, name=name, title=title), ()


def slugs(store: Store) -> dict[str, str]:
    return {shelf.slug: shelf.title for shelf in store.shelves() if not shelf.is_all}


# --- one poll, one transaction -------------------------------------------------------------------


def test_what_was_saved_is_there_when_the_store_is_opened_again(address: str) -> None:
    with Store(address, now=NOW) as store:
        sync(store, SOURCE)
        store.save(poll(copy(1), copy(2)))
        born = store.born

    with Store(address, now=NOW + timedelta(days=1)) as again:
        assert [entry.title for entry in again.listed()] == ["Title 1", "Title 2"]
        assert again.born == born == NOW


def test_a_poll_that_cannot_be_saved_whole_leaves_nothing_of_itself(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(copy(1), state=SourceState(name="a", failures=1)))
    before = store.shelves()

    cannot_be_kept = replace(SourceState(name="a"), failures=None)  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        store.save(poll(copy(3), seen=frozenset({7}), state=cannot_be_kept, info=SAID))

    assert titles(store.listed()) == ["Title 1"]
    assert store.state("a").failures == 1
    assert store.info("a") == SourceInfo()
    fetched = store.fetched("a", SOURCE.address)
    assert fetched is not None
    assert fetched.seen == frozenset({1})
    assert store.shelves() == before
    store.save(poll(copy(3)))
    assert len(store.listed()) == 2


def test_saving_the_same_poll_again_changes_nothing(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(copy(1), copy(2)))
    before, touched = store.listed(), [shelf.touched for shelf in store.shelves()]

    changes = store.save(poll(copy(1), copy(2), at=NOW + timedelta(days=1)))

    assert (changes.new, changes.updated, changes.retired, changes.duplicates) == (
        frozenset(),
        frozenset(),
        frozenset(),
        0,
    )
    assert store.listed() == before
    assert [shelf.touched for shelf in store.shelves()] == touched


def test_two_processes_that_bring_the_same_at_once_make_one_entry(store: Store, address: str) -> None:
    sources = [replace(SOURCE, name=f"s{n}", url=f"https://s{n}.example/") for n in range(4)]
    sync(store, *sources)

    def save(source: Source) -> int:
        with Store(address, now=NOW) as own:
            return sum(len(own.save(poll(copy(n, source=source), source=source)).new) for n in range(20))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(save, sources)) == 20
    assert len(store.listed()) == 20
    assert all(len(entry.copies) == 4 for entry in store.listed())


def test_two_polls_at_once_that_bring_the_same_make_one_entry(store: Store) -> None:
    sources = [replace(SOURCE, name=f"s{n}", url=f"https://s{n}.example/") for n in range(8)]
    sync(store, *sources)

    with ThreadPoolExecutor(8) as threads:
        done = list(
            threads.map(lambda one: store.save(poll(*(copy(n, source=one) for n in range(20)), source=one)), sources)
        )

    assert len(store.listed()) == 20
    assert sum(len(changes.new) for changes in done) == 20
    assert sum(changes.duplicates for changes in done) == 140


# --- round trips ---------------------------------------------------------------------------------


def test_a_state_comes_back_as_it_was_saved(store: Store) -> None:
    sync(store, SOURCE)
    state = SourceState(
        name="a",
        kind="feed",
        title="A",
        url="https://a.example/feed",
        found_url="https://a.example/found",
        due=NOW,
        last_poll=NOW - timedelta(hours=1),
        last_success=NOW - timedelta(hours=2),
        last_new=NOW - timedelta(hours=3),
        failures=3,
        failing_since=NOW - timedelta(days=2),
        asked_at=NOW - timedelta(minutes=1),
        has_validators=False,
        error="was ist 这个",
        status=503,
        warnings=(
            Warned(about="entry", sort="… one", texts=("a one", "b one"), count=7, since=NOW, last=NOW, polls=3),
            Warned(about="page", sort="zwei “”", texts=("zwei “”",), count=1, since=NOW, last=NOW),
        ),
        interval=timedelta(minutes=90),
        wait_until=NOW + timedelta(days=1),
        wait_reason="retry-after",
        is_gone=True,
        moved_to="https://b.example/",
        moved_days=("2026-03-01", "2026-03-02"),
        hints=Hints(ttl=timedelta(hours=1), skip_hours=(1, 2), skip_days=(5, 6), update_period=timedelta(days=1)),
    )

    store.save_state(state)

    assert store.state("a") == state
    assert store.states() == (state,)


def test_what_is_remembered_of_hosts_comes_back_until_there_is_nothing_to_remember(store: Store) -> None:
    silent = HostState(name="a.example", silent_until=NOW + timedelta(hours=1), silent_status=429)
    down = HostState(name="b.example:81", failures=7, failing_since=NOW, open_until=NOW, openings=2)
    for state in (down, HostState(name="a.example", failures=1, failing_since=NOW), silent):
        store.save_host(state)
    assert store.hosts() == (silent, down)

    store.save_host(HostState(name="a.example"))
    assert store.hosts() == (down,)


def test_rules_of_an_origin_come_back_as_they_were_saved(store: Store) -> None:
    known = RobotsState(
        origin="https://a.example",
        rules="User-agent: *\r\nDisallow: /私\n",
        answered_url="https://www.a.example/robots.txt",
        etag='W/"é"',
        last_modified="odd",
        fetched_at=NOW,
        good_until=NOW + timedelta(days=1),
        unreachable_since=NOW,
        error="timed out",
        status=503,
    )
    store.save_robots(replace(known, rules=None))
    store.save_robots(known)

    assert store.robots("https://a.example") == known
    assert store.robots("http://a.example") is None


def test_hosts_are_forgotten_once_all_that_they_asked_for_is_long_past(store: Store) -> None:
    old, later = NOW - timedelta(days=40), NOW + timedelta(days=1)
    lasting = [
        HostState(name="asked", silent_until=later, failing_since=old, failures=1),
        HostState(name="open", silent_until=old, open_until=later, openings=1),
    ]
    for state in (*lasting, HostState(name="past", silent_until=old), HostState(name="up", failing_since=old)):
        store.save_host(state)
    fresh = RobotsState(origin="https://a.example", good_until=NOW)
    store.save_robots(fresh)
    store.save_robots(RobotsState(origin="https://b.example", good_until=old))

    store.forget_hosts(before=NOW - timedelta(days=30))

    assert store.hosts() == tuple(lasting)
    assert store.robots("https://a.example") == fresh
    assert store.robots("https://b.example") is None


def test_what_was_fetched_comes_back_byte_for_byte(store: Store) -> None:
    sync(store, SOURCE)
    kept = Fetched(
        url=SOURCE.address,
        validators=Validators(url="https://cdn.example/", etag='W/"é,\t"', last_modified=" odd ", body_hash="ab"),
        salt="1:x",
        seen=frozenset({0, 1, 2**63 - 1}),
        parts=(Part(url="https://cdn.example/1.xml", changed="2022-01"), Part(url="https://cdn.example/2.xml")),
        changed="2022-01-02",
    )

    store.save(poll(fetched=(kept,)))

    assert store.fetched("a", SOURCE.address) == kept
    assert store.fetched("a", SOURCE.address).at == NOW  # type: ignore[union-attr]
    assert store.fetched("a", "https://other.example/") is None


def test_what_a_source_says_of_itself_stays_until_it_says_something_else(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(info=SAID))
    store.save(poll())

    assert store.info("a") == SAID
    assert store.infos() == {"a": SAID}


def test_wanted_pages_come_back_until_they_were_had(store: Store) -> None:
    sync(store, SOURCE)
    raw = RawEntry(id="g", title=RawText(value="T “”"), fields=(("a", "b"),), record='{"x": 1}')
    wanted = Wanted(local="url:1", raw=raw, base="https://a.example/", fingerprint=2**63 - 1, tries=1, due=NOW)

    store.save(poll(wanted=(wanted,)))
    assert store.wanted_articles("a") == (wanted,)
    assert store.sources_wanting_articles(now=NOW) == {"a"}
    assert store.sources_wanting_articles(now=NOW - timedelta(seconds=1)) == frozenset()

    store.save(poll(had=("url:1",)))
    assert store.wanted_articles("a") == ()


def test_wanted_pages_of_the_newest_entries_come_first(store: Store) -> None:
    sync(store, SOURCE)
    days = {"old": NOW - timedelta(days=9), "undated": None, "new": NOW - timedelta(days=1)}
    wanted = [
        Wanted(local=name, raw=RawEntry(url="/x"), base="", fingerprint=1, tries=0, due=NOW, stands=stands)
        for name, stands in days.items()
    ]

    store.save(poll(wanted=(*wanted, replace(wanted[0], local="later", due=NOW + timedelta(hours=1)))))

    assert [one.local for one in store.wanted_articles("a", due=NOW)] == ["new", "old", "undated"]
    assert [one.local for one in store.wanted_articles("a", due=NOW, limit=1)] == ["new"]
    assert [one.local for one in store.wanted_articles("a", among=["old", "other"])] == ["old"]
    assert store.count_wanted_articles("a", due=NOW) == 3


def test_a_page_that_was_waited_for_is_no_flood(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(copy(100), state=SourceState(name="a", last_success=NOW)))
    dated = Content(title="Title", html="<p>text</p>", published=NOW - timedelta(days=900))
    old = [replace(copy(number), content=dated) for number in range(1, 41)]
    raw = RawEntry(url="/x")
    wanted = [Wanted(local=c.local, raw=raw, base="", fingerprint=1, tries=0, due=NOW) for c in old[:20]]
    state = SourceState(name="a", last_success=NOW)
    store.save(poll(wanted=tuple(wanted), state=state))

    waited, sudden = (
        store.save(poll(*some, had=tuple(one.local for one in some), state=state)) for some in (old[:20], old[20:])
    )

    assert (len(waited.new), len(sudden.new)) == (20, 0)


def test_a_copy_comes_back_as_the_next_poll_needs_it(store: Store) -> None:
    sync(store, SOURCE)
    one = copy(1, has_page=True, categories=("Own",))
    store.save(poll(one, salt="1:x"))

    known = store.known_copies("a", ["url:1", "url:2"])

    assert known.keys() == {"url:1"}
    assert (known["url:1"].content, known["url:1"].keys, known["url:1"].has_page) == (one.content, one.keys, True)
    assert (known["url:1"].categories, known["url:1"].salt) == (("Own",), "1:x")


def test_what_left_the_document_is_noted_as_a_difference(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(copy(1), copy(2)))
    store.save(poll(copy(3), seen=frozenset({2, 3}), at=NOW + timedelta(hours=1)))
    assert left(store) == {1}

    store.save(poll(seen=frozenset({1, 3}), at=NOW + timedelta(hours=2)))
    assert left(store) == {2}
    assert len(store.listed()) == 3


def left(store: Store) -> set[int]:
    with store._read() as connection:
        rows = connection.exec_driver_sql("SELECT fingerprint FROM copies WHERE left_at IS NOT NULL")
        return {row[0] for row in rows}


# --- feeds.yaml changes --------------------------------------------------------------------------


def test_a_source_that_is_renamed_keeps_its_entries_and_what_was_fetched(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(copy(1, keys=(Key(kind="guid", value="7", scope="a"),))))
    (before,) = store.listed()

    renamed = replace(SOURCE, name="b", aliases=("a",))
    sync(store, renamed)
    changes = store.save(poll(copy(1, source=renamed, keys=(Key(kind="guid", value="7", scope="b"),)), source=renamed))

    assert changes.new == frozenset()
    assert [entry.id for entry in store.listed()] == [before.id]
    assert store.fetched("b", SOURCE.address) is not None


def test_a_source_that_is_removed_leaves_its_entries_and_is_known_when_it_comes_back(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(copy(1)))

    sync(store)
    assert store.states() == ()
    assert titles(store.listed()) == ["Title 1"]

    sync(store, SOURCE)
    assert store.save(poll(copy(1))).new == frozenset()


def test_a_changed_category_moves_what_the_source_has_stored(store: Store) -> None:
    sync(store, SOURCE)
    store.save(poll(copy(1), copy(2, categories=("Own",))))

    sync(store, replace(SOURCE, categories=("Pears", "Plums")))

    assert {entry.title: entry.categories for entry in store.listed()} == {
        "Title 1": ("pears", "plums"),
        "Title 2": ("own",),
    }
    assert {entry.updated for entry in store.listed()} == {NOW}


def test_a_changed_priority_lets_another_copy_speak_and_is_no_update(store: Store) -> None:
    other = replace(SOURCE, name="b", url="https://b.example/")
    sync(store, SOURCE, other)
    store.save(poll(copy(1, "first")))
    store.save(poll(copy(1, "second", source=other), source=other))
    before = store.listed()[0].updated

    sync(store, SOURCE, replace(other, priority=1))

    (entry,) = store.listed()
    assert [one[0] for one in entry.copies] == ["b", "a"]
    assert entry.updated == before


def test_two_names_that_give_one_slug_are_two_categories_for_good(store: Store) -> None:
    sync(store, replace(SOURCE, categories=("C++",)), replace(SOURCE, name="b", categories=("C",)))
    sync(store, replace(SOURCE, name="b", categories=("C",)), replace(SOURCE, categories=("C++",)))

    assert slugs(store) == {"c": "C++", "c-2": "C"}


def test_a_name_that_is_a_slug_means_the_category_that_bears_it_whichever_came_first(store: Store) -> None:
    sync(store, replace(SOURCE, categories=("吉林日报",)), replace(SOURCE, name="b", categories=("jilinribao",)))
    assert slugs(store) == {"jilinribao": "吉林日报"}


def test_a_category_known_by_its_slug_takes_the_first_proper_name_that_comes(store: Store) -> None:
    sync(store, replace(SOURCE, categories=("jilinribao",)))
    sync(store, replace(SOURCE, categories=("jilinribao", "吉林日报")))
    assert slugs(store) == {"jilinribao": "吉林日报"}


def test_feeds_yaml_says_slug_title_order_and_other_names_of_a_category(store: Store) -> None:
    wanted = (category("Second", slug="two", title="Number two"), (category("First")[0], ("eins",)))
    sync(store, replace(SOURCE, categories=("eins", "Else", "First")), categories=wanted)

    shelves = [shelf for shelf in store.shelves() if not shelf.is_all]
    assert [(shelf.slug, shelf.title, shelf.position) for shelf in shelves] == [
        ("two", "Number two", 0),
        ("first", "First", 1),
        ("else", "Else", None),
    ]


def test_a_slug_never_changes_once_it_was_given(store: Store) -> None:
    sync(store, replace(SOURCE, categories=("Apples",)))
    sync(store, replace(SOURCE, categories=("Apples",)), categories=(category("Apples", slug="pommes"),))

    assert "apples" in slugs(store)
    assert "pommes" not in slugs(store)


# --- asking --------------------------------------------------------------------------------------


def test_entries_are_found_by_category_source_and_words(store: Store) -> None:
    other = replace(SOURCE, name="b", url="https://b.example/", categories=("Pears",))
    sync(store, SOURCE, other)
    store.save(poll(copy(1, "100% certain"), copy(2, "a_b")))
    store.save(poll(copy(3, "ÄPFEL und 苹果", source=other), source=other))

    assert titles(store.listed(category="pears")) == titles(store.listed(category="Pears")) == ["Title 3"]
    assert titles(store.listed(sources=["a"])) == ["Title 1", "Title 2"]
    assert titles(store.listed(search="100%")) == ["Title 1"]
    assert titles(store.listed(search="A_B")) == ["Title 2"]
    assert titles(store.listed(search="苹果")) == ["Title 3"]
    assert titles(store.listed(limit=2)) == ["Title 1", "Title 2"]
    assert store.has_category("Pears")
    assert not store.has_category("nothing")


def test_a_whole_journey_ends_the_same(address: str, tmp_path: Path) -> None:
    text = "sources: [{name: a, url: 'https://a.example/'}, {name: b, url: 'https://b.example/'}, {name: c, url: 'https://c.example/'}]"
    with World(tmp_path / "world", text, storage=address) as world:
        one = item("One", "https://news.example/1", text="<p>one 苹果</p>", category="fruit", guid="tag:n,2026:1")
        world.site.put("https://a.example/", rss(one, item("Two", "https://news.example/2\u0000")))
        world.site.put("https://b.example/", rss(one, item("Three", "https://news.example/3", author="Ann")))
        strange = "".join(
            f'{{"id": "{one}", "title": "T", "content_text": "{one}"}},' for one in ("\\ud800", "\\u0000")
        )
        feed = (
            f'{{"version": "https://jsonfeed.org/version/1.1", "title": "\\u0000 \\udfff", "items": [{strange[:-1]}]}}'
        )
        world.site.put("https://c.example/", feed)
        first = world.refresh()
        world.publish()
        tree = world.tree()
        world.clock.turn(hours=1)

        second = world.refresh()

        assert [report.outcome for report in first.reports] == ["fetched"] * 3
        assert len(first.new_ids) == 5
        assert (second.new_ids, second.updated_ids) == (set(), set())
        assert world.publish().written == ()
        assert world.tree() == tree
