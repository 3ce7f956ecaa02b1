"""A server that says all differently: its subscribers read nothing twice, and what is implausible is held back."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import NOW, World, item, rss

URL = "https://a.example/feed"
YAML = "sources: [{name: a, url: 'https://a.example/feed'}]"


@dataclass(frozen=True)
class Article:
    """An article as the server writes it today."""

    number: int
    host: str = "https://news.example"
    guid: str = ""
    tail: str = ""
    at: datetime = NOW

    def item(self) -> str:
        return item(
            f"Report number {self.number} from the harbour",
            f"{self.host}/story/{self.number}{self.tail}",
            text=f"<p>{told(self.number)}</p>",
            guid=self.guid or None,
            pubDate=self.at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        )


def told(number: int) -> str:
    """Return a text of an article's own; numbered lines would make one article of all."""
    chance = random.Random(number)
    words = ("".join(chance.choices("abcdefghilmnoprstuvw", k=chance.randrange(3, 9))) for _ in range(40))
    return " ".join(words) + ". Ships come, ships go."


@dataclass
class Server:
    """A feed of the newest articles on a world. written: how many there ever were."""

    world: World
    size: int = 20
    articles: list[Article] = field(default_factory=list)
    written: int = 0

    def write(self, count: int = 1, **how: Any) -> None:
        """Publish new articles, dated now unless ``at`` says otherwise."""
        at = how.pop("at", self.world.clock())
        for _ in range(count):
            self.written += 1
            made = Article(self.written, guid=f"g{self.written}", at=at - timedelta(minutes=self.written % 50))
            self.articles.insert(0, replace(made, **how))
        del self.articles[self.size :]

    def change(self, how: Callable[[Article], Article]) -> None:
        self.articles = [how(article) for article in self.articles]

    def poll(self) -> Any:
        self.world.site.put(URL, rss(*(article.item() for article in self.articles)))
        self.world.clock.turn(hours=1)
        (report,) = self.world.refresh().reports
        return report

    @property
    def state(self) -> Any:
        (state,) = self.world.store.counted_states()
        return state


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with World(tmp_path, YAML) as world:
        yield Server(world)


def ids(server: Server) -> dict[str | None, str]:
    """Return title -> id; no article stands twice."""
    found = {entry.title: entry.id for entry in server.world.entries}
    assert len(found) == len(server.world.entries)
    return found


def new_guids(server: Server) -> None:
    server.change(lambda one: replace(one, guid=f"https://news.example/?p={one.number}-{random.random()}"))


def new_domain(server: Server) -> None:
    server.change(lambda one: replace(one, host="https://www.news-today.example"))


def plain_http(server: Server) -> None:
    server.change(lambda one: replace(one, host=one.host.replace("https", "http")))


def new_dates(server: Server) -> None:
    server.change(lambda one: replace(one, at=server.world.clock()))


def tracking(server: Server) -> None:
    server.change(lambda one: replace(one, tail=f"?utm_campaign={random.randrange(10**6)}"))


def new_order(server: Server) -> None:
    random.shuffle(server.articles)


CHANGES = (new_guids, new_domain, plain_http, new_dates, tracking, new_order)


@pytest.mark.parametrize("change", CHANGES)
def test_a_server_that_changes_everything_at_once_announces_nothing_again(
    server: Server, change: Callable[[Server], None]
) -> None:
    server.write(20, at=NOW - timedelta(days=3))
    server.poll()
    before = ids(server)

    change(server)
    report = server.poll()

    assert (report.new, report.updated) == (0, 0)
    assert ids(server) == before
    assert server.state.held == 0


def test_two_hundred_polls_of_a_restless_server_bring_what_was_written_and_nothing_again(server: Server) -> None:
    chance = random.Random(20260302)
    random.seed(20260302)
    server.write(20, at=NOW - timedelta(days=3))
    assert server.poll().new == 20
    known = ids(server)
    for _ in range(199):
        for change in chance.sample(CHANGES, chance.randrange(len(CHANGES) + 1)):
            change(server)
        written = server.written
        if chance.random() < 0.3:
            server.write(chance.choice((1, 1, 2, 3)))

        report = server.poll()

        assert report.new == server.written - written
        now = ids(server)
        assert known.items() <= now.items()
        known = now
    assert len(known) == server.written > 60


# --- guids that lie ------------------------------------------------------------------------------


