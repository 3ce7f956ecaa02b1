"""Work that ends when somebody says so: Ctrl-C, or SIGTERM."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

TERMINATED = 128 + signal.SIGTERM


def until_done(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what the work returns. Ctrl-C and SIGTERM cancel it; what runs in threads, such as a save, ends first.

    Raises KeyboardInterrupt or SystemExit then.
    """

    async def listening() -> Result:
        task = asyncio.current_task()
        assert task is not None
        _on((signal.SIGTERM,), task.cancel)
        return await work

    try:
        return asyncio.run(listening())
    except asyncio.CancelledError:
        raise SystemExit(TERMINATED) from None


def until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, Result]]) -> Result:
    """Return what the work returns. It is handed an event that Ctrl-C and SIGTERM set: a wish, not a failure.

    A second Ctrl-C does not wait for a clean end.
    """

    async def listening() -> Result:
        stop = asyncio.Event()
        signals = (signal.SIGINT, signal.SIGTERM)

        def told() -> None:
            stop.set()
            for number in signals:
                asyncio.get_running_loop().remove_signal_handler(number)

        _on(signals, told)
        return await work(stop)

    return asyncio.run(listening())


def _on(signals: tuple[signal.Signals, ...], do: Callable[[], object]) -> None:
    if threading.current_thread() is threading.main_thread():  # elsewhere Python takes no signals
        with contextlib.suppress(NotImplementedError):
            for number in signals:
                asyncio.get_running_loop().add_signal_handler(number, do)
