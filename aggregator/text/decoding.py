"""Bytes to text, for pages and feeds that name a wrong encoding, or none. Pure.

Labels are believed in the order of the standards (byte order mark, HTTP, the document itself) as long as the bytes
bear them out: real servers send GBK labelled UTF-8, UTF-8 labelled GBK, and ISO-8859-1 for whatever they have.
"""

import re
from collections import Counter
from contextlib import suppress

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)

from aggregator.text.mixed import is_mixed, unmixed

# Codecs that texts come in. Python knows more that must never be chosen by a stranger's label (idna, unicode_escape).
_TEXT_CODEC = re.compile(
    r"utf-(?:8|16|32)(?:-[bl]e)?|gb18030|big5hkscs|cp\d+|iso8859-\d+|koi8[-_][rtu]|euc_(?:jp|jis_2004|jisx0213)"
    r"|iso2022_[a-z0-9_]+|shift_jis\w*|mac-\w+|johab|hz|hp-roman8|ptcp154|kz1048"
)
_WESTERN = frozenset({"cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1254", "iso8859-3", "iso8859-4"})
_UNASKED = "cp1252"  # which ISO-8859-1 means on the web: what servers and old tools say of anything
_ENOUGH = 8  # characters beyond ASCII that are valid UTF-8: by then other encodings are ruled out
_TOLERATED = 0.1  # share of what is not ASCII that may be broken: texts cut within a character, pasted pieces
_SAMPLE_BYTES = 200_000  # so much is looked at when an encoding is guessed
_HEAD_BYTES = 100_000  # pages name their encoding behind long scripts too
_META = re.compile(
    rb"<(?:meta\s[^<>]{0,300}?charset|\?xml\s[^<>]{0,300}?encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_NUMBERED = re.compile(r"(windows|win|cp|dos|ibm|iso-?8859)-?(\d{1,4})(?:-[ie])?")
_NAMES = {
    "iso-latin-1": "latin-1", "8859-1": "latin-1", "latin-9": "iso-8859-15", "koi8-ru": "koi8-u", "hz-gb-2312": "hz",
    "big5-eten": "big5", "mac-roman": "macintosh", "cp949": "uhc", "windows-949": "uhc", "logical": "iso-8859-8",
    "visual": "iso-8859-8",
}  # fmt: skip
_ZEROS = re.compile(
    rb"(?P<utf_32_be>\0\0\0[\t\n\r -~])|(?P<utf_32_le>[\t\n\r -~]\0\0\0)|(?P<utf_16_be>\0[\t\n\r -~](?!\0\0))"
    rb"|(?P<utf_16_le>[\t\n\r -~]\0(?!\0\0))"
)
_DECLARED = re.compile(rb"\s*<\?xml[^<>]{0,100}?\sencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
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
        "cp866": _CYRILLIC,
        "cp855": _CYRILLIC,
        "mac-cyrillic": _CYRILLIC,
        "cp1253": re.compile("[αοιετσνηυρπκμλςΑΟΙΕΤΣΝΗΥΡΠΚΜΛ](?=[Ά-ώ])"),
        "cp1255": re.compile("[יוהלארתבשמנ](?=[א-ת])"),
        "cp1256": re.compile("[اليمنترهبودسعك](?=[ء-ي])"),
        "cp874": re.compile("[านรอกเงมยลวดทสต](?=[ก-๎])"),
    },
)
_BEYOND = re.compile(r"[^\x00-\x7f\xa0]+")
_WITHIN_WORDS = re.compile(
    r"(?<=[a-z])[^\x00-\x7f]{1,2}(?=[a-z])"
)  # the accents of a western text, read as something else
_NO_LETTERS = frozenset("\xa0\xad«»„“”‚‘’–—…•·©®™°")
_CONVINCING = (0.1, 0.3)  # share of what is not ASCII: hardly met by chance in thousands of signs, sooner among thirty
_PLAIN = 30  # characters beyond ASCII, and
_PLAINLY = 10  # times as many everyday ones as under the label: then an East Asian text overrules its label
_KIN = {"euc_jis_2004": "euc_jp", "euc_jisx0213": "euc_jp", "shift_jis": "cp932", "shift_jisx0213": "cp932",
        "shift_jis_2004": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}  # fmt: skip

