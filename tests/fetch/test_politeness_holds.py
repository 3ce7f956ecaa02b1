"""Whatever is asked, in whatever order, however it ends: nobody is asked too much, too soon, or in their silence."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import FetchError, NotAsked, Refused
from aggregator.fetch.hosts import ENOUGH, FIRST_REST, Notes
from aggregator.fetch.politeness import Politeness, Turn
from aggregator.model import Polling
from tests.fetch.hurried import run_hurried

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LITTLE = 1e-6  # seconds; sums of floats

End = Literal["answer", "no answer", "refused", "busy"]


@dataclass(frozen=True)
class Wish:
    """A request. at, lasts, patience: seconds; one without patience is never cancelled. gap: of a page."""

    host: str
    at: float
    lasts: float
    end: End = "answer"
    patience: float | None = None
    gap: float | None = None


@dataclass
class Log:
    """What happened. fates: per wish."""

    starts: dict[str, list[float]] = field(default_factory=dict)
    pages: dict[str, list[float]] = field(default_factory=dict)
    under_way: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    trials: Counter[str] = field(default_factory=Counter)
    silent_until: dict[str, float] = field(default_factory=dict)
    fates: list[str] = field(default_factory=list)


async def play(wishes: list[Wish], polling: Polling) -> Log:
    loop, log = asyncio.get_running_loop(), Log()

    def now() -> datetime:
        return NOW + timedelta(seconds=loop.time())

    politeness = Politeness(polling, now=now, memory=Notes())

    def begin(wish: Wish, turn: Turn) -> None:
        at, host = loop.time(), wish.host
        assert at >= log.silent_until.get(host, 0.0) - LITTLE, "asked in its silence"
        assert not log.trials[host], "asked while another one tries whether it is back"
        assert not politeness.hosts.is_resting(host), "asked in its rest"
        log.trials[host] += turn.is_trial
        log.starts.setdefault(host, []).append(at)
        if wish.gap:
            log.pages.setdefault(host, []).append(at)
        for key in (host, "all"):
            log.under_way[key] += 1
            log.most[key] = max(log.most[key], log.under_way[key])

    async def ask(wish: Wish) -> None:
        gap = timedelta(seconds=wish.gap) if wish.gap else None
        async with politeness.turn(wish.host, gap=gap) as turn:
            begin(wish, turn)
            try:
                await asyncio.sleep(wish.lasts)
            finally:
                log.trials[wish.host] -= turn.is_trial
                for key in (wish.host, "all"):
                    log.under_way[key] -= 1
            if wish.end == "no answer":
                raise FetchError("nothing")
            if wish.end == "refused":
                raise Refused("private")
            turn.answered()
            if wish.end == "busy":
                politeness.silence(wish.host, until=now() + timedelta(seconds=30), status=429)
                log.silent_until[wish.host] = loop.time() + 30

    async def one(wish: Wish) -> str:
        await asyncio.sleep(wish.at)
        try:
            async with asyncio.timeout(wish.patience):
                await ask(wish)
        except TimeoutError:
            return "cancelled"
        except NotAsked:
            return "not asked"
        except FetchError:
            return "failed"
        return "answered"

    log.fates = list(await asyncio.gather(*(one(wish) for wish in wishes)))
    assert not +log.under_way
    assert politeness._under_way == 0
    return log


def played(wishes: list[Wish], polling: Polling) -> Log:
    logs: list[Log] = []

    async def work() -> None:
        logs.append(await play(wishes, polling))

    run_hurried(work())
    return logs[0]


WISHES = st.builds(
    Wish,
    host=st.sampled_from("ab"),
    at=st.integers(0, 60).map(lambda tenths: tenths / 10) | st.integers(300, 700).map(float),
    lasts=st.integers(0, 30).map(lambda tenths: tenths / 10),
    end=st.sampled_from(["answer", "no answer", "no answer", "refused", "busy"]),
    patience=st.none() | st.integers(1, 20).map(lambda tenths: tenths / 10),
    gap=st.none() | st.just(2.0),
)
POLLINGS = st.builds(
    Polling,
    pause=st.sampled_from([timedelta(0), timedelta(seconds=0.3), timedelta(seconds=1)]),
    per_host=st.integers(1, 3),
    concurrency=st.integers(1, 4),
)


@given(st.lists(WISHES, max_size=25), POLLINGS)
@settings(max_examples=150, deadline=None)
def test_queue_holds_whatever_is_asked_and_nobody_is_lost(wishes: list[Wish], polling: Polling) -> None:
    log = played(wishes, polling)

    assert len(log.fates) == len(wishes)
    assert all(log.most[host] <= polling.per_host for host in "ab")
    assert log.most["all"] <= polling.concurrency
    for times, least in ((log.starts, polling.pause.total_seconds()), (log.pages, 2.0)):
        for starts in times.values():
            assert all(later - earlier >= least - LITTLE for earlier, later in pairwise(starts))
    for wish, fate in zip(wishes, log.fates, strict=True):
        if fate == "not asked":
            assert any(one.host == wish.host and one.end in ("no answer", "busy") for one in wishes) or wish.gap


AT_ONCE = 1e-10  # seconds: less than the loop tells apart, so that two things happen in one round of it


def test_pause_holds_where_one_comes_in_the_moment_in_which_another_is_let_go() -> None:
    wishes = [Wish("a", 0, 0), Wish("a", 0.5, 0), Wish("a", 1 - AT_ONCE, 0)]

    log = played(wishes, Polling(pause=timedelta(seconds=1), per_host=3))

    assert [round(at, 6) for at in log.starts["a"]] == [0, 1, 2]


def test_silence_holds_for_one_that_is_let_go_in_the_moment_in_which_it_is_heard_of() -> None:
    wishes = [Wish("a", 0, 1 - AT_ONCE, "busy"), Wish("a", 0.5, 0)]

    log = played(wishes, Polling(pause=timedelta(seconds=1), per_host=2))

    assert log.fates == ["answered", "not asked"]


def test_place_of_a_request_that_is_given_up_in_the_moment_in_which_it_is_let_go_comes_back() -> None:
    wishes = [Wish("a", 0, 0), Wish("a", 0.5, 0, patience=0.5 + AT_ONCE), Wish("a", 0.7, 0)]

    log = played(wishes, Polling(pause=timedelta(seconds=1), per_host=1, concurrency=1))

    assert log.fates == ["answered", "cancelled", "answered"]


def test_one_request_tries_a_host_whose_rest_is_over_and_the_others_wait_for_what_becomes_of_it() -> None:
    rest = FIRST_REST.total_seconds() * 1.2
    down = [Wish("a", 0, 1, "no answer") for _ in range(ENOUGH)]
    polling = Polling(pause=timedelta(0), per_host=3)

    failing = played([*down, Wish("a", rest, 5, "no answer"), *[Wish("a", rest + 1, 1)] * 4], polling)
    back = played([*down, Wish("a", rest, 5), *[Wish("a", rest + 1, 1)] * 4], polling)

    assert failing.fates == [*["failed"] * (ENOUGH + 1), *["not asked"] * 4]
    assert back.fates == [*["failed"] * ENOUGH, *["answered"] * 5]
    assert [round(at - rest, 6) for at in back.starts["a"][-4:]] == [5, 5, 5, 6]


def test_request_that_tries_and_is_given_up_leaves_its_place_to_the_next() -> None:
    rest = FIRST_REST.total_seconds() * 1.2
    down = [Wish("a", 0, 1, "no answer") for _ in range(ENOUGH)]

    log = played([*down, Wish("a", rest, 60, patience=2), Wish("a", rest + 1, 1)], Polling(pause=timedelta(0)))

    assert log.fates[ENOUGH:] == ["cancelled", "answered"]


def test_rest_grows_with_every_failed_try_up_to_max_and_hosts_come_back_apart() -> None:
    tries: dict[str, list[float]] = {}
    for host in ("one.example", "two.example"):
        wishes = [Wish(host, 0, 1, "no answer")] * ENOUGH + [
            Wish(host, 60.0 * minute, 1, "no answer") for minute in range(1, 300)
        ]
        log = played(wishes, Polling(pause=timedelta(0), per_host=1, maximum=timedelta(hours=1)))
        tries[host] = log.starts[host][ENOUGH:]

    gaps = [later - earlier for earlier, later in pairwise(tries["one.example"])]
    assert 300 <= tries["one.example"][0] <= 400
    assert gaps == sorted(gaps)
    assert 600 <= gaps[0] <= 720
    assert 3600 <= gaps[-1] <= 3600 * 1.1 + 60
    assert tries["one.example"] != tries["two.example"]


def test_hosts_that_wait_for_a_place_come_in_turn() -> None:
    wishes = [Wish("a", 0, 1) for _ in range(10)] + [Wish("b", 0.1, 1), Wish("b", 0.1, 1)]

    log = played(wishes, Polling(pause=timedelta(0), per_host=2, concurrency=1))

    assert [round(at, 6) for at in log.starts["b"]] == [2, 4]  # the second of the others came first


def test_page_that_its_hosts_delay_would_keep_waiting_for_minutes_is_left_for_later() -> None:
    log = played([Wish("a", 0, 0, gap=30.0) for _ in range(10)] + [Wish("a", 1, 0)], Polling())

    assert log.fates == ["answered"] * 5 + ["not asked"] * 5 + ["answered"]
    assert [round(at, 6) for at in log.starts["a"]] == [0, 1, 30, 60, 90, 120]
