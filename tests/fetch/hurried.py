"""An event loop in which waiting takes no time: where nothing is to be done, its clock jumps to what comes next."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

LONGEST = 5  # real seconds for what happens outside, such as a thread that saves


class _Jumping(selectors.DefaultSelector):  # type: ignore[misc,valid-type]
    loop: "HurriedLoop"

    def select(self, timeout: float | None = None) -> Any:
        events = super().select(0)
        if events or timeout == 0:
            return events
        if timeout is None:
            events = super().select(LONGEST)
            if not events:
                raise RuntimeError("everybody waits, and for nothing")
            return events
        self.loop.at += timeout + 1e-9  # as a real clock, which is never early
        return []


class HurriedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.at = 0.0
        selector = _Jumping()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.at


def run_hurried(work: Coroutine[Any, Any, None]) -> None:
    """Run until it is done, in no time."""
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(work)
