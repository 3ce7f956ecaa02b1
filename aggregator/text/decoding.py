"""Bytes to text, for pages and feeds that name a wrong encoding, or none. Pure.

Labels are believed in the order of the standards (byte order mark, HTTP, the document itself) as long as the bytes
bear them out: real servers send GBK labelled UTF-8, UTF-8 labelled GBK, and ISO-8859-1 for whatever they have.
"""

import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

# Codecs that texts come in. Python knows more that must never be chosen by a stranger's label (idna, unicode_escape).
_TEXT_CODEC = re.compile(
    r"utf-(?:8|16|32)(?:-[bl]e)?|gb18030|big5hkscs|cp\d+|iso8859-\d+|koi8[-_][rtu]|euc_(?:jp|jis_2004|jisx0213)"
    r"|iso2022_[a-z0-9_]+|shift_jis\w*|mac-\w+|johab|hp-roman8|ptcp154|kz1048"
)
_WESTERN = frozenset({"cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1254", "iso8859-3", "iso8859-4"})
_UNASKED = "cp1252"  # which ISO-8859-1 means on the web: what servers and old tools say of anything
_ENOUGH = 8  # characters beyond ASCII that are valid UTF-8: by then other encodings are ruled out
_TOLERATED = 0.1  # share of what is not ASCII that may be broken: texts cut within a character, pasted pieces
_SAMPLE_BYTES = 200_000  # so much is looked at when an encoding is guessed
_HEAD_BYTES = 100_000  # pages name their encoding behind long scripts too
_META = re.compile(rb"<meta\s[^<>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_EBCDIC_DECLARATION = b"\x4c\x6f\xa7\x94\x93"  # "<?xml"

# The characters that make up most of a text in a language, which a wrong reading of the bytes rarely gives. Letters
# count when another of their script follows: the accents of a western text stand between ASCII letters.
_CYRILLIC = re.compile("[оеаинтсрвлкдмпуяъ](?=[а-яё])")
_EVERYDAY = (
    {
        "gb18030": re.compile(
            "[的一是不了在人有我他这中大来上国个到说们为子和你地出时年得就那要下以会发日家新月业行市公场经]"
        ),
        "big5hkscs": re.compile(
            "[的一是不了在人有我他這中大來上國個到說們為子和你地出時年得就那要下以會發日家新月業行市公場經]"
        ),
        "euc_jp": re.compile("[のにはをたがでてとしれさいるなかもっこりすらまンーイスト]"),
        "cp932": re.compile("[のにはをたがでてとしれさいるなかもっこりすらまンーイスト]"),
        "cp949": re.compile("[이다는을의에가하고지도로한은기사어시나자리대해서인아그정수일보라니]"),
    },
    {
        "cp1251": _CYRILLIC,
        "koi8-r": _CYRILLIC,
        "iso8859-5": _CYRILLIC,
        "cp1253": re.compile("[αοιετσνηυρπκμλς](?=[ά-ώ])"),
        "cp1255": re.compile("[יוהלארתבשמנ](?=[א-ת])"),
        "cp1256": re.compile("[اليمنترهبودسعك](?=[ء-ي])"),
        "cp874": re.compile("[านรอกเงมยลวดทสต](?=[ก-๎])"),
    },
)
_CONVINCING = (0.1, 0.3)  # share of what is not ASCII: hardly met by chance in thousands of signs, sooner among thirty


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text that the bytes stand for, without a byte order mark.

    Never raises: what no encoding can say becomes U+FFFD. content_type: the HTTP header, where there was one.
    """
    _, mark = read_bom(body)
    return str(to_unicode(body[len(mark or b"") :], encoding_of(body, content_type)))


def encoding_of(body: bytes, content_type: str | None = None) -> str:
    """Return the name of the Python codec that reads these bytes best.

    A label that the bytes contradict is passed over: one under which a tenth of what is not ASCII is broken, one
    that is not UTF-8 over bytes that clearly are, and ISO-8859-1 over another script.
    """
    if (wide := _wide(body)) is not None:
        return wide
    labels = _labels(body, content_type)
    if body.isascii():
        return next((label for label in labels if label.startswith("iso2022")), "utf-8")
    few = 1 if set(labels) <= _WESTERN | {"utf-8"} else _ENOUGH
    if _is_utf8(body, few):
        return "utf-8"

    for label in [*labels, "utf-8"]:
        if label != _UNASKED and _broken(body, label) <= _TOLERATED:
            return label
    if (guess := _guess(body)) is not None:
        return guess
    if _broken(body, "utf-8") < 0.5:
        return "utf-8"
    return _UNASKED


def _wide(body: bytes) -> str | None:
    """UTF-16 and UTF-32 with or without a mark, UTF-8 with one, EBCDIC."""
    marked, _ = read_bom(body)
    if marked is not None:
        return str(marked)
    start = body[:4]
    if start == b"\0\0\0<":
        return "utf-32-be"
    if start == b"<\0\0\0":
        return "utf-32-le"
    if start[:2] == b"\0<":
        return "utf-16-be"
    if start[:2] == b"<\0":
        return "utf-16-le"
    if body.startswith(_EBCDIC_DECLARATION):
        return _known(html_body_declared_encoding(body[:200].decode("cp037"))) or "cp037"
    return None


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """What HTTP and the document say, as codecs; those that cannot be true left out."""
    head = body[:_HEAD_BYTES]
    declared = html_body_declared_encoding(head)
    if declared is None and (late := _META.search(head)):
        declared = html_body_declared_encoding(b"<meta charset=" + late[1] + b">")
    names = (_known(http_content_type_encoding(content_type)), _known(declared))
    # A label that could be read byte by byte is not that of UTF-16.
    return [name for name in names if name is not None and not name.startswith(("utf-16", "utf-32"))]


def _known(name: str | None) -> str | None:
    return name if name is not None and _TEXT_CODEC.fullmatch(name) else None


def _is_utf8(body: bytes, few: int) -> bool:
    """Whether it is valid, with at least so many characters beyond ASCII. The last character may be cut off."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        if error.start < len(body) - 3:
            return False
        text = body[: error.start].decode()
    return few == 1 or sum(map(len, re.findall(r"[^\x00-\x7f]+", text))) >= few


def _broken(body: bytes, encoding: str) -> float:
    """The share of what is not ASCII that the encoding cannot say."""
    text = to_unicode(body, encoding)
    beyond = sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))
    return text.count("�") / beyond if beyond else 1.0


def _guess(body: bytes) -> str | None:
    """The encoding under which most everyday characters appear, or None when none is convincing.

    Encodings of several bytes come first: their texts make sense in no other way, while each byte is some letter in
    those of one byte.
    """
    sample = body[:_SAMPLE_BYTES]
    for family, convincing in zip(_EVERYDAY, _CONVINCING, strict=True):
        shares = {encoding: _everyday(to_unicode(sample, encoding), pattern) for encoding, pattern in family.items()}
        best = max(shares, key=shares.__getitem__)
        if shares[best] > convincing:
            return best
    return None


def _everyday(text: str, pattern: re.Pattern[str]) -> float:
    """The share of everyday characters in what is not ASCII."""
    beyond = sum(map(len, re.findall(r"[^\x00-\x7f\xa0]+", text)))
    return len(pattern.findall(text)) / beyond if beyond else 0.0
