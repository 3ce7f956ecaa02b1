"""What status says of a source's server, sentence by sentence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.cli.healths import Health, healths
from aggregator.model import HostState, SourceState
from tests.fakes import read_config

NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLLED = SourceState(name="a", last_poll=NOW - HOUR, last_success=NOW - HOUR, due=NOW + 2 * HOUR, status=200)
Told = Callable[..., Health]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Return how a source does of which this is remembered. more: of the source, head: of feeds.yaml."""

    def tell(state: SourceState = POLLED, *hosts: HostState, more: str = "", head: str = "") -> Health:
        config = read_config(tmp_path, f"{head}\nsources: [{{name: a, url: 'https://a.example/feed'{more}}}]")
        (health,) = healths(config, [state], hosts, now=NOW)
        return health

    return tell


def test_who_asks_for_nothing_and_fails_in_nothing_is_told_nothing(told: Told) -> None:
    assert (told().state, told().asked) == ("ok", ())
    assert told(SourceState(name="a")).state == "new"


def test_a_wish_for_silence_is_told_with_its_end_and_status(told: Told) -> None:
    wait = replace(POLLED, wait_until=NOW + 2.5 * HOUR, wait_reason="retry-after", status=429, error="429")

    assert (told(wait).state, told(wait).asked) == ("waiting", ("asked us to wait until 14:30 UTC (429)",))
    assert told(wait, head="site: {timezone: Asia/Shanghai}").asked == ("asked us to wait until 22:30 CST (429)",)
    assert told(replace(wait, wait_until=NOW + 24 * HOUR)).asked == (
        "asked us to wait until 2026-11-06 12:00 UTC (429)",
    )


def test_a_wish_for_silence_that_has_ended_is_no_failure(told: Told) -> None:
    health = told(replace(POLLED, wait_until=NOW - HOUR, wait_reason="retry-after", status=503, error="503"))

    assert health.state == "waiting"
    assert health.asked == ("asked us to wait until 11:00 UTC (503), and that is over",)


def test_silence_that_another_source_of_the_host_was_asked_for_is_told(told: Told) -> None:
    host = HostState(name="a.example", silent_until=NOW + HOUR, silent_status=503)

    health = told(POLLED, host, HostState(name="b.example", silent_until=NOW + HOUR))

    assert (health.state, health.asked) == ("waiting", ("its host asked us to wait until 13:00 UTC (503)",))
    assert health.next_poll == POLLED.due
    assert told(replace(POLLED, due=NOW), host).next_poll == NOW + HOUR
    new = told(SourceState(name="a"), host)
    assert (new.state, new.next_poll) == ("waiting", NOW + HOUR)
    assert told(POLLED, replace(host, silent_until=NOW)).asked == ()


def test_a_host_that_does_not_answer_is_told_with_since_when_and_the_next_try(told: Told) -> None:
    host = HostState(
        name="a.example", failures=7, failing_since=NOW - HOUR, open_until=NOW + timedelta(minutes=20), openings=2
    )

    health = told(POLLED, host)

    assert health.state == "failing"
    assert health.asked == (
        "a.example does not answer since 11:00 UTC (7 requests in a row); it is asked again at 12:20 UTC",
    )


def test_a_row_of_failures_is_told_with_its_beginning_its_number_the_next_try_and_the_error(told: Told) -> None:
    failed = replace(POLLED, failures=1, failing_since=NOW - HOUR, error="404 Not Found: look", due=NOW + HOUR)
    row = replace(failed, failures=5, failing_since=datetime(2026, 11, 2, 13, 5, tzinfo=UTC))

    assert told(failed).asked == ("failed at 11:00 UTC, next try 13:00 UTC: 404 Not Found: look",)
    assert told(row).asked == (
        "failing since 2026-11-02 13:05 UTC, 5 times in a row, next try 13:00 UTC: 404 Not Found: look",
    )
    assert told(replace(row, due=NOW - HOUR)).asked[0].endswith("next try now: 404 Not Found: look")
    assert told(row).state == "failing"


def test_gone_is_told_since_when_and_how_to_try_again(told: Told) -> None:
    gone = replace(
        POLLED, is_gone=True, status=410, failures=1, failing_since=datetime(2026, 11, 2, tzinfo=UTC), due=None
    )

    assert told(gone).asked == (
        "gone since 2026-11-02: the server said so for good (410); name it in `refresh` to try again",
    )
    assert (told(gone).state, told(gone).next_poll) == ("gone", None)


def test_a_move_is_told_with_its_days_and_from_the_third_on_with_since_when(told: Told) -> None:
    moved = replace(POLLED, moved_to="https://new.example/feed", moved_days=("2026-11-01",))
    believed = replace(moved, moved_days=("2026-11-01", "2026-11-02", "2026-11-04"))

    assert told(moved).asked == (
        "moved to https://new.example/feed, seen on 1 day; asked there directly once 3 days have said so",
    )
    assert told(believed).asked == (
        "moved to https://new.example/feed, seen on 3 days; asked there since 2026-11-04: "
        "write that address in feeds.yaml",
    )
    assert told(replace(believed, found_url="https://a.example/rss")).asked[0].startswith("its feed moved to")
    silent = HostState(name="new.example", silent_until=NOW + HOUR, silent_status=429)
    assert told(believed, silent).asked[0] == "its host asked us to wait until 13:00 UTC (429)"


def test_a_fresh_answer_is_told_until_it_ends(told: Told) -> None:
    fresh = replace(POLLED, wait_until=NOW + HOUR, wait_reason="fresh")

    assert told(fresh).asked == ("its answer is fresh until 13:00 UTC, and it is not asked before",)
    assert told(replace(fresh, wait_until=NOW)).asked == ()


def test_a_server_without_validators_is_told_with_what_to_write(told: Told) -> None:
    state = replace(POLLED, has_validators=False)
    sentence = "as its server gives no validators (ETag, Last-Modified); write `every` to ask more often"

    assert told(state).asked == (f"asked once a day, {sentence}",)
    assert told(state, head="polling: {max: 6h}").asked == (f"asked every 6 h at most, {sentence}",)
    assert told(state, more=", every: 1h").asked == ()
    assert told(replace(POLLED, has_validators=True)).asked == ()


def test_a_disabled_source_is_told_nothing(told: Told) -> None:
    failing = replace(POLLED, failures=3, error="no", moved_to="https://b.example/", moved_days=("2026-11-01",))

    assert (told(failing, more=", enabled: false").state, told(failing, more=", enabled: false").asked) == (
        "disabled",
        (),
    )


def test_words_of_strangers_cannot_move_the_cursor(told: Told) -> None:
    evil = "\x1b[2J\u202eevil"

    health = told(
        replace(POLLED, failures=1, error=evil, moved_to=f"https://b.example/{evil}", moved_days=("2026-11-01",))
    )

    assert not any(character in sentence for sentence in health.asked for character in "\x1b\u202e")
