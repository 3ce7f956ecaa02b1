"""Addresses of a machine's own network in all the ways that a stranger may write them, and names that lead there."""

import socket
from collections.abc import Sequence

from aggregator.fetch.guard import AddressInfo

# Names as a name server of a stranger's might tell them: where they lead is theirs to choose, and to change.
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "sub.localhost": ["127.0.0.1"],
    "private.example": ["127.0.0.1"],
    "private6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "unset.example": ["0.0.0.0"],
    "two.example": ["10.255.255.1", "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "127.0.0.1.pages.example": ["127.0.0.1"],
    "xn--fiqs8s.example": ["127.0.0.1"],
}

# Hosts that lead to 127.0.0.1 or to a machine's own network, if anything took them for what they are.
HOSTS = (
    *("127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "127.1.", "127.255.255.254", "0", "0.0.0.0", "00000000"),
    *("2130706433", "017700000001", "0x7f000001", "0X7F000001", "0x7f.1", "0x7f.0.0.0x1", "0177.0.0.1", "0177.0.0.01"),
    *("127.0.0.0x1", "00000000177.1", "4294967295", "255.255.255.255"),
    *("localhost", "LOCALHOST", "LocalHost.", "sub.localhost", "localhost%2e", "loc%61lhost"),
    *("10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376"),
    *("100.64.0.1", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::127.0.0.1]", "[::7f00:1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:10.0.0.1]"),
    *("[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]"),
    *("[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::1]", "[2002:a9fe:a9fe::1]"),
    *("[2001:0:7f00:1::80ff:fffe]", "[2001::1]", "[2a00:1450::5efe:7f00:1]", "[2a00:1450::200:5efe:a00:1]"),
    *("[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]", "[::1%251]", "[fec0::1]", "[fc00::1]", "[fd00::1]"),
    *("[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[5f00::1]", "[4000::1]"),
    *("１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７．１", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "0x7f000001。"),
    *("%31%32%37%2e%30%2e%30%2e%31", "127%2e0%2e0%2e1", "127.0.0.%31", "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1"),
    *(
        "127.0.0.1%00",
        "127.0.0.1%00.pages.example",
        "127.0.0.1%09",
        "127.0.0.1%2f",
        "127.0.0.1\u00ad",
        "127.\u200b0.0.1",
    ),
    *("private.example", "PRIVATE.example.", "private6.example", "mapped.example", "unset.example", "two.example"),
    *("metadata.example", "nat64.example", "127.0.0.1.pages.example", "中国.example", "xn--fiqs8s.example"),
    *("public@127.0.0.1", "public:word@127.0.0.1", "public.example:80@127.0.0.1", "public.example%40127.0.0.1"),
    *("127.0.0.1@private.example", "@127.0.0.1", "a@b@127.0.0.1", "public.example%2f@127.0.0.1", ":@127.0.0.1"),
    *("public.example\\@127.0.0.1", "public.example%5c@127.0.0.1", "public.example%23@127.0.0.1"),
    *(" 127.0.0.1", "\t127.0.0.1", "127.0.0\t.1", "127.0.0.1 ", "1\n27.0.0.1", "127.0.0.1\r", "\u3000127.0.0.1"),
)

WHOLE = (  # addresses as a whole; {port} is filled in
    *("HTTP://127.0.0.1:{port}/x", "hTtP://127.0.0.1:{port}/x", "http:/127.0.0.1:{port}/x", "http:127.0.0.1:{port}/x"),
    *(
        "http:///127.0.0.1:{port}/x",
        "http:////127.0.0.1:{port}/x",
        "http:\\\\127.0.0.1:{port}\\x",
        "\\\\127.0.0.1:{port}/x",
    ),
    *("//127.0.0.1:{port}/x", "///127.0.0.1:{port}/x", "/\\127.0.0.1:{port}/x", "/\t/127.0.0.1:{port}/x"),
    *(
        "ht\ttp://127.0.0.1:{port}/x",
        "http\n://127.0.0.1:{port}/x",
        "\x00http://127.0.0.1:{port}/x",
        " http://127.1:{port}/",
    ),
    *(
        "http://127.0.0.1:0{port}/x",
        "http://127.0.0.1:{port}",
        "http://127.0.0.1:{port}?x",
        "http://127.0.0.1:{port}#x",
    ),
    *("https://127.0.0.1:{port}/x", "http://127.0.0.1:{port}\\@private.example/x", "http://[::1:{port}/x"),
    *(
        "feed://127.0.0.1:{port}/x",
        "feed:http://127.0.0.1:{port}/x",
        "ws://127.0.0.1:{port}/x",
        "gopher://127.0.0.1:{port}/1",
    ),
    *(
        "ftp://127.0.0.1:{port}/x",
        "dict://127.0.0.1:{port}/x",
        "ldap://127.0.0.1:{port}/x",
        "tftp://127.0.0.1:{port}/x",
    ),
    *("jar:http://127.0.0.1:{port}!/x", "view-source:http://127.0.0.1:{port}/x", "blob:http://127.0.0.1:{port}/x"),
    *("http+unix://%2Fvar%2Frun%2Fdocker.sock/x", "unix:/var/run/docker.sock", "data:text/html,<p>x</p>"),
    *("http://127.0.0.1:22/", "http://127.0.0.1:25/", "http://127.0.0.1:6379/", "http://127.0.0.1/", "http://[::1]/"),
)


def spelled(port: int) -> list[str]:
    """Return the addresses; those of this machine bear the port."""
    hosts = [f"http://{host}:{port}/trap/{number}" for number, host in enumerate(HOSTS)]
    return [*hosts, *(whole.replace("{port}", str(port)) for whole in WHOLE)]


def look_up(host: str, port: int, _: socket.AddressFamily) -> Sequence[AddressInfo]:
    """Return where a name leads; asks nobody. An address, spelled as the system understands it, leads to itself."""
    try:
        found = [socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))]
    except (OSError, UnicodeError):
        found = NAMES.get(host.rstrip(".").lower(), [])
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in found]
    return [
        (kind, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port, 0, 0) if ":" in address else (address, port))
        for kind, address in zip(kinds, found, strict=True)
    ]
