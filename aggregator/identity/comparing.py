"""Whether what two copies say is one text, an edit of it, or a comment on it. Pure."""

from aggregator.model import Content, Copy
from aggregator.text.urls import canonical
from aggregator.text.visible import visible
from aggregator.text.wording import folded

OWN_WORDS = 200  # characters that an article's text does not have make a comment on it an entry of its own
SHINGLE = 8  # characters; short enough for Chinese, long enough that chance does not match


def are_different_articles(one: Copy, other: Copy) -> bool:
    """Whether two copies under one guid cannot be an edit of each other: address, title and text all differ."""
    if one.url and other.url and canonical(one.url) == canonical(other.url):
        return False
    if {key for key in one.keys if key.kind == "parameter"} & {key for key in other.keys if key.kind == "parameter"}:
        return False
    if (one.url is None) != (other.url is None) or words_of(one.content.title) == words_of(other.content.title):
        return False
    mine, theirs = words(one.content), words(other.content)
    if not mine or not theirs:
        return one.url is not None or one.content.published != other.content.published
    shorter, longer = sorted((mine, theirs), key=len)
    return missing(shorter, longer) > len(shorter) // 2


def share_text(one: Content, other: Content) -> bool:
    """Whether the shorter of two texts stands mostly in the longer one; no text is shared with nothing."""
    mine, theirs = sorted((words(one), words(other)), key=len)
    return bool(mine) and missing(mine, theirs) <= len(mine) // 4


def is_one_text(one: Content, other: Content) -> bool:
    """Whether two texts agree; where one of the two has none, the titles. A title is easily taken from another."""
    if words(one) and words(other):
        return share_text(one, other)
    return words_of(one.title) == words_of(other.title)


def adds_words(comment: Content, article: Content) -> bool:
    """The comment has OWN_WORDS characters or more that the article's text does not have, and is not its full text."""
    mine, theirs = words(comment), words(article)
    if len(mine) < OWN_WORDS:
        return False
    if not theirs:
        return words_of(comment.title) != words_of(article.title)
    return missing(mine, theirs) >= OWN_WORDS and missing(theirs, mine) > len(theirs) // 2


def words(content: Content) -> str:
    return words_of(visible(content.html) or content.summary)


def words_of(text: str | None) -> str:
    return "".join(character for character in folded(text).lower() if character.isalnum())


def missing(text: str, other: str) -> int:
    """Return how many characters of the text stand in no run of SHINGLE characters that the other has too."""
    theirs = {other[at : at + SHINGLE] for at in range(max(len(other) - SHINGLE + 1, 1))}
    covered = bytearray(len(text))
    for at in range(max(len(text) - SHINGLE + 1, 1)):
        if text[at : at + SHINGLE] in theirs:
            covered[at : at + SHINGLE] = b"\x01" * len(text[at : at + SHINGLE])
    return covered.count(0)
