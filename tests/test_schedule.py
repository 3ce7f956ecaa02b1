"""When a source is polled next, and when it is left alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, ReadError
from aggregator.model import Every, Hints, Polling, Source, SourceState
from aggregator.schedule import (
    after_failure,
    after_success,
    claimed,
    comes_along,
    is_due,
    not_asked,
    replanned,
    skip_reason,
    trigger,
    unconditional_interval,
)

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
POLLING = Polling()
SOURCE = Source(name="a", url="https://example.org/feed")
EVERY_5M = replace(SOURCE, every=Every(interval=timedelta(minutes=5)))
NEW = SourceState(name="a")
OLD = SourceState(name="a", due=NOW, last_success=NOW - HOUR, interval=4 * HOUR)


def success(state=OLD, source=SOURCE, polling=POLLING, **facts):
    return after_success(state, source, polling, now=NOW, **facts)


def failure(status=None, *, wait=None, state=OLD, source=SOURCE, polling=POLLING, now=NOW):
    return after_failure(state, source, polling, FetchError("no", status=status, retry_after=wait), now=now)


def skipped(state, *, named=False, force=False, due_only=False, now=NOW):
    return skip_reason(state, now=now, named=named, force=force, due_only=due_only)


# --- our own plan ---------------------------------------------------------------------------------


def test_source_is_due_when_never_polled_and_when_its_time_has_come():
    assert is_due(NEW, now=NOW)
    assert is_due(OLD, now=NOW)
    assert not is_due(replace(OLD, due=NOW + timedelta(seconds=1)), now=NOW)
    assert not is_due(replace(OLD, due=None, is_gone=True), now=NOW)


def test_due_time_moves_on_before_the_request():
    state = claimed(NEW, SOURCE, POLLING, now=NOW)

    assert not is_due(state, now=NOW + HOUR - timedelta(seconds=1))
    assert state.last_poll is None
    assert claimed(NEW, EVERY_5M, POLLING, now=NOW).due == NOW + timedelta(minutes=5)


def test_interval_is_halved_by_new_entries_and_stretched_by_none_within_its_bounds():
    assert success(new=3).interval == 2 * HOUR
    assert success(new=0).interval == 6 * HOUR
    assert success(replace(OLD, interval=HOUR), new=1).interval == HOUR
    assert success(replace(OLD, interval=11 * HOUR)).interval == 12 * HOUR
    assert success(NEW, new=50).interval == HOUR


def test_sources_that_were_not_asked_come_apart_after_their_host_may_be_asked_and_it_counts_as_no_poll():
    until = NOW + 2 * HOUR
    sources = [Source(name=f"s{number}", url="https://a.example/") for number in range(20)]
    states = [
        not_asked(SourceState(name=one.name, failures=3, last_poll=NOW), one, POLLING, now=NOW, until=until)
        for one in sources
    ]

    assert len({state.due for state in states}) == 20
    assert all(until <= state.due <= until + timedelta(minutes=12) for state in states)
    assert {(state.failures, state.last_poll, state.wait_until) for state in states} == {(3, NOW, None)}


def test_source_with_a_cron_expression_that_was_not_asked_waits_for_a_time_that_is_written():
    source = replace(SOURCE, every=Every(cron="0 8 * * *"))

    state = not_asked(OLD, source, POLLING, now=NOW, until=NOW + 4 * HOUR)

    assert state.due == datetime(2026, 3, 5, 8, tzinfo=UTC)


def test_adaptive_due_time_is_spread_by_name_and_never_past_max():
    sources = [replace(SOURCE, name=f"source {number}") for number in range(100)]
    dues = {success(source=source).due for source in sources}

    assert len(dues) == 100
    assert min(dues) >= NOW + 6 * HOUR
    assert max(dues) <= NOW + 6 * HOUR * 1.1
    assert success(source=sources[0]) == success(source=sources[0])
    assert success(replace(OLD, interval=12 * HOUR)).due == NOW + 12 * HOUR


def test_written_interval_is_taken_as_it_is():
    assert success(source=EVERY_5M, new=3).due == NOW + timedelta(minutes=5)
    assert success(polling=replace(POLLING, every=Every(interval=24 * HOUR))).due == NOW + 24 * HOUR


def test_written_cron_expression_is_taken_as_it_is_in_the_sources_time_zone():
    source = replace(SOURCE, every=Every(cron="30 8 * * *"), timezone="Asia/Shanghai")

    assert success(source=source).due == datetime(2026, 3, 5, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("0", {6}),
        ("7", {6}),
        ("sun", {6}),
        ("1-5", {0, 1, 2, 3, 4}),
        ("5-7", {4, 5, 6}),
        ("6-1", {5, 6, 0}),
        ("fri-mon", {4, 5, 6, 0}),
        ("0-7", {0, 1, 2, 3, 4, 5, 6}),
        ("*", {0, 1, 2, 3, 4, 5, 6}),
        ("*/2", {6, 1, 3, 5}),
        ("1,3", {0, 2}),
        ("2/2", {1, 3, 5}),
    ],
)
def test_days_of_the_week_are_those_of_cron(days, expected):
    source = replace(SOURCE, every=Every(cron=f"0 12 * * {days}"))
    fires, now = set(), NOW
    for _ in range(14):
        now = after_success(OLD, source, POLLING, now=now).due
        fires.add(now.weekday())

    assert fires == expected


@pytest.mark.parametrize("cron", ["", "* * * *", "61 * * * *", "* * * * 8", "* * * * noday", "* * * * * *"])
def test_expression_that_is_none_is_told(cron):
    with pytest.raises(ValueError):  # noqa: PT011 - each part has its own words
        trigger(cron, "UTC")


# --- answers that cannot be asked for conditionally -----------------------------------------------


def test_source_without_validators_is_asked_once_a_day():
    state = success(has_validators=False)

    assert NOW + 24 * HOUR <= state.due <= NOW + 24 * HOUR * 1.1
    assert claimed(state, SOURCE, POLLING, now=NOW).due == state.due
    assert success(state, has_validators=False, fresh_for=6 * HOUR).due >= NOW + 24 * HOUR
    assert success(state, has_validators=True).due <= NOW + 12 * HOUR


def test_what_the_operator_wrote_is_shorter_than_a_day_with_or_without_validators():
    rarely = replace(POLLING, maximum=48 * HOUR, has_maximum=True)
    often = replace(POLLING, maximum=3 * HOUR, has_maximum=True)

    assert success(source=EVERY_5M, has_validators=False).due == NOW + timedelta(minutes=5)
    assert success(polling=often, has_validators=False).due == NOW + 3 * HOUR
    assert success(polling=rarely, has_validators=False).due >= NOW + 24 * HOUR
    assert unconditional_interval(success(has_validators=False), EVERY_5M, POLLING) is None


@pytest.mark.parametrize("known", [True, None])
def test_validators_or_a_place_on_this_machine_make_nothing_rarer(known):
    assert success(has_validators=known) == replace(success(), has_validators=known)


def test_a_source_without_validators_is_tried_again_after_an_error_as_soon_as_any_other():
    failed = failure(500, state=success(has_validators=False))

    assert failed.due <= NOW + 1.1 * HOUR
    assert failed.has_validators is False


# --- feeds.yaml is read again ---------------------------------------------------------------------


def test_a_shorter_interval_counts_from_the_last_poll_and_a_longer_one_changes_nothing():
    daily = replace(SOURCE, every=Every(interval=24 * HOUR))
    state = success(source=daily)

    assert replanned(state, EVERY_5M, POLLING) == NOW + timedelta(minutes=5)
    assert replanned(success(source=EVERY_5M), daily, POLLING) == NOW + timedelta(minutes=5)
    assert replanned(NEW, daily, POLLING) is None


def test_a_maximum_that_the_operator_writes_shortens_what_was_planned_for_once_a_day():
    state = success(has_validators=False)

    assert replanned(state, SOURCE, POLLING) == state.due
    assert replanned(state, SOURCE, replace(POLLING, maximum=3 * HOUR, has_maximum=True)) == NOW + 3 * HOUR


def test_a_poll_that_a_kill_cut_off_is_not_begun_again_before_its_next_time():
    state = success(source=EVERY_5M)
    later = NOW + timedelta(minutes=5)

    for _ in range(3):  # a crash loop: each start claims, and dies
        state = claimed(state, EVERY_5M, POLLING, now=later)
        assert replanned(state, EVERY_5M, POLLING) == later + timedelta(minutes=5)
        later += timedelta(minutes=5)


def test_what_a_server_asked_for_stays_whatever_is_written_now():
    waiting, failing = failure(429, wait=9 * HOUR), failure(500)

    assert replanned(waiting, EVERY_5M, POLLING) == waiting.due
    assert replanned(failing, EVERY_5M, POLLING) == failing.due


# --- in company -----------------------------------------------------------------------------------


def test_an_adaptive_source_comes_along_when_its_address_is_asked_for_another():
    assert comes_along(replace(OLD, due=NOW + 9 * HOUR), SOURCE, EVERY_5M, POLLING, now=NOW)
    assert comes_along(NEW, SOURCE, EVERY_5M, POLLING, now=NOW)


def test_a_written_interval_is_cut_by_a_tenth_at_most_and_a_cron_expression_not_at_all():
    hourly, nightly = replace(SOURCE, every=Every(interval=HOUR)), replace(SOURCE, every=Every(cron="0 3 * * *"))

    assert comes_along(replace(OLD, due=NOW + timedelta(minutes=6)), hourly, SOURCE, POLLING, now=NOW)
    assert not comes_along(replace(OLD, due=NOW + timedelta(minutes=7)), hourly, SOURCE, POLLING, now=NOW)
    assert comes_along(replace(OLD, due=NOW + timedelta(minutes=59)), hourly, hourly, POLLING, now=NOW)
    assert not comes_along(replace(OLD, due=NOW + timedelta(seconds=1)), nightly, SOURCE, POLLING, now=NOW)


@pytest.mark.parametrize("state", [success(fresh_for=HOUR), failure(429, wait=HOUR), failure(500), failure(410)])
def test_who_is_left_alone_does_not_come_along(state):
    assert not comes_along(state, SOURCE, SOURCE, POLLING, now=NOW)


# --- what the server and the feed ask for ---------------------------------------------------------


def test_fresh_answer_makes_the_next_poll_later_and_never_sooner():
    assert success(fresh_for=8 * HOUR).due == NOW + 8 * HOUR
    assert success(fresh_for=HOUR).due >= NOW + 6 * HOUR
    assert success(source=EVERY_5M, fresh_for=HOUR).due == NOW + HOUR


def test_freshness_is_believed_up_to_max():
    state = success(fresh_for=timedelta(days=365))

    assert state.due == NOW + 12 * HOUR
    assert (state.wait_until, state.wait_reason) == (NOW + 12 * HOUR, "fresh")


@pytest.mark.parametrize("hints", [Hints(ttl=8 * HOUR), Hints(update_period=8 * HOUR)])
def test_hints_of_the_feed_count_unless_the_operator_wrote_how_often(hints):
    assert success(hints=hints).due == NOW + 8 * HOUR
    assert success(hints=hints).wait_until == NOW + 8 * HOUR
    assert success(source=EVERY_5M, hints=hints).due == NOW + timedelta(minutes=5)
    assert success(source=EVERY_5M, hints=hints).wait_until is None


def test_hints_stay_over_a_304_and_end_with_a_200_that_has_none():
    state = success(hints=Hints(ttl=8 * HOUR))

    assert success(state, hints=None).wait_until == NOW + 8 * HOUR
    assert success(state, hints=Hints()).wait_until is None


def test_skipped_hours_and_days_are_left_out():
    nights = Hints(skip_hours=tuple(range(9, 24)))
    weekdays = Hints(skip_days=(2, 3, 4))

    assert success(hints=nights).due == datetime(2026, 3, 5, tzinfo=UTC)
    assert success(hints=weekdays).due == datetime(2026, 3, 7, tzinfo=UTC)
    assert success(hints=weekdays).wait_until == datetime(2026, 3, 7, tzinfo=UTC)


def test_feed_that_rules_out_all_hours_rules_out_none():
    assert success(hints=Hints(skip_hours=tuple(range(24)), skip_days=tuple(range(7)))).wait_until is None


def test_success_ends_what_failures_began():
    state = success(replace(OLD, failures=3, error="no", wait_until=NOW, wait_reason="back-off", is_gone=True), new=1)

    assert (state.failures, state.error, state.wait_until, state.wait_reason, state.is_gone) == (
        0,
        None,
        None,
        None,
        False,
    )
    assert (state.last_poll, state.last_success, state.last_new, state.status) == (NOW, NOW, NOW, 200)


# --- failures -------------------------------------------------------------------------------------


def test_failures_back_off_by_doubling_up_to_max():
    waits = [failure(500, state=replace(OLD, failures=n)).due - NOW for n in range(8)]

    for wait, hours in zip(waits, [1, 2, 4, 8, 12, 12, 12, 12], strict=True):
        assert hours * HOUR <= wait <= hours * HOUR * 1.1
    assert failure(source=EVERY_5M).due < NOW + timedelta(minutes=6)
    assert failure().wait_reason == "back-off"
    assert failure().failures == 1


@pytest.mark.parametrize("source", [SOURCE, EVERY_5M])
def test_a_403_backs_off_by_hours_and_doubles_however_often_the_source_is_asked(source):
    waits = [failure(403, source=source, state=replace(OLD, failures=n)).due - NOW for n in range(4)]

    for wait, hours in zip(waits, [4, 8, 12, 12], strict=True):
        assert hours * HOUR <= wait <= hours * HOUR * 1.1


def test_a_403_of_a_cron_source_backs_off_by_hours_too():
    source = replace(SOURCE, every=Every(cron="0 * * * *"))

    assert failure(403, source=source).due == datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_no_failing_source_is_asked_sooner_than_its_answer_wants(status):
    state = failure(status, wait=30 * HOUR)

    assert state.due >= NOW + 30 * HOUR
    assert (state.failures, state.wait_reason) == (1, "back-off")
    assert failure(status, wait=timedelta(days=400)).due == NOW + timedelta(days=7)


def test_a_row_of_failures_begins_with_its_first_and_a_busy_server_begins_none():
    first = failure(500)
    second = failure(404, state=first, now=NOW + HOUR)

    assert (first.failing_since, second.failing_since) == (NOW, NOW)
    assert failure(429).failing_since is None
    assert failure(503, state=first).failing_since == NOW
    assert success(second).failing_since is None


def test_gone_since_is_when_it_was_found_gone_not_when_it_began_to_fail_or_was_tried_again():
    gone = failure(410, state=failure(500), now=NOW + HOUR)
    again = failure(410, state=gone, now=NOW + 9 * HOUR)

    assert (gone.failing_since, again.failing_since) == (NOW + HOUR, NOW + HOUR)
    assert skipped(gone)[0] == "gone since 2026-03-04: the server answered 410; name the source to try again"


def test_dead_source_is_asked_at_least_once_a_week():
    waits = [failure(state=replace(OLD, failures=n)).due - NOW for n in (19, 22, 40, 100_000)]

    assert waits[0] == 12 * HOUR
    assert 12 * HOUR < waits[1] < timedelta(days=7)
    assert waits[2] == waits[3] == timedelta(days=7)


def test_written_interval_longer_than_max_is_never_made_shorter_by_failures():
    source = replace(SOURCE, every=Every(interval=timedelta(days=30)))

    assert all(
        failure(source=source, state=replace(OLD, failures=n)).due >= NOW + timedelta(days=30) for n in (0, 5, 50)
    )


def test_cron_source_backs_off_to_later_times_of_its_expression():
    source = replace(SOURCE, every=Every(cron="0 * * * *"))

    assert failure(source=source).due == datetime(2026, 3, 4, 6, tzinfo=UTC)
    assert failure(source=source, state=replace(OLD, failures=2)).due == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_what_fails_together_comes_back_apart():
    sources = [replace(SOURCE, name=f"source {number}") for number in range(50)]

    assert len({failure(500, source=source).due for source in sources}) == 50
    assert len({failure(429, wait=HOUR * 20, source=source).due for source in sources}) == 50


@pytest.mark.parametrize("status", [429, 503])
def test_server_that_asks_to_wait_is_left_alone_that_long_and_it_is_no_failure(status):
    state = failure(status, wait=24 * HOUR, state=replace(OLD, failures=2))

    assert (state.wait_until, state.wait_reason) == (NOW + 24 * HOUR, "retry-after")
    assert NOW + 24 * HOUR <= state.due <= NOW + 24 * HOUR * 1.1
    assert state.failures == 2
    assert state.error == "no"


def test_short_wait_makes_no_poll_sooner_than_planned():
    assert failure(429, wait=timedelta(seconds=1), source=EVERY_5M).due == NOW + timedelta(minutes=5)


def test_busy_server_that_does_not_say_how_long_gets_four_hours_and_then_more():
    first = failure(429, source=EVERY_5M)
    later = first.wait_until
    second = failure(429, source=EVERY_5M, state=first, now=later)

    assert first.wait_until == NOW + 4 * HOUR
    assert second.wait_until == later + 8 * HOUR


def test_no_wait_is_longer_than_a_week():
    state = failure(503, wait=timedelta(days=365))

    assert state.due == state.wait_until == NOW + timedelta(days=7)


def test_gone_stops():
    state = failure(410)

    assert state.is_gone
    assert state.due is None
    assert not is_due(state, now=NOW + timedelta(days=1000))


def test_answer_that_cannot_be_read_backs_off_too():
    state = after_failure(OLD, SOURCE, POLLING, ReadError("not a feed"), now=NOW)

    assert (state.failures, state.error, state.status) == (1, "not a feed", None)
    assert state.last_success == OLD.last_success


# --- what a refresh leaves alone ------------------------------------------------------------------


def test_refresh_polls_whatever_our_own_interval():
    later = replace(OLD, due=NOW + HOUR)

    assert skipped(NEW) is None
    assert skipped(later) is None
    assert skipped(later, due_only=True) == ("not due yet", NOW + HOUR)
    assert skipped(OLD, due_only=True) is None


@pytest.mark.parametrize("state", [success(fresh_for=HOUR), failure(429, wait=HOUR)])
def test_wait_that_a_server_asked_for_holds_for_a_named_source_too(state):
    assert skipped(state)[1] == NOW + HOUR
    assert skipped(state, named=True)[1] == NOW + HOUR
    assert skipped(state, named=True, force=True) is None
    assert skipped(state, now=NOW + HOUR) is None


def test_name_overrides_back_off_and_gone():
    failing, gone = failure(500), failure(410)

    assert skipped(failing)[1] == failing.due
    assert skipped(gone)[1] is None
    assert skipped(failing, named=True) is skipped(gone, named=True) is None
    assert skipped(failing, force=True) is skipped(gone, force=True) is None
