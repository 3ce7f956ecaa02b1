"""Which copy of an entry speaks, and what the others may lend it. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from aggregator.identity.belonging import is_of_own_site
from aggregator.identity.comparing import share_text, words
from aggregator.model import Content, Copy

_LENT = (
    *("title", "url", "published", "authors", "enclosures", "image", "language", "rights", "comments"),
    *("contributors", "pictures", "places", "episode"),
)


def speaking_order(copies: Sequence[Copy]) -> tuple[Copy, ...]:
    """Return the copies, the one that speaks first: highest priority, then the article's own site, then the first.

    copies: in the order in which they were first seen.
    """
    return tuple(sorted(copies, key=lambda copy: (-copy.priority, not is_of_own_site(copy, copies))))


def spoken(copies: Sequence[Copy]) -> Content:
    """Return what the entry says: the speaking copy's content, with what it lacks taken from those that may give it.

    copies: the speaking one first. Only copies with the same parameter or from the article's own site may give:
    so no source can put its text under another's id, whatever it claims.
    """
    speaker, *others = copies
    content = speaker.content
    values = {key.value for key in speaker.keys if key.kind == "parameter"}
    for copy in others:
        has_parameter = values & {key.value for key in copy.keys if key.kind == "parameter"}
        if is_of_own_site(copy, copies) or (has_parameter and not _has_another_text(copy.content, speaker.content)):
            content = _filled(content, copy.content)
    return content


def _has_another_text(one: Content, other: Content) -> bool:
    return bool(words(one) and words(other)) and not share_text(one, other)


def _filled(content: Content, other: Content) -> Content:
    lacking: dict[str, object] = {
        name: getattr(other, name) for name in _LENT if not getattr(content, name) and getattr(other, name)
    }
    if not content.html and other.html:
        lacking["html"] = other.html
        lacking["summary"] = content.summary or other.summary
    return replace(content, **lacking) if lacking else content  # type: ignore[arg-type]