# The letters beyond ASCII of languages that share an alphabet: each reading of the bytes makes letters of some kind,
# but only one makes those of a single language.
_LETTERS = {
    "cp1252": (
        "àâæçéèêëîïôœùûü",
        "äöüß",
        "áéíñóúü",
        "ãáâàçéêíóôõúü",
        "åäöæøéü",
        "áðéíóúýþæö",
        "àèéìíîòóù",
        "éëïöüèáóê",
    ),
    "cp1250": ("áéíóöőúüű", "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "čćđšž", "ăâîşţ"),
    "iso8859-2": ("áéíóöőúüű", "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "čćđšž", "ăâîşţ"),
    "cp1254": ("çğıöşüâî",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "õäöüšž"),
}
_FEWEST_LETTERS = 12
_NEARLY_ALL = 0.8  # share of a text that its language's own letters make up
_CLEARLY = 0.05  # so much greater must the share of a language's letters be than of those of Western Europe


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text that the bytes stand for, without a byte order mark.

    Never raises: what no encoding can say becomes U+FFFD, but that windows-1252 in the middle of UTF-8 is read as such.
    content_type: the HTTP header, where there was one.
    """
    _, mark = read_bom(body)
    encoding, body = encoding_of(body, content_type), body[len(mark or b"") :]
    if encoding == "utf-8":
        with suppress(UnicodeDecodeError):
            return body.decode()
        if is_mixed(body):
            return unmixed(body)
    return str(to_unicode(body, encoding))


def encoding_of(body: bytes, content_type: str | None = None) -> str:
    """Return the name of the Python codec that reads these bytes best.

    A label that the bytes contradict is passed over: one under which a tenth of what is not ASCII is broken, one
    that is not UTF-8 over bytes that clearly are, and ISO-8859-1 over another script.
    """
    if (wide := _wide(body)) is not None:
        return wide
    labels = _labels(body, content_type)
    if body.isascii():
        return next((label for label in labels if label.startswith(("iso2022", "hz"))), _by_escapes(body))
    few = 1 if set(labels) <= _WESTERN | {"utf-8"} else _ENOUGH
    if _is_utf8(body, few):
        return "utf-8"

    for label in [*labels, "utf-8"]:
        if label != _UNASKED and _broken(body, label) <= _TOLERATED:
            return label if label == "utf-8" else _plainly(body, label) or label
    if is_mixed(body):
        return "utf-8"
    if (guess := _guess(body)) is not None:
        return guess
    return _by_letters(body)


def mislabelled(body: bytes, content_type: str | None = None) -> str | None:
    """Return what is wrong with the encoding of a document, in words, or None where its labels are right.

    Nothing is wrong without a label where it is UTF-8, or where no encoding makes a difference.
    """
    used = encoding_of(body, content_type)
    labels = _labels(body, content_type)
    declared = _DECLARED.match(body)
    if declared and not labels and _resolved(declared[1]) is None:
        return f"it names the encoding {declared[1].decode()!r}, which nobody knows: read as {used}"
    if body.isascii() or _wide(body) is not None:
        return None
    if used not in labels and (labels or used != "utf-8"):
        said = f"is labelled {' and '.join(dict.fromkeys(labels))}" if labels else "names no encoding"
        return f"it {said}, but its bytes are {used}: read as that"
    if used == "utf-8" and is_mixed(body) and "\ufffd" not in unmixed(body):
        return "it mixes utf-8 and cp1252: each is read as what it is"
    broken = to_unicode(body, used).count("\ufffd") - (body.count("\ufffd".encode()) if used == "utf-8" else 0)
    return f"{broken} of its characters are broken in {used}, as \ufffd shows" if broken > 0 else None


def _wide(body: bytes) -> str | None:
    """UTF-16 and UTF-32 with or without a mark, UTF-8 with one, EBCDIC."""
    marked, _ = read_bom(body)
    if marked is not None:
        return str(marked)
    if (zeros := _ZEROS.match(body)) is not None:  # as every text begins that is mark-up, JSON or white space
        return zeros.lastgroup and zeros.lastgroup.replace("_", "-")
    if body.startswith(_EBCDIC_DECLARATION):
        return _known(html_body_declared_encoding(body[:200].decode("cp037"))) or "cp037"
    return None


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """What HTTP and the document say, as codecs; those that cannot be true left out."""
    head = body[:_HEAD_BYTES]
    declared = html_body_declared_encoding(head)
    if declared is None and (late := _META.search(head)):
        declared = _resolved(late[1])
    served = http_content_type_encoding(content_type)
    if served is None and content_type and (named := _CHARSET.search(content_type.encode("ascii", "ignore"))):
        served = _resolved(named[1])
    # A label that could be read byte by byte is not that of UTF-16.
    names = (_known(served), _known(declared))
    return [name for name in names if name is not None and not name.startswith(("utf-16", "utf-32"))]


def _resolved(label: bytes) -> str | None:
    """The codec that a label means which no standard has: old browsers', and slips of the hand."""
    name = label.decode("ascii", "ignore").lower().replace("_", "-")
    while name.startswith("x-"):
        name = name[2:]
    if found := _NUMBERED.fullmatch(name):
        name = f"{'iso-8859-' if found[1].startswith('iso') else 'cp'}{found[2]}"
    return resolve_encoding(_NAMES.get(name, name))


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


def _by_escapes(body: bytes) -> str:
    """The encoding of bytes that are all ASCII; the Japanese and the Korean of e-mail escape to others."""
    if b"\x1b$)C" in body[:_SAMPLE_BYTES]:
        return "iso2022_kr"
    return "iso2022_jp" if b"\x1b$B" in body or b"\x1b$@" in body else "utf-8"


def _plainly(body: bytes, label: str) -> str | None:
    """The East Asian encoding that the bytes are plainly in, whatever the label says; else None.

    Nearly all bytes are something in GBK, so that the label alone does not fail over Big5 or EUC.
    """
    sample = body[:_SAMPLE_BYTES]
    family = _EVERYDAY[0]
    texts = {encoding: to_unicode(sample, encoding) for encoding in family}
    shares = {encoding: _everyday(texts[encoding], pattern) for encoding, pattern in family.items()}
    best = max(shares, key=shares.__getitem__)
    own = shares.get(_KIN.get(label, label), 0.0)
    is_plain = shares[best] > _CONVINCING[0] and shares[best] > own * _PLAINLY
    return best if is_plain and sum(map(len, _BEYOND.findall(texts[best]))) >= _PLAIN else None


def _by_letters(body: bytes) -> str:
    """The encoding under which most letters are those of one language; of Western Europe unless others clearly win."""
    sample = body[:_SAMPLE_BYTES]
    shares: dict[str, float] = {}
    for encoding, languages in _LETTERS.items():
        letters = Counter(c for c in to_unicode(sample, encoding).lower() if c > "\x7f" and c not in _NO_LETTERS)
        total = letters.total()
        if total < _FEWEST_LETTERS:
            return _UNASKED
        shares[encoding] = max(sum(letters[c] for c in language) for language in languages) / total
    best = max(shares, key=shares.__getitem__)
    is_one = shares[best] > max(_NEARLY_ALL, shares[_UNASKED] + _CLEARLY)
    return best if is_one else _UNASKED


def _everyday(text: str, pattern: re.Pattern[str]) -> float:
    """The share of everyday characters in what is not ASCII."""
    beyond = sum(map(len, _BEYOND.findall(text)))
    if not beyond or len(_WITHIN_WORDS.findall(text)) * 4 > beyond:
        return 0.0
    return len(pattern.findall(text)) / beyond
