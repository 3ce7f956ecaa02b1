"""Images as a reader sees them once scripts have run: what waits, what holds a place, what only counts. Pure."""

import re
from collections.abc import Mapping
from typing import Any

# Where scripts find the address of an image that is not loaded at once; the first that holds one counts.
LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-actualsrc", "data-echo", "data-backsrc",
    "data-croporisrc", "data-lazyload", "data-hi-res-src", "data-original-src", "data-img-src", "data-full-src",
    "lazy-src", "lazysrc", "zoomfile",
)  # fmt: skip
LAZY_ELSE = ("data-image", "data-url", "file")  # these mean other things too, and count where ``src`` holds no picture
LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "lazy-srcset")
_WIDEST = 1600  # pixels; of several sizes the greatest up to this is for everybody

_ADDRESS = re.compile(r"(?!(?:data|javascript|about|blob):)(?=[^{<]*[./])[^{}<>\"\s][^{}<>\"]*", re.IGNORECASE)
_GLUED = re.compile(r",(?=https?:|/)")  # candidates without a space between them
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([wxh])")
_MOST_CANDIDATES = 100
_PLACEHOLDER = re.compile(
    r"(?:^|/)(?:spacer|blank|pixel|transparent|trans|1x1|1px|clear|cleardot|empty|none|placeholder|loading|lazyload|lazy|grey"
    r"|gray|white|dot)(?:[-_.]?(?:\d+x\d+|img|image|bg|gif))?\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"^(?:https?:)?//(?:"
    r"feeds\.feedburner\.com/~r/|(?:pixel|stats)\.(?:wp|wordpress)\.com/|[\w.-]*feedsportal\.com/(?:c/.*/)?mf\.gif"
    r"|(?:www\.|ssl\.)?google-analytics\.com/|[\w.-]*\.doubleclick\.net/|[\w.-]*scorecardresearch\.com/"
    r"|pixel\.quantserve\.com/|www\.facebook\.com/tr\b|hm\.baidu\.com/|[\w.-]*\.cnzz\.com/|c\.statcounter\.com/"
    r"|blogger\.googleusercontent\.com/tracker/|[\w.-]*\.2o7\.net/|ping\.fm/|counter\.yadro\.ru/"
    r"|medium\.com/_/stat\b|api\.follow\.it/track)",
    re.IGNORECASE,
)
_TINY = re.compile(r"\s*0*[01](?:\.\d+)?(?:px)?\s*", re.IGNORECASE)
_TINY_STYLE = re.compile(r"(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01]px", re.IGNORECASE)


def image_address(attributes: Mapping[str, Any]) -> str | None:
    """Return the address of the picture that an ``img`` shows, as written, or None where it shows none.

    An address that waits for a script goes before ``src``, which mostly holds the place; a place-holder alone is none.
    attributes: names in lower case -> values.
    """
    if (waiting := waiting_address(attributes)) is not None:
        return waiting
    source = _text(attributes, "src")
    if is_picture(source):
        return source
    return best_candidate(image_candidates(attributes) or "")


def waiting_address(attributes: Mapping[str, Any]) -> str | None:
    """Return the address that a script would give the element, as written, or None where it waits for none."""
    names = LAZY if is_picture(_text(attributes, "src")) else (*LAZY, *LAZY_ELSE)
    return next((value for name in names if is_picture(value := _text(attributes, name))), None)


def image_candidates(attributes: Mapping[str, Any]) -> str | None:
    """Return the sizes that a script would choose from (``srcset``), as written, or None."""
    values = (_text(attributes, name) for name in (*LAZY_SETS, "srcset"))
    return next((value for value in values if value and not value.startswith("data:")), None)


def candidates(srcset: str) -> list[tuple[str, str]]:
    """Return the addresses of an image's candidates with their sizes (``640w``, ``2x``, or nothing), as sent.

    HTML Living Standard, section 4.8.4.2.1; candidates that only a comma parts count as well.
    """
    found: list[tuple[str, str]] = []
    begins = True
    for word in _GLUED.sub(", ", srcset).split():
        bare = word.strip(",")
        if not begins and _SIZE.fullmatch(bare) and not found[-1][1]:
            found[-1] = (found[-1][0], bare)
        elif begins and bare:
            found.append((bare, ""))
            begins = False
        begins = begins or word.endswith(",")
    return found[:_MOST_CANDIDATES]


def best_candidate(srcset: str) -> str | None:
    """Return the address out of a ``srcset`` that suits everybody, or None: the plain one, or a wide one, not huge."""
    found = [
        (float(size[:-1]) if size else 1.0, size[-1:] or "x", url)
        for url, size in candidates(srcset)
        if is_picture(url)
    ]
    if not found:
        return None
    widths = [each for each in found if each[1] == "w"]
    if widths:
        return str(max((each for each in widths if each[0] <= _WIDEST), default=min(widths))[2])
    return str(min(found, key=lambda each: each[0])[2])


def is_picture(address: str) -> bool:
    """Tell whether an address may be that of a picture: neither data, nor a template, nor a known place-holder."""
    return _ADDRESS.fullmatch(address) is not None and _PLACEHOLDER.search(address) is None


def is_counter(attributes: Mapping[str, Any]) -> bool:
    """Tell whether an image is there to count readers: a dot, or from where nothing else comes."""
    if any(_TINY.fullmatch(_text(attributes, name)) for name in ("width", "height")):
        return True
    return bool(_TINY_STYLE.search(_text(attributes, "style")) or _COUNTER.match(_text(attributes, "src")))


def _text(attributes: Mapping[str, Any], name: str) -> str:
    value = attributes.get(name)
    return value.strip() if isinstance(value, str) else ""
