"""When a permanent redirect is believed, and when it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, NotAsked, ReadError
from aggregator.model import Source, SourceState
from aggregator.moving import (
    ENOUGH_DAYS,
    MOST_DAYS,
    after_answer,
    is_answer_enough,
    is_looked_at_again,
    new_address,
    told,
)

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCE = Source(name="a", url="http://a.example/feed")
NEW = "https://a.example/feed"
BEFORE = SourceState(name="a")


def after(*sightings, state=BEFORE, source=SOURCE):
    """Return the state after answers: (days from now, where the redirect led)."""
    for days, target in sightings:
        at = NOW + days * DAY
        state = after_answer(state, source, permanent_url=target, is_there=False, now=at)
        state = replace(state, last_poll=at)
    return state


MOVED = after((0, NEW), (1, NEW), (2, NEW))


def test_redirect_is_believed_once_it_was_seen_on_three_days():
    states = [after(*[(day, NEW) for day in range(days)]) for days in range(5)]

    assert [new_address(state, SOURCE) for state in states] == [None, None, None, NEW, NEW]
    assert MOVED.moved_days == ("2026-03-02", "2026-03-03", "2026-03-04")


def test_a_portal_that_redirects_for_an_hour_is_not_believed_however_often_it_is_asked():
    assert new_address(after(*[(minute / 1440, NEW) for minute in range(60)]), SOURCE) is None
    midnight = 16 / 24
    assert new_address(after(*[(midnight + hour / 24, NEW) for hour in (-1, -0.5, 0.5, 1)]), SOURCE) is None


def test_another_target_begins_anew():
    state = after((0, NEW), (1, NEW), (2, "https://b.example/feed"))

    assert (state.moved_to, len(state.moved_days)) == ("https://b.example/feed", 1)
    assert after((3, "https://b.example/feed"), state=MOVED).moved_days == ("2026-03-05",)


def test_targets_that_change_at_every_poll_are_never_believed():
    assert new_address(after(*[(day, f"{NEW}?session={day}") for day in range(30)]), SOURCE) is None


def test_an_answer_without_a_redirect_ends_the_count_and_the_belief():
    assert after((0, NEW), (1, None), (2, NEW)).moved_days == ("2026-03-04",)
    assert after((3, None), state=MOVED).moved_to is None


def test_answers_of_the_new_address_are_no_sightings_and_a_redirect_of_it_is_a_new_one():
    stays = after_answer(MOVED, SOURCE, permanent_url=None, is_there=True, now=NOW + 9 * DAY)
    moves = after_answer(MOVED, SOURCE, permanent_url="https://c.example/", is_there=True, now=NOW + 9 * DAY)

    assert stays == MOVED
    assert (moves.moved_to, moves.moved_days) == ("https://c.example/", ("2026-03-11",))


def test_the_written_address_is_looked_at_once_in_thirty_days():
    polled = replace(MOVED, last_poll=NOW + 2 * DAY)
    asked = []
    for hour in range(0, 24 * 100, 6):
        at = NOW + 2 * DAY + hour * DAY / 24
        if is_looked_at_again(polled, now=at):
            asked.append((at - NOW).days - 2)
        polled = replace(polled, last_poll=at)

    assert asked == [29, 59, 89]  # days later, at midnight
    assert not is_looked_at_again(BEFORE, now=NOW)


def test_days_are_kept_with_the_first_and_the_latest():
    state = after(*[(day, NEW) for day in range(50)])

    assert len(state.moved_days) == MOST_DAYS
    assert state.moved_days[:ENOUGH_DAYS] == MOVED.moved_days
    assert state.moved_days[-1] == "2026-04-20"


@pytest.mark.parametrize(
    "source",
    [
        replace(SOURCE, method="POST"),
        replace(SOURCE, body="{}"),
        Source(name="a", path="/posts"),
    ],
)
def test_where_a_body_is_sent_nothing_is_remembered(source):
    assert after((0, NEW), (1, NEW), (2, NEW), source=source).moved_to is None
    assert new_address(MOVED, source) is None


def test_a_secret_is_remembered_by_its_name_and_asked_with_its_value():
    source = replace(SOURCE, secrets=(("KEY", "s3cret"),))
    state = after(*[(day, f"{NEW}?key=s3cret") for day in range(3)], source=source)

    assert state.moved_to == f"{NEW}?key=${{KEY}}"
    assert new_address(state, source) == f"{NEW}?key=s3cret"


def test_a_secret_that_an_address_spells_in_more_ways_than_one_is_not_guessed():
    source = replace(SOURCE, secrets=(("KEY", "s3/cret"),))
    state = after(*[(day, f"{NEW}?key=s3%2Fcret") for day in range(3)], source=source)

    assert state.moved_to == f"{NEW}?key=${{KEY}}"
    assert new_address(state, source) is None


def test_it_is_told_once_when_it_is_believed_and_once_when_no_more():
    two = after((0, NEW), (1, NEW))

    assert told(BEFORE, two, SOURCE) is None
    assert str(told(two, MOVED, SOURCE)).startswith(f"its address has moved to {NEW}, as its server said on 3 days")
    assert told(MOVED, after((3, NEW), state=MOVED), SOURCE) is None
    assert str(told(MOVED, BEFORE, SOURCE)).startswith(f"its address no longer leads to {NEW}")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FetchError("x", status=429), True),
        (FetchError("x", status=503), True),
        (NotAsked("x", until=NOW), True),
        (FetchError("x", status=404), False),
        (FetchError("x"), False),
        (ReadError("x"), False),
    ],
)
def test_a_server_that_is_busy_says_nothing_of_its_address(error, expected):
    assert is_answer_enough(error) is expected
