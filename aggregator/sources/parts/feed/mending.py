"""What makes a feed ill-formed, made good, so that parsers of XML can read it. Pure."""

import html
import re
from html.entities import html5, name2codepoint
from xml.parsers import expat

from aggregator.sources.parts.feed.document import root_start

MOST_PREFIXES = 100  # that nobody declared; parsers look through all of them at every name

_PAIR = re.compile(
    r"&#(5[56]\d{3}|[xX][dD][89abAB][\da-fA-F]{2});&#(5[67]\d{3}|[xX][dD][c-fC-F][\da-fA-F]{2});"
)  # two halves of one character, as programs write that think in UTF-16
_HALF = re.compile(
    r"&#(?:0*+5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3])|[xX]0*+[dD][89a-fA-F][\da-fA-F]{2});?"
)
_REFERENCE = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))|&(?:#(\d{1,7}|[xX][\da-fA-F]{1,6});|([A-Za-z]\w*+);|)|<(?![A-Za-z_/!?])",
    re.DOTALL,
)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|</?(?P<name>[A-Za-z][\w.:-]*+)(?P<attributes>[^<>]*+)(?=>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(?<![\w.:-])(?P<name>[\w.:-]++)(?P<is>\s*+=\s*+)(?P<value>"[^"]*"|'[^']*'|[^\s"'<>]++)""")
_OPENED_TWICE = re.compile(r"<!\[CDATA\[\s*+(?=<!\[CDATA\[)")
_CLOSED_TWICE = re.compile(r"\]\]>(?:\s*+\]\]>)+")
_TITLE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|(?P<start><title(?:\s[^<>]*+)?>)(?P<inner>(?:[^<]++|<(?!/?title\b))*+)(?=</title\s*+>)",
    re.DOTALL,
)
_STUMP = re.compile(r"<(?:!(?:\[(?:C(?:D(?:A(?:TA?)?)?)?)?|--?)?|/?[A-Za-z?][^<>]*+)?\Z")
# The prefixes that name the vocabulary of feeds itself; of others the prefix alone tells readers what is meant.
_NAMESPACES = {
    "a10": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss": "http://backend.userland.com/rss",
}


def mended(text: str) -> str:
    """Return the text with what most often makes a feed ill-formed made good.

    ``&`` and ``<`` that begin nothing, the named references of HTML, which XML does not know, and references to
    characters that it forbids; noise before the root; prefixes that nobody declared, white space in the name of a
    namespace, attributes without quotation marks; tags in a title that are not closed or not opened; CDATA in CDATA; a
    tag or a CDATA section within which the document is cut off.
    """
    text = _STUMP.sub("", text[root_start(text) :])
    if text.rfind("<![CDATA[") > text.rfind("]]>"):
        text += "]]>"
    text = _CLOSED_TWICE.sub("]]>", _OPENED_TWICE.sub("", text))
    text = _TITLE.sub(_title, _REFERENCE.sub(_referred, _PAIR.sub(_character, text)))
    prefixes: dict[str, None] = {}
    text = _TAG.sub(lambda match: _tag(match, prefixes), text)
    declared = set(re.findall(r"\sxmlns:([\w.-]+)\s*=", text)) | {"xml", "xmlns"}
    missing = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix.lower(), f"urn:undeclared:{prefix}")}"'
        for prefix in [one for one in prefixes if one not in declared][:MOST_PREFIXES]
    )
    return re.sub(r"(?<=[\w.-])(?=[\s/>])", missing, text, count=1) if missing else text


def _character(match: re.Match[str]) -> str:
    halves = [int(one[1:], 16) if one[0] in "xX" else int(one) for one in match.groups()]
    return b"".join(half.to_bytes(2, "big") for half in halves).decode("utf-16-be", "ignore")


def _referred(match: re.Match[str]) -> str:
    untouched, number, name = match.groups()
    if match[0] == "<":
        return "&lt;"
    if untouched or name in _XML_ENTITIES:
        return match[0]
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        is_legal = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000
        return f"&#{number.lower()};" if is_legal else ""  # an X in upper case is HTML's, not XML's
    # XHTML's names are those of HTML 4, where two angle brackets are other characters than in HTML 5
    characters = (chr(name2codepoint[name]) if name in name2codepoint else html5.get(f"{name};")) if name else None
    return html.escape(characters) if characters else f"&amp;{match[0][1:]}"


def _title(match: re.Match[str]) -> str:
    """A title with its tags as text, where they would swallow the elements behind it: ``List<String> in Java``."""
    start, inner = match["start"], match["inner"]
    if not start or "<" not in inner or "<!" in inner or "xhtml" in start or fault_of(f"<x>{inner}</x>") is None:
        return match[0]
    return start + inner.replace("<", "&lt;")


def _tag(match: re.Match[str], prefixes: dict[str, None]) -> str:
    """A tag with quotation marks where they lack; the prefixes in it are noted."""
    name, attributes = match["name"], match["attributes"]
    if name is None:
        return match[0]
    if ":" in name:
        prefixes[name.partition(":")[0]] = None
    if "=" not in attributes:
        return match[0]
    prefixes.update(
        dict.fromkeys(one["name"].partition(":")[0] for one in _ATTRIBUTE.finditer(attributes) if ":" in one["name"])
    )
    bare = attributes.rstrip()
    end = "/" if bare.endswith("/") else ""
    return f"{match[0][: -len(attributes)]}{_ATTRIBUTE.sub(_attribute, bare.removesuffix(end))}{end}"


def _attribute(match: re.Match[str]) -> str:
    name, value = match["name"], match["value"]
    if value[0] not in "\"'":
        return f'{name}{match["is"]}"{value}"'
    if name == "xmlns" or name.startswith("xmlns:"):
        return f"{name}{match['is']}{value[0]}{value[1:-1].strip()}{value[0]}"
    return match[0]


def rebuilt(text: str) -> str:
    """Return the text as a forgiving parser understands it, well formed; what it drops is lost."""
    from lxml import etree

    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(without_halves(text).encode(), parser)
    except etree.XMLSyntaxError:
        return text
    return text if root is None else str(etree.tostring(root, encoding="unicode"))


def without_halves(text: str) -> str:
    """Return the text without references to halves of characters, over which lxml stumbles when it forgives."""
    return _HALF.sub("", text) if "&#" in text else text


def fault_of(text: str) -> str | None:
    """Return where and why the text is not well-formed XML, or None when it is."""
    try:
        expat.ParserCreate(encoding="utf-8").Parse(text.encode(), True)
    except expat.ExpatError as error:
        return f"line {error.lineno}: {expat.ErrorString(error.code)}"
    return None
