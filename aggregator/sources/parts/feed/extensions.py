"""Elements of known vocabularies for which there is no noun: kept as they came. Pure."""

from collections.abc import Iterable, Iterator

from aggregator.model import Extension
from aggregator.sources.parts.feed.elements import Element, Elements, name_of

MOST = 500  # elements of one entry or feed
DEEPEST = 6
LONGEST_TEXT = 10_000  # characters

_VOCABULARIES = frozenset({"podcast", "itunes", "googleplay", "media", "psc", "slash", "thr", "wfw"})

# What the other modules of this folder understand, or feedparser.
_UNDERSTOOD = frozenset(
    {
        *("podcast:transcript", "podcast:chapters", "podcast:soundbite", "podcast:person", "podcast:location"),
        *("podcast:season", "podcast:episode", "podcast:alternateenclosure", "podcast:guid", "podcast:medium"),
        *("podcast:locked", "podcast:funding", "podcast:license", "podcast:image", "podcast:images"),
        *("itunes:season", "itunes:episode", "itunes:episodetype", "itunes:title", "itunes:duration", "itunes:image"),
        *("itunes:explicit", "itunes:block", "itunes:complete", "itunes:new-feed-url", "itunes:owner", "itunes:type"),
        *("itunes:author", "itunes:summary", "itunes:keywords", "itunes:category", "itunes:link"),
        *("googleplay:explicit", "googleplay:block", "googleplay:owner", "googleplay:image"),
        *("googleplay:author", "googleplay:description"),
        *("media:group", "media:content", "media:title", "media:description", "media:thumbnail"),
        *("media:credit", "media:keywords", "media:category", "media:copyright", "media:license", "media:subtitle"),
        *("media:scenes", "psc:chapters", "slash:comments", "thr:total", "wfw:commentrss"),
    }
)


def extensions(elements: Elements) -> tuple[Extension, ...]:
    """Return what nothing else understands of the vocabularies that podcasts, films and blogs use, in their order."""
    left = [MOST]
    kept = [
        element
        for name, found in elements.children.items()
        if name.partition(":")[0] in _VOCABULARIES and name not in _UNDERSTOOD
        for element in found
    ]
    return tuple(_kept((one for one in kept if not _has_noun(one)), left, DEEPEST))


def _has_noun(element: Element) -> bool:
    """What means something else, or nothing else, according to where it stands and what it says."""
    name = name_of(element)
    if name == "media:player":
        return name_of(element.getparent()) in {"media:content", "media:group"}
    return name == "podcast:block" and not element.get("id")


def _kept(found: Iterable[Element], left: list[int], depth: int) -> Iterator[Extension]:
    for element in found:
        if left[0] <= 0 or depth <= 0:
            return
        if not isinstance(element.tag, str):
            continue
        left[0] -= 1
        yield Extension(
            name=_written(element),
            text=(element.text or "").strip()[:LONGEST_TEXT] or None,
            attributes=tuple(
                (name, value[:LONGEST_TEXT]) for name, value in element.attrib.items() if not name.startswith("{")
            ),
            children=tuple(_kept(element, left, depth - 1)),
        )


def _written(element: Element) -> str:
    """The usual prefix, and the local name in its own letter case."""
    prefix, colon, _ = name_of(element).rpartition(":")
    local = element.tag.rpartition("}")[2].rpartition(":")[2]
    return f"{prefix}{colon}{local}"
