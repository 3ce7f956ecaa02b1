"""An ASGI application on a socket, inside a loop that runs already."""

import asyncio
import contextlib
import errno
import os
import socket
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from aggregator.errors import AggregatorError

GRACE_SECONDS = 1  # for answers under way when we are told to stop
BACKLOG = 2048  # clients that may wait to be let in
ANYWHERE = ("", "0.0.0.0", "::")  # noqa: S104  the operator's choice, not ours


async def serve(
    app: ASGIApp,
    listen: str,
    *,
    on_ready: Callable[[str], None] | None = None,
    stop: asyncio.Event,
) -> None:
    """Answer requests until ``stop`` is set; then finish what is under way, for a second at most.

    listen: ``127.0.0.1:8080``, ``[::1]:8080``, ``localhost:8080``, ``:8080`` (every address of this machine) or
    ``unix:/path``; port 0 means any free one. on_ready: is told where, as soon as requests are answered:
    ``http://127.0.0.1:8080/``, or ``unix:/path``. Signals are the caller's.
    Raises AggregatorError when the address cannot be had.
    """
    with _bound(listen) as (sockets, address):
        config = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # what a client says of itself is not believed
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = _Server(config, on_ready=lambda: on_ready(address) if on_ready else None)
        serving = asyncio.create_task(server.serve(sockets=list(sockets)))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            server.should_exit = True
            await serving
            server.hang_up()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    def hang_up(self) -> None:
        """Close the connections of clients that were too slow to take their answer in time."""
        for connection in list(self.server_state.connections):
            transport = connection.transport
            if transport is not None:
                transport.abort()


@contextlib.contextmanager
def _bound(listen: str) -> Iterator[tuple[Sequence[socket.socket], str]]:
    """The listening sockets and the address for people; closed, and a unix socket removed, at the end."""
    try:
        if listen.startswith("unix:"):
            path = Path(listen.removeprefix("unix:"))
            sockets, address = [_unix_socket(path)], listen
            made = path.stat().st_ino
        else:
            path, made = None, None
            sockets, address = _tcp_sockets(*_host_and_port(listen))
    except OSError as error:
        raise AggregatorError(_advice(listen, error)) from error
    try:
        yield sockets, address
    finally:
        for each in sockets:
            each.close()
        with contextlib.suppress(OSError):
            if path is not None and path.stat().st_ino == made:
                path.unlink()


def _host_and_port(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise AggregatorError(
            f"cannot listen on {listen!r}: write an address and a port, as 127.0.0.1:8080 or [::1]:8080, or unix:/path"
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def _tcp_sockets(host: str, port: int) -> tuple[list[socket.socket], str]:
    """The protocol is named for asyncio's sake: it sends at once (TCP_NODELAY) only on sockets that say they are TCP.

    Without it every body waits 40 ms for the client to acknowledge the headers.
    """
    sockets: list[socket.socket] = []
    try:
        for family, address in _addresses(host):
            made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            sockets.append(made)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart need not wait for old connections
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host != "")
            # localhost is two addresses: one free port for both
            made.bind((address, port or (sockets[0].getsockname()[1] if len(sockets) > 1 else 0)))
            made.listen(BACKLOG)
            made.setblocking(False)
    except OSError:
        for each in sockets:
            each.close()
        raise
    shown = "localhost" if host in ANYWHERE else host
    if ":" in shown:
        shown = f"[{shown}]"
    return sockets, f"http://{shown}:{sockets[0].getsockname()[1]}/"


def _addresses(host: str) -> list[tuple[int, str]]:
    if host == "":
        return [(socket.AF_INET6, "")] if socket.has_dualstack_ipv6() else [(socket.AF_INET, "")]
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _unix_socket(path: Path) -> socket.socket:
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise FileExistsError(f"{path} is there and is no socket")
        _remove_if_left_over(path)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.bind(str(path))
        os.chmod(path, 0o666)  # noqa: S103, PTH101  who may reach it is the folder's affair; what it serves is public
        made.listen(BACKLOG)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


def _remove_if_left_over(path: Path) -> None:
    """A socket that nobody answers was left by a process that was killed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise FileExistsError(f"another program answers on {path}")


def _advice(listen: str, error: OSError) -> str:
    match error:
        case FileExistsError():
            reason = f"{error.args[0]}; end it or remove it, or listen elsewhere"
        case PermissionError():
            reason = "this user may not; take a port above 1023, or a folder that it may write to"
        case socket.gaierror():
            reason = "this name is no address of this machine"
        case OSError(errno=errno.EADDRINUSE):
            reason = "another program has this port; end it or choose another port"
        case OSError(errno=errno.EADDRNOTAVAIL):
            reason = "this machine has no such address"
        case _:
            reason = error.strerror or str(error)
    return f"cannot listen on {listen}: {reason} (server.listen in feeds.yaml, or AGGREGATOR_LISTEN)"
