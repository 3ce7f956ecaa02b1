"""What is known of hosts: who asked for silence until when, who does not answer at all and is left to rest.

A host is the host as addressed, with its port where that is not the scheme's own: two ports of one machine are two
servers. It outlasts the process where a Memory is handed in, to which only changes are written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from aggregator.errors import NotAsked
from aggregator.model import HostState, Polling, RobotsState
from aggregator.text.shares import share
from aggregator.text.urls import origin

ENOUGH = 5  # requests in a row without any answer: the host is down, and every further one would wait for its time-out
FIRST_REST = timedelta(minutes=5)  # then nobody asks for so long; each time that the next try fails twice as long
SPREAD = 0.1  # so much of it at most is added, by the host's name
REMEMBERED = 1000  # at least so many are known before those whose silence is over are forgotten


class Memory(Protocol):
    """Where what is known of hosts outlasts the process. The store is one."""

    def hosts(self) -> Iterable[HostState]: ...

    def save_host(self, state: HostState) -> None: ...

    def robots(self, origin: str) -> RobotsState | None: ...

    def save_robots(self, state: RobotsState) -> None: ...


@dataclass
class Notes:
    """A memory that ends with the process. known: what it begins with, by name."""

    known: dict[str, HostState] = field(default_factory=dict)
    rules: dict[str, RobotsState] = field(default_factory=dict)

    def hosts(self) -> Iterable[HostState]:
        return tuple(self.known.values())

    def save_host(self, state: HostState) -> None:
        self.known[state.name] = state

    def robots(self, origin: str) -> RobotsState | None:
        return self.rules.get(origin)

    def save_robots(self, state: RobotsState) -> None:
        self.rules[state.origin] = state


def silences(states: Iterable[HostState]) -> Notes:
    """Return a memory that begins with what hosts asked for, and in which those that did not answer are asked again."""
    asked = (state for state in states if state.silent_until is not None)
    return Notes(
        {
            one.name: HostState(name=one.name, silent_until=one.silent_until, silent_status=one.silent_status)
            for one in asked
        }
    )


def host_name(url: str) -> str:
    """Return what the host of a web address is called here: ``example.org``, ``127.0.0.1:8080``."""
    return (origin(url) or url).partition("://")[2].partition("/")[0]


def address_name(url: str) -> str:
    """Return what a single address is called here. It may hold secrets, so it is a digest."""
    return f"address {blake2b(url.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def why_not(state: HostState, *, now: datetime, host: str = "") -> NotAsked | None:
    """Return why a host may not be asked now, or None when it may. host: where ``state`` is of one address."""
    name = host or state.name
    if state.silent_until is not None and state.silent_until > now:
        asked = f"{name} asked us to wait until {_clock(state.silent_until)}"
        return NotAsked(f"{asked} ({state.silent_status})" if state.silent_status else asked, until=state.silent_until)
    if state.open_until is not None and state.open_until > now:
        return NotAsked(
            f"{name} has not answered since {_clock(state.failing_since or now)}, {state.failures} requests in a row; "
            f"it is asked again at {_clock(state.open_until)}",
            until=state.open_until,
        )
    return None


@dataclass
class Hosts:
    """What is known of the hosts met so far. now: gives aware datetimes."""

    polling: Polling
    now: Callable[[], datetime]
    _known: dict[str, HostState] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)
    _sweep_at: int = REMEMBERED

    def recall(self, states: Iterable[HostState]) -> None:
        """Take over what an earlier run remembered."""
        self._known.update({state.name: state for state in states if state.name not in self._changed})

    def changes(self) -> list[HostState]:
        """Return what is to be remembered now, each change once."""
        states = [self._known.get(name) or HostState(name=name) for name in self._changed]
        self._changed.clear()
        return states

    def heed(self, host: str, address: str) -> None:
        """Raise NotAsked when the host, or this one address of it, may not be asked now."""
        now = self.now()
        for name in (host, address):
            state = self._known.get(name)
            if state is not None and (error := why_not(state, now=now, host=host)) is not None:
                raise error

    def is_resting(self, host: str) -> bool:
        """Nobody asks it before its time comes."""
        state = self._known.get(host)
        return state is not None and state.open_until is not None and state.open_until > self.now()

    def is_on_trial(self, host: str) -> bool:
        """The time of its rest is over, and whether it answers is still to be seen."""
        state = self._known.get(host)
        return state is not None and state.open_until is not None and state.open_until <= self.now()

    def try_again(self, host: str) -> None:
        """End the rest of a host: a person wants to know whether it answers."""
        state = self._known.get(host)
        if state is not None and state.open_until is not None:
            self._known[host] = replace(state, open_until=self.now())

    def silence(self, name: str, *, until: datetime, status: int) -> None:
        """Leave a host or an address alone, as it asked; a longer silence stands."""
        state = self._known.get(name) or HostState(name=name)
        if state.silent_until is None or state.silent_until < until:
            self._note(replace(state, silent_until=until, silent_status=status))

    def answered(self, host: str) -> None:
        """It lives: whatever it missed before counts no more."""
        state = self._known.get(host)
        if state is not None and state.failures:
            silent = replace(HostState(name=host), silent_until=state.silent_until, silent_status=state.silent_status)
            is_past = state.silent_until is None or state.silent_until <= self.now()
            self._note(HostState(name=host) if is_past else silent)

    def missed(self, host: str, *, is_trial: bool) -> None:
        """It gave no answer at all. After ENOUGH in a row, and when it failed its trial, it rests."""
        now = self.now()
        state = self._known.get(host) or HostState(name=host)
        state = replace(state, failures=state.failures + 1, failing_since=state.failing_since or now)
        if is_trial or (state.open_until is None and state.failures >= ENOUGH):
            rest = min(FIRST_REST * (1 << min(state.openings, 20)), self.polling.maximum)
            rest *= 1 + SPREAD * share(host)  # hosts that fail together do not come back together
            state = replace(state, open_until=now + rest, openings=state.openings + 1)
        self._note(state)

    def _note(self, state: HostState) -> None:
        if len(self._known) >= self._sweep_at:
            self._forget_past()
        if state == HostState(name=state.name):
            self._known.pop(state.name, None)
        else:
            self._known[state.name] = state
        self._changed.add(state.name)

    def _forget_past(self) -> None:
        now = self.now()
        self._known = {
            name: state
            for name, state in self._known.items()
            if state.failures or name in self._changed or (state.silent_until is not None and state.silent_until > now)
        }
        self._sweep_at = max(REMEMBERED, 2 * len(self._known))


def _clock(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
