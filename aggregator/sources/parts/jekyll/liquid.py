"""Liquid in Jekyll posts: what can be known without building the site is filled in, the rest is taken out. Pure."""

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise
from urllib.parse import quote

_OPENS = re.compile(r"\{[{%]")
_TAG = re.compile(r"\s*(\w+)\s*(.*?)\s*$", re.DOTALL)
_ENDS = {name: re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}") for name in ("raw", "comment", "highlight")}
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[^|\"']+|[\"']")
_VALUE = re.compile(r"\"([^\"]*)\"|'([^']*)'|(-?\d+(?:\.\d+)?)|([\w-]+(?:\.[\w-]+)*)")
_FILTER = re.compile(r"(\w+)\s*(?::\s*(.*))?", re.DOTALL)
_PLAIN_FILTERS: dict[str, Callable[[str], str]] = {
    "escape": escape,
    "xml_escape": escape,
    "cgi_escape": lambda text: quote(text, safe=""),
    "uri_escape": lambda text: quote(text, safe="/:?#[]@!$&'()*+,;=%"),
    "upcase": str.upper,
    "downcase": str.lower,
    "capitalize": lambda text: text[:1].upper() + text[1:],
    "strip": str.strip,
    "strip_html": lambda text: re.sub(r"<[^<>]*>", "", text),
    "strip_newlines": lambda text: text.replace("\n", ""),
}
# What only steers the building of the page, and shows nothing itself.
_SILENT = frozenset({"assign", "capture", "endcapture", "increment", "decrement", "seo", "feed_meta"})
_BRANCHES = frozenset({"else", "elsif", "when", "break", "continue"})

Values = Callable[[str], str | None]
Addresses = Callable[[str, str], str | None]


def run(text: str, *, value_of: Values, address_of: Addresses) -> tuple[str, tuple[str, ...]]:
    """Return the text without Liquid, and the tags that could not be run, such as ``{% include %}``, each once.

    ``{% raw %}`` stays as it is written, ``{% comment %}`` goes, ``{% highlight %}`` is code, ``{% gist %}`` a link.
    ``{% post_url %}`` and ``{% link %}`` become addresses. ``{{ … }}`` becomes its value, through the filters that
    make addresses and texts. Of other tags what stands between them stays, of ``{% if %}`` both branches.

    value_of: ``site.title`` -> value, or None. address_of: (``post_url`` or ``link``, name) -> address, or None.
    """
    filled: list[str] = []
    left_out: dict[str, None] = {}
    last = {"{%": text.rfind("%}"), "{{": text.rfind("}}")}  # looked for once: a text may hold thousands of openings
    at = 0
    while (opening := _OPENS.search(text, at)) is not None:
        is_tag = opening[0] == "{%"
        end = text.find("%}" if is_tag else "}}", opening.end()) if last[opening[0]] >= opening.end() else -1
        if end < 0:  # a brace that means nothing
            filled.append(text[at : opening.end()])
            at = opening.end()
            continue
        before, inner = text[at : opening.start()], text[opening.end() : end]
        at = end + 2
        if inner.startswith("-"):
            before = before.rstrip()
        filled.append(before)
        if is_tag:
            shown, at = _tag(inner.strip("-"), text, at, address_of)
        else:
            shown = _output(inner.strip("-"), value_of)
        if shown is None and (name := _named(inner, is_tag=is_tag)):
            left_out[name] = None
        filled.append(shown or "")
        if inner.endswith("-"):
            at += len(text[at : at + 1000]) - len(text[at : at + 1000].lstrip())
    filled.append(text[at:])
    return "".join(filled), tuple(left_out)


def _tag(inner: str, text: str, at: int, address_of: Addresses) -> tuple[str | None, int]:
    """What a tag shows (None: it cannot be run), and where the text goes on behind it."""
    match = _TAG.match(inner)
    name, words = (match[1], match[2]) if match else ("", "")
    if name in _ENDS:
        closing = _ENDS[name].search(text, at)
        body = text[at : closing.start() if closing else len(text)]
        after = closing.end() if closing else len(text)
        if name == "highlight":
            language = re.match(r"[\w+#.-]+", words)
            named = f' class="language-{language[0]}"' if language else ""
            return f"<pre><code{named}>{escape(body.strip(chr(10)), quote=False)}</code></pre>", after
        return (body if name == "raw" else ""), after
    if name in {"post_url", "link"}:
        return address_of(name, words), at
    if name == "gist" and words:
        address = f"https://gist.github.com/{quote(words.split()[0].strip(chr(34) + chr(39)))}"
        return f'<a href="{address}">{address}</a>', at
    return ("" if name in _SILENT or not name else None), at


def _output(inner: str, value_of: Values) -> str | None:
    """The value of ``{{ … }}``, or None where it or one of its filters is not known."""
    parts = _split(inner)
    value = _value(parts[0], value_of)
    for part in parts[1:]:
        match = _FILTER.fullmatch(part.strip())
        if match is None:
            return None
        argument = _value(match[2], value_of) if match[2] else None
        if match[1] == "default":
            value = value or argument
        elif value is None:
            return None
        elif match[1] in _PLAIN_FILTERS:
            value = _PLAIN_FILTERS[match[1]](value)
        elif match[1] in {"relative_url", "absolute_url"}:
            value = _address(value, value_of, is_absolute=match[1] == "absolute_url")
        elif match[1] in {"append", "prepend"} and argument is not None:
            value = value + argument if match[1] == "append" else argument + value
        else:
            return None
    return value


def _address(path: str, value_of: Values, *, is_absolute: bool) -> str:
    if re.match(r"[a-z][a-z0-9+.-]*:", path, re.IGNORECASE):
        return path
    start = (value_of("site.baseurl") or "").strip("/")
    steps = "/".join(step for step in (start, path.lstrip("/")) if step)
    return f"{(value_of('site.url') or '').rstrip('/') if is_absolute else ''}/{steps}"


def _split(inner: str) -> list[str]:
    """What stands between the bars that are not in quotes."""
    masked = _PART.sub(lambda match: "q" * len(match[0]) if match[0][0] in "\"'" else match[0], inner)
    edges = [-1, *(at for at, sign in enumerate(masked) if sign == "|"), len(inner)]
    return [inner[one + 1 : other] for one, other in pairwise(edges)]


def _value(written: str, value_of: Values) -> str | None:
    match = _VALUE.fullmatch(written.strip())
    if match is None:
        return None
    if match[4] is not None:
        return value_of(match[4])
    return next(text for text in match.groups() if text is not None)


def _named(inner: str, *, is_tag: bool) -> str | None:
    """What a tag is called in a warning, or None: it goes with the one before it."""
    if not is_tag:
        return f"{{{{ {' '.join(inner.strip('- ').split())[:40]} }}}}"
    match = _TAG.match(inner.strip("-"))
    name = match[1] if match else inner.strip()[:20]
    return None if name.startswith("end") or name in _BRANCHES else f"{{% {name} %}}"
