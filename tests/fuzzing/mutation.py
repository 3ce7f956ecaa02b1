"""A document, changed: the same random numbers change it the same way."""

from random import Random

TOKENS = (
    *(b"<", b">", b"&", b'"', b"'", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80\x81", b"\xed\xa0\x80", b"\r", b"\t"),
    *(
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    ),
    *(b"&#0;", b"&#xD800;", b"&#99999999999;", b"&lt;", b"&amp;amp;", b"&b;", b" xml:base='http://['", b" xmlns='x'"),
    *(
        b"<item>",
        b"</item>",
        b"</channel>",
        b"<entry>",
        b"<title>",
        b"<a:b xmlns:a='c'>",
        b"<div>",
        b"<table>",
        b"<svg>",
    ),
    *(
        b"<base href='//['>",
        b"<meta charset=gbk>",
        b"<script>",
        b"<plaintext>",
        b"<noscript>",
        b"<math>",
        b"<iframe src='",
    ),
    *(b"[", b"]", b"{", b"}", b",", b":", b"null", b"1e999", b"-0", b"NaN", b'"\\ud800"', b"9" * 400, b"true"),
    *(
        b"&a [*a, *a]",
        b"!!python/object:os.system x",
        b"<<: *a",
        b"---\n",
        b"{{ x | y }}",
        b"{% if",
        b"\n\n    ",
        b"|",
        b"`",
    ),
    *(
        b"http://[",
        b"javascript:",
        b"//",
        b"?",
        b"#",
        b"%",
        b"..",
        b"@",
        b"\xe4\xb8",
        "一".encode(),
        "年".encode(),
        "前".encode(),
    ),
    *(b"0000-00-00", b"9999-12-31T23:59:60+99:99", b"24:00", b"-1", b"+0800", b"GMT+99", b"29 Feb 2023", b"1" * 30),
)
MOST_BYTES = 60_000


def mutated(seed: bytes, random: Random) -> bytes:
    """Return the document with one to eight changes: bytes, tokens, parts taken out, doubled, moved or nested."""
    body = seed
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        body = random.choice(_CHANGES)(body, random)[:MOST_BYTES]
    return body


def _byte(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body) + 1)
    return body[:at] + bytes([random.randrange(256)]) + body[at + random.randrange(2) :]


def _token(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body) + 1)
    return body[:at] + random.choice(TOKENS) + body[at + random.choice((0, 0, 1, 4)) :]


def _tokens(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body) + 1)
    return body[:at] + random.choice(TOKENS) * random.choice((2, 10, 300, 5000)) + body[at:]


def _without(body: bytes, random: Random) -> bytes:
    start, end = _part(body, random)
    return body[:start] + body[end:]


def _doubled(body: bytes, random: Random) -> bytes:
    start, end = _part(body, random)
    return body[:end] + body[start:end] * random.choice((1, 1, 3, 50)) + body[end:]


def _moved(body: bytes, random: Random) -> bytes:
    start, end = _part(body, random)
    rest = body[:start] + body[end:]
    at = random.randrange(len(rest) + 1)
    return rest[:at] + body[start:end] + rest[at:]


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body) + 1)]


def _other_encoding(body: bytes, random: Random) -> bytes:
    return body.decode("utf-8", "replace").encode(random.choice(("utf-16", "gb18030", "utf-16-be", "utf-7")), "replace")


def _part(body: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(body) + 1)
    return start, min(len(body), start + random.choice((1, 3, 10, 40, 200, 1000)))


_CHANGES = (_byte, _byte, _token, _token, _token, _tokens, _without, _doubled, _moved, _cut, _other_encoding)