def test_guids_that_change_at_every_poll_are_noticed_after_two_and_no_longer_believed(server: Server) -> None:
    server.write(20, at=NOW - timedelta(days=3))
    server.poll()
    for number in range(4):
        new_guids(server)
        server.write()
        report = server.poll()
        assert report.new == 1
        assert server.state.guids == ("churning" if number else None)
    server.poll()
    assert len(ids(server)) == server.written


def test_a_guid_that_changes_once_is_no_reason_to_doubt(server: Server) -> None:
    server.write(20, at=NOW - timedelta(days=3))
    server.poll()
    new_guids(server)
    for _ in range(5):
        server.poll()
        server.write()
    assert server.state.guids is None


@pytest.mark.parametrize("guid", ["7", "https://news.example/", "tag:news.example,2026:feed"])
def test_one_guid_for_many_articles_is_noticed_and_none_is_lost(server: Server, guid: str) -> None:
    server.size = 1
    for number in range(1, 9):
        server.write(guid=guid)
        report = server.poll()
        assert (report.new, len(ids(server))) == (1, number)
    assert server.state.guids == "reused"
    assert server.poll().new == 0


def test_an_edit_under_its_guid_is_no_reuse(server: Server) -> None:
    server.write(3)
    server.poll()
    server.world.site.put(
        URL, rss(server.articles[0].item().replace("ships go", "boats go").replace("Report", "Story"))
    )
    server.world.clock.turn(hours=1)

    (report,) = server.world.refresh().reports

    assert (report.new, report.updated) == (0, 1)
    assert server.state.guids is None


# --- floods --------------------------------------------------------------------------------------


def flooded(server: Server, *, at: datetime = NOW - timedelta(days=300)) -> Any:
    """Let a feed of fifty that was read have fifty others."""
    server.size = 50
    server.write(50, at=NOW - timedelta(days=30))
    server.poll()
    server.world.clock.turn(hours=3)
    server.write(50, at=at)
    return server.poll()


def test_fifty_new_entries_of_long_ago_are_held_back_and_counted(server: Server) -> None:
    report = flooded(server)

    assert report.new == 0
    assert len(ids(server)) == 50
    assert server.state.held == 50
    for _ in range(3):
        assert server.poll().new == 0
    assert server.state.held == 50


def test_what_is_held_comes_once_feeds_yaml_lets_it_pass(server: Server) -> None:
    flooded(server)
    server.world.write_config(YAML.replace("feed'}", "feed', flood: pass}"))

    report = server.poll()

    assert (report.new, server.state.held, len(ids(server))) == (50, 0, 100)
    assert server.poll().new == 0


def test_what_its_server_takes_back_is_forgotten(server: Server) -> None:
    server.size = 50
    server.write(50, at=NOW - timedelta(days=30))
    server.poll()
    before, known = list(server.articles), ids(server)
    server.write(50, at=NOW - timedelta(days=300))
    server.poll()
    assert server.state.held == 50

    server.articles = before
    report = server.poll()

    assert (report.new, server.state.held) == (0, 0)
    assert ids(server) == known
    server.write()
    assert server.poll().new == 1


def test_what_is_written_during_a_flood_comes_at_once(server: Server) -> None:
    flooded(server)
    server.write(2)

    assert server.poll().new == 2
    assert server.state.held in (48, 50)


def test_a_busy_day_is_no_flood(server: Server) -> None:
    report = flooded(server, at=NOW + timedelta(hours=3))

    assert (report.new, server.state.held) == (50, 0)


def test_a_new_source_brings_its_backlog_at_its_own_dates(tmp_path: Path) -> None:
    with World(tmp_path, YAML.replace("feed'}", "feed', backlog: 5}")) as world:
        server = Server(world, size=50)
        server.write(50, at=datetime(2020, 5, 1, tzinfo=UTC))

        report = server.poll()

        assert (report.new, server.state.held) == (5, 0)
        assert {entry.published.year for entry in world.entries if entry.published} == {2020}
        assert server.poll().new == 0


def test_a_new_source_brings_all_where_nothing_is_said(server: Server) -> None:
    server.size = 50
    server.write(50, at=datetime(2020, 5, 1, tzinfo=UTC))

    assert (server.poll().new, server.state.held) == (50, 0)


def test_a_flood_survives_a_restart_and_another_reading(server: Server) -> None:
    flooded(server)
    server.world.restart()
    server.world.write_config(YAML.replace("feed'}", "feed', language: en}"))

    assert server.poll().new == 0
    assert server.state.held == 50
