"""Lists of feeds over many polls: what comes to a list is polled, what leaves it is not, and nothing is lost."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import refresh
from aggregator.errors import UsageError
from aggregator.model import SourceReport
from aggregator.warned import texts
from tests.fakes import NOW, World, item, rss, titles

LIST = "https://lists.example/reading.opml"
YAML = f"sources: [{{name: blogs, url: '{LIST}', kind: opml, category: blogs}}]"


def line(name: str, url: str | None = None) -> str:
    return f'<outline text="{name}" type="rss" xmlUrl="{url or feed(name)}"/>'


def folder(name: str, *lines: str) -> str:
    return f'<outline text="{name}">{"".join(lines)}</outline>'


def feed(name: str) -> str:
    return f"https://{name.lower()}.example/feed"


def put(world: World, *lines: str, url: str = LIST) -> None:
    """Let the list hold these lines."""
    world.site.put(url, f'<opml version="2.0"><head><title>Mine</title></head><body>{"".join(lines)}</body></opml>')


def story(name: str, number: int = 1) -> str:
    return item(f"{name} {number}", f"https://{name.lower()}.example/{number}", text=f"What {name} says")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, YAML) as made:
        for name in "ABCDE":
            made.site.put(feed(name), rss(story(name)))
        yield made


def outcomes(reports: Sequence[SourceReport]) -> dict[str, str]:
    return {report.source: report.outcome for report in reports}


def asked(world: World, *names: str, force: bool = True) -> list[str]:
    """Refresh an hour later; return what was asked."""
    world.clock.turn(hours=13)
    world.site.forget()
    world.refresh(*names, force=force)
    return world.site.asked


def test_every_feed_of_a_list_is_polled_in_the_round_that_reads_it(world: World) -> None:
    put(world, line("A"), line("B"))

    done = world.refresh()

    assert [(one.source, one.kind, one.outcome, one.new) for one in done.reports] == [
        ("blogs", "opml", "fetched", 0),
        ("blogs/A", "feed", "fetched", 1),
        ("blogs/B", "feed", "fetched", 1),
    ]
    assert done.reports[0].came == ("blogs/A", "blogs/B")
    assert world.site.asked[0] == LIST
    assert {entry.categories for entry in world.entries} == {("blogs",)}


def test_a_list_is_read_before_the_feeds_it_names(world: World) -> None:
    put(world, line("A"))
    world.refresh()
    put(world, line("B"))

    assert asked(world) == [LIST, feed("B")]


def test_a_feed_that_leaves_is_polled_no_more_and_its_entries_stay(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    world.publish()
    put(world, line("A"))
    world.clock.turn(hours=1)

    done = world.refresh()
    published = world.publish()

    assert outcomes(done.reports) == {"blogs": "fetched", "blogs/A": "unchanged"}
    assert done.reports[0].left == ("blogs/B",)
    assert sorted(titles(world.entries)) == ["A 1", "B 1"]
    assert b"B 1" in world.read("all.atom")
    assert not any(path.startswith("category/") for path in published.written)
    assert asked(world) == [LIST, feed("A")]


def test_what_is_chosen_together_with_its_list_and_leaves_it_is_not_polled_either(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    put(world, line("A"), line("C"))
    world.site.forget()
    states = {state.name: state for state in world.store.states()}
    chosen = refresh.choose(world.config, states, now=world.clock(), force=True)

    done = asyncio.run(
        refresh.refresh(world.config, chosen, store=world.store, send=world.site, now=world.clock, follows=False)
    )

    assert world.site.asked == [LIST, feed("A")]
    assert outcomes(done.reports) == {"blogs": "fetched", "blogs/A": "unchanged"}


def test_a_feed_that_comes_back_goes_on_where_it_was(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    before = world.entry("B 1").id
    put(world, line("A"))
    world.refresh()
    put(world, line("B"), line("A"))
    world.clock.turn(hours=1)

    done = world.refresh()

    assert done.reports[0].came == ("blogs/B",)
    assert outcomes(done.reports) == {"blogs": "fetched", "blogs/B": "unchanged", "blogs/A": "unchanged"}
    assert world.entry("B 1").id == before
    assert len(world.entries) == 2


def test_members_are_known_without_asking_again_after_a_restart_and_a_304(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()

    world.restart()
    names = [source.name for source in world.config.sources]
    done = world.refresh()

    assert names == ["blogs", "blogs/A", "blogs/B"]
    assert outcomes(done.reports) == {"blogs": "unchanged", "blogs/A": "unchanged", "blogs/B": "unchanged"}


def test_a_list_that_is_down_or_no_list_any_more_for_a_while_retires_nobody(world: World) -> None:
    put(world, line("A"))
    world.refresh()
    for answer in ("<!DOCTYPE html><title>Be back soon</title>", ""):
        world.site.put(LIST, answer)
        done = world.refresh()
        assert outcomes(done.reports) == {"blogs": "failed", "blogs/A": "unchanged"}
    world.site.fail(LIST, 500)

    assert outcomes(world.refresh().reports) == {"blogs": "failed", "blogs/A": "unchanged"}


def test_an_empty_list_is_believed_when_it_says_so_twice(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    put(world)

    first = world.refresh()
    told = texts(world.store.state("blogs").warnings)
    second = world.refresh()

    assert outcomes(first.reports) == {"blogs": "fetched", "blogs/A": "unchanged", "blogs/B": "unchanged"}
    assert "the 2 that it named stay until it says so again" in first.reports[0].warnings[0]
    assert told == first.reports[0].warnings
    assert outcomes(second.reports) == {"blogs": "unchanged"}
    assert second.reports[0].left == ("blogs/A", "blogs/B")
    assert world.store.state("blogs").warnings == ()
    assert len(world.entries) == 2


def test_a_list_that_suddenly_loses_most_of_its_feeds_is_believed_when_it_says_so_twice(world: World) -> None:
    names = [f"N{number}" for number in range(12)]
    put(world, *(line(name) for name in names))
    world.refresh()
    put(world, *(line(name) for name in names[:2]))

    first = world.refresh()
    second = world.refresh()

    assert (first.polled, first.reports[0].left) == (13, ())
    assert "lacks 10 of its 12 feeds" in first.reports[0].warnings[0]
    assert len(second.reports[0].left) == 10
    assert second.polled == 3


def test_a_list_that_recovers_has_retired_nobody(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    put(world)
    world.refresh()
    put(world, line("A"), line("B"))

    done = world.refresh()

    assert (done.reports[0].came, done.reports[0].left) == ((), ())
    assert done.polled == 3
    world.refresh()
    assert world.store.state("blogs").warnings == ()


def test_a_list_that_is_cut_off_retires_nobody_and_is_asked_for_whole_again(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    world.site.put(LIST, f"<opml><body>{line('A')}{line('C')}<outli")

    done = world.refresh()
    world.refresh()

    assert (done.reports[0].came, done.reports[0].left) == (("blogs/C",), ())
    assert [source.name for source in world.config.sources[1:]] == ["blogs/A", "blogs/C", "blogs/B"]
    assert world.site.requests[-4].etag is None


def test_sorting_a_list_and_giving_its_lines_other_titles_changes_no_source(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    put(world, line("Bee", feed("B")), line("Ay", feed("A")))

    done = world.refresh()

    assert [(one.source, one.outcome) for one in done.reports[1:]] == [
        ("blogs/B", "unchanged"),
        ("blogs/A", "unchanged"),
    ]
    assert [source.title for source in world.config.sources[1:]] == ["Bee", "Ay"]


def test_a_feed_that_moves_to_https_stays_the_same_source(world: World) -> None:
    put(world, line("A", "http://a.example/feed/"))
    world.site.put("http://a.example/feed/", rss(story("A")))
    world.refresh()
    put(world, line("A"))

    done = world.refresh()

    assert (done.reports[0].came, done.reports[0].left) == ((), ())
    assert world.site.asked[-1] == feed("A")
    assert len(world.entries) == 1


def test_a_line_that_keeps_its_title_and_gets_another_address_stays_the_same_source(world: World) -> None:
    put(world, line("A"), line("B"))
    world.refresh()
    put(world, line("A", "https://new.example/a"), line("B"))
    world.site.put("https://new.example/a", rss(story("A"), story("A", 2)))

    done = world.refresh()

    assert (done.reports[0].came, done.reports[0].left) == ((), ())
    assert outcomes(done.reports)["blogs/A"] == "fetched"
    assert sorted(titles(world.entries)) == ["A 1", "A 2", "B 1"]


def test_feeds_of_one_title_have_names_of_their_own_whatever_becomes_of_the_others(world: World) -> None:
    put(world, line("Blog", feed("A")), line("Blog", feed("B")), line("", feed("C")))
    world.refresh()
    names = {source.url: source.name for source in world.config.sources[1:]}
    put(world, line("Blog", feed("B")), line("Blog", feed("D")), line("", feed("C")))

    world.refresh()

    now = {source.url: source.name for source in world.config.sources[1:]}
    assert names[feed("A")] == "blogs/Blog"
    assert names[feed("C")] == "blogs/c.example/feed"
    assert now[feed("B")] == names[feed("B")]
    assert len({*names.values(), *now.values()}) == 4


def test_folders_are_categories_and_the_lists_own_is_for_feeds_outside_of_them(world: World) -> None:
    put(world, folder("Tech", folder("Python", line("A"))), line("B"))

    world.refresh()

    assert set(world.entry("A 1").categories) == {"python", "tech"}
    assert world.entry("B 1").categories == ("blogs",)


def test_a_feed_that_is_put_into_another_folder_takes_its_entries_along(world: World) -> None:
    put(world, folder("Tech", line("A")))
    world.refresh()
    world.publish()
    put(world, folder("Science", line("A")))
    world.clock.turn(hours=1)

    done = world.refresh()
    world.publish()

    assert outcomes(done.reports) == {"blogs": "fetched", "blogs/A": "unchanged"}
    assert world.entry("A 1").categories == ("science",)
    assert b"A 1" in world.read("category/science.atom")
    assert b"A 1" not in world.read("category/tech.atom")


def test_a_folder_is_no_category_before_an_entry_stands_in_it(world: World) -> None:
    put(world, folder("Tech", line("A")), line("B"))
    world.site.fail(feed("A"))

    world.refresh()
    world.publish()

    assert not world.store.has_category("tech")
    assert "category/tech.atom" not in world.tree()


def test_entry_categories_choose_among_folders_and_what_entries_bear(tmp_path: Path) -> None:
    text = YAML.replace("category: blogs", "category: blogs, entry_categories: {drop: [Unread, Misc]}")
    with World(tmp_path, text) as world:
        put(world, folder("Tech", line("A")), folder("Unread", line("B")))
        world.site.put(feed("A"), rss(item("A 1", "https://a.example/1", category="Python")))
        world.site.put(feed("B"), rss(item("B 1", "https://b.example/1", category="Misc")))

        world.refresh()

        assert set(world.entry("A 1").categories) == {"python", "tech"}
        assert world.entry("B 1").categories == ("blogs",)


def test_what_is_written_at_a_list_holds_for_its_feeds(tmp_path: Path) -> None:
    keys = "every: 3h, language: de, priority: 7, private: true, retention: 7d, exclude: {title: Advert}, robots: false"
    with World(tmp_path, YAML.replace("category: blogs", keys)) as world:
        put(world, line("A"))
        world.site.put(feed("A"), rss(story("A"), story("Advert")))
        world.refresh()
        listed, member = world.config.sources

        assert titles(world.entries) == ["A 1"]
        assert world.store.state("blogs/A").due == NOW + timedelta(hours=3)
        for key in ("every", "language", "priority", "private", "retention", "exclude", "robots", "categories"):
            assert getattr(member, key) == getattr(listed, key), key
        assert (member.kind, member.salt != listed.salt) == (None, True)


def test_an_answer_that_is_a_list_makes_a_source_without_a_kind_one(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{{name: blogs, url: '{LIST}'}}]") as world:
        put(world, line("A"))
        world.site.put(feed("A"), rss(story("A")))

        first = world.refresh()
        world.site.fail(LIST)
        down = world.refresh()
        put(world, line("A"))
        again = world.refresh()

        assert outcomes(first.reports) == {"blogs": "fetched", "blogs/A": "fetched"}
        assert outcomes(down.reports) == {"blogs": "failed", "blogs/A": "unchanged"}
        assert (again.reports[0].kind, again.polled) == ("opml", 2)

        world.site.put(LIST, rss(story("Own")))
        ended = world.refresh()

        assert ended.reports[0].left == ("blogs/A",)
        assert sorted(titles(world.entries)) == ["A 1", "Own 1"]


def test_a_list_leads_to_no_other_list(world: World) -> None:
    put(world, line("A", "https://lists.example/more.opml"))
    put(world, line("B"), url="https://lists.example/more.opml")

    done = world.refresh()

    assert outcomes(done.reports) == {"blogs": "fetched", "blogs/A": "failed"}
    assert feed("B") not in world.site.asked


def test_a_feed_that_feeds_yaml_has_as_well_is_one_request_and_stands_in_both_categories(tmp_path: Path) -> None:
    text = f"""
        sources:
          - {{name: own, url: '{feed("A")}', category: mine}}
          - {{name: blogs, url: '{LIST}', kind: opml, category: blogs}}
          - {{name: more, url: 'https://other.example/list.opml', kind: opml, category: more}}
    """
    with World(tmp_path, text) as world:
        put(world, line("A"), line("B"))
        put(world, line("A"), line("B"), url="https://other.example/list.opml")
        for name in "AB":
            world.site.put(feed(name), rss(story(name)))

        done = world.refresh()

        assert len(done.reports) == 7
        assert done.count("fetched") == 7
        assert sorted(world.site.asked) == sorted([LIST, "https://other.example/list.opml", feed("A"), feed("B")])
        assert set(world.entry("A 1").categories) == {"blogs", "mine", "more"}
        assert len(done.new_ids) == 2


def test_a_feed_that_feeds_yaml_has_already_is_one_request_when_a_list_names_it_too(tmp_path: Path) -> None:
    with World(tmp_path, f"sources: [{{name: own, url: '{feed('A')}', category: mine}}]") as world:
        world.site.put(feed("A"), rss(story("A")))
        world.refresh()
        put(world, line("A"))
        world.site.forget()
        world.write_config(f"sources: [{{name: own, url: '{feed('A')}', category: mine}}, {YAML[10:-1]}]")

        done = world.refresh()

        assert outcomes(done.reports) == {"own": "unchanged", "blogs": "fetched", "blogs/A": "fetched"}
        assert world.site.asked == [LIST, feed("A")]
        assert set(world.entry("A 1").categories) == {"mine", "blogs"}


def test_a_name_that_feeds_yaml_gives_is_not_given_to_a_feed_of_a_list(tmp_path: Path) -> None:
    text = f"sources: [{{name: blogs, url: '{LIST}', kind: opml}}, {{name: blogs/A, url: '{feed('B')}'}}]"
    with World(tmp_path, text) as world:
        put(world, line("A"))
        for name in "AB":
            world.site.put(feed(name), rss(story(name)))

        done = world.refresh()

        assert done.polled == 3
        assert len({report.source for report in done.reports}) == 3
        assert sorted(titles(world.entries)) == ["A 1", "B 1"]


# --- naming them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["blogs/A", feed("A"), f"blogs/{feed('A')}"])
def test_a_feed_of_a_list_is_named_like_any_other(world: World, word: str) -> None:
    put(world, line("A"), line("B"))
    world.refresh()

    assert asked(world, word) == [feed("A")]


def test_who_names_a_list_means_its_feeds_too(tmp_path: Path) -> None:
    with World(tmp_path, YAML[:-1] + f", {{name: other, url: '{feed('B')}'}}]") as world:
        put(world, line("A"))
        for name in "AB":
            world.site.put(feed(name), rss(story(name)))
        world.refresh()

        assert asked(world, "blogs") == [LIST, feed("A")]


def test_a_failing_feed_is_tried_again_when_it_is_named_and_not_when_its_list_is(world: World) -> None:
    put(world, line("A"))
    world.refresh()
    world.site.fail(feed("A"))
    world.refresh()
    world.clock.turn(minutes=5)

    assert outcomes(world.refresh("blogs", force=False).reports) == {"blogs": "unchanged", "blogs/A": "skipped"}
    assert outcomes(world.refresh("blogs/A", force=False).reports) == {"blogs/A": "failed"}


def test_a_name_that_the_list_does_not_have_is_unknown(world: World) -> None:
    put(world, line("A"))
    world.refresh()

    with pytest.raises(UsageError, match="'blogs/Z'"):
        world.refresh("blogs/Z")


def test_due_polls_the_feeds_of_a_list_when_their_own_time_has_come(world: World) -> None:
    put(world, line("A"))
    world.refresh()
    put(world, line("A"), line("B"))
    world.clock.turn(hours=13)
    world.refresh("blogs/A")

    done = world.refresh(due=True, force=False)

    assert outcomes(done.reports) == {"blogs": "fetched", "blogs/A": "skipped", "blogs/B": "fetched"}


def test_a_list_that_is_disabled_or_gone_from_feeds_yaml_leaves_its_entries(world: World) -> None:
    put(world, line("A"))
    world.refresh()
    world.write_config(YAML.replace("kind:", "enabled: false, kind:"))
    assert outcomes(world.refresh().reports) == {"blogs": "skipped", "blogs/A": "skipped"}

    world.write_config("sources: []")
    assert world.refresh().reports == []
    assert titles(world.entries) == ["A 1"]

    world.write_config(YAML)
    assert outcomes(world.refresh().reports) == {"blogs": "unchanged", "blogs/A": "unchanged"}


def test_a_renamed_list_takes_its_feeds_along(world: World) -> None:
    put(world, line("A"))
    world.refresh()

    world.write_config(YAML.replace("name: blogs", "name: reading, aliases: [blogs]"))
    done = world.refresh("blogs/A")

    assert outcomes(done.reports) == {"reading/A": "unchanged"}
    assert [entry.copies[0][0] for entry in world.entries] == ["reading/A"]


def test_entries_of_a_feed_that_left_are_kept_as_long_as_the_list_says(tmp_path: Path) -> None:
    with World(tmp_path, YAML.replace("category: blogs", "retention: 10d")) as world:
        put(world, line("A"), line("B"))
        for name in "AB":
            world.site.put(feed(name), rss(story(name)))
        world.refresh()
        put(world, line("A"))
        world.refresh()

        world.clock.turn(days=9)
        assert refresh_and_prune(world) == ["A 1", "B 1"]
        world.clock.turn(days=2)
        assert refresh_and_prune(world) == ["A 1"]


def refresh_and_prune(world: World) -> list[str | None]:
    from aggregator.publish import prune

    world.refresh()
    prune(world.config, world.store, now=world.clock())
    return sorted(titles(world.entries), key=str)


def test_whom_we_read_are_the_feeds_of_a_list_and_not_the_list(world: World) -> None:
    put(world, line("A"))
    world.refresh()
    world.publish()

    listed = world.read("sources.opml").decode()

    assert feed("A") in listed
    assert LIST not in listed


# --- whom a list may name -------------------------------------------------------------------------


def test_a_feed_on_the_lists_own_origin_is_trusted_and_told_its_secrets_and_no_other(tmp_path: Path) -> None:
    text = """
        sources:
          - name: mine
            url: https://me:word@reader.example/list.opml
            kind: opml
            headers: {X-Key: "${KEY}"}
    """
    with World(tmp_path, text, environ={"KEY": "secret"}) as world:
        url = "https://me:word@reader.example/list.opml"
        put(world, line("Near", "/near"), line("Far", "https://far.example/f"), url=url)

        world.refresh()
        sent = {request.address: request for request in world.site.requests}

    near, far = sent["https://me:word@reader.example/near"], sent["https://far.example/f"]
    assert (near.is_trusted, near.trusted_origin, near.headers) == (
        True,
        "https://reader.example",
        (("X-Key", "secret"),),
    )
    assert (far.is_trusted, far.trusted_origin, far.headers, far.allow_private) == (False, None, (), False)


def test_a_page_that_a_list_names_does_not_make_its_own_origin_trusted(world: World) -> None:
    put(world, line("A", "https://a.example/"))
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
    world.site.put("https://a.example/", page)

    for _ in range(2):
        world.refresh()
        assert {(one.is_trusted, one.trusted_origin) for one in world.site.requests if "a.example" in one.address} == {
            (False, None)
        }


def test_an_address_that_feeds_yaml_has_itself_is_trusted_wherever_it_is_named(tmp_path: Path) -> None:
    with World(tmp_path, YAML[:-1] + ", http://10.0.0.7/feed]") as world:
        put(world, line("A", "http://10.0.0.7/feed"), line("B", "http://10.0.0.7/admin"))

        world.refresh()

        trusted = {source.name: source.is_trusted for source in world.config.sources}
        assert trusted == {"blogs": True, "blogs/A": True, "blogs/B": False, "10.0.0.7/feed": True}


def test_a_crash_after_a_list_was_read_loses_none_of_its_feeds(world: World) -> None:
    put(world, line("A"))
    send = world.site.__call__

    async def crash(request):  # type: ignore[no-untyped-def]
        if request.url == feed("A"):
            raise KeyboardInterrupt
        return await send(request)

    states = {state.name: state for state in world.store.states()}
    chosen = refresh.choose(world.config, states, now=world.clock(), force=True)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(refresh.refresh(world.config, chosen, store=world.store, send=crash, now=world.clock))

    world.restart()
    world.clock.turn(hours=13)

    assert outcomes(world.refresh(due=True, force=False).reports) == {"blogs": "unchanged", "blogs/A": "fetched"}
