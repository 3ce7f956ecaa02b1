"""Which addresses a stranger's word may lead us to.

The check stands where a socket is about to be made, for every address of a name, at every redirect and every retry,
so neither a spelling nor a name that changes its address between look-up and connect leads past it.
"""

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from aiohttp import abc

GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out for the open internet
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
# Special, and not, or not all of it, known as such to Python: protocols (RFC 6890; some clouds keep secrets there),
# relays of 6to4 (RFC 7526), documentation (RFC 9637).
SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv6Network("3fff::/20"))
ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214, section 6.1: what stands before an IPv4 address in the last 64 bits
PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")

# Where no web server listens, but mail, terminals, printers … that may take a request for something else (the bad ports
# of the Fetch standard, section "Port blocking").
BAD_PORTS = frozenset(
    {
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104),
        *(109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515),
        *(526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659),
        *(4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    }
)

LOOKUPS = 16  # names looked up at once; each waits in a thread, and a dead name server must not hold up other work

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
LookUp = Callable[[str, int, socket.AddressFamily], Sequence[AddressInfo]]  # as socket.getaddrinfo; may block


class NotPublicError(OSError):
    """An address that only the operator may name. ``address``: as it was about to be dialled.

    The text is the same for all: of a name with several addresses the connector then hands on the first error as it
    is, instead of a new one that joins the different texts.
    """

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, "not a public address")
        self.address = address


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet; addresses inside addresses are unwrapped.

    address: as the system writes it, perhaps with a zone (``fe80::1%eth0``). Raises ValueError for anything else.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and (inner := _inside(ip)) is not None:
        ip = inner
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    if any(ip in special for special in SPECIAL):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_private_host(host: str) -> bool:
    """Tell whether a host in a URL is by its looks one of one's own network; nothing is looked up.

    IP addresses in any spelling (``127.1``, ``0x7f000001``), names without a dot, and names that are never public.
    """
    host = host.strip("[]").rstrip(".").lower()
    address = literal(host)
    if address is not None:
        return not is_public(address)
    return "." not in host or host.endswith(PRIVATE_SUFFIXES)


def literal(host: str) -> str | None:
    """Return the IP address that a host in a URL spells out, or None for a name. Reads every spelling, asks nobody."""
    host = host.strip("[]").rstrip(".")
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def public_socket(info: AddressInfo) -> socket.socket:
    """Return a socket for an address about to be dialled. Raises NotPublicError when it is not a public one."""
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise NotPublicError(str(address[0]))
    return socket.socket(family=family, type=kind, proto=protocol)


class Resolver(abc.AbstractResolver):
    """Looks names up in threads of its own."""

    def __init__(self, look_up: LookUp | None = None) -> None:
        self._look_up = look_up or _look_up
        self._threads = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="look-up")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[abc.ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._look_up, host, port, family)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "a name without an address")
        return [
            abc.ResolveResult(
                hostname=host,
                host=socket.getnameinfo(address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0],
                port=address[1],
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: socket.AddressFamily) -> Sequence[AddressInfo]:
    try:
        return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except socket.gaierror:  # a machine with nothing but loopback finds not even itself with that flag
        return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)


def _inside(ip: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to this one end up at: mapped, 6to4, NAT64, ISATAP."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    is_isatap = int(ip) >> 32 & 0xFFFFFFFF in ISATAP
    return IPv4Address(int(ip) & 0xFFFFFFFF) if is_isatap or ip in NAT64 else None
