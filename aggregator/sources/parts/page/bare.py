"""A page without what a reader does not see, and without menus and boxes; how much of one is looked at. Pure."""

import re

from bs4 import BeautifulSoup, Tag

from aggregator.sources.parts.page.notices import is_consent_box, names
from aggregator.sources.parts.page.units import MEDIA
from aggregator.sources.parts.selectors import is_deeper

LONGEST_PAGE = 2_000_000  # characters without scripts; the extractor takes a second for so much
MOST_TAGS = 15_000  # its time grows with the elements too, and ours: a few seconds for so many
DEEPEST = 200  # elements within elements; browsers' own limit is 512, and no article comes near

_CODE_TAG = re.compile(r"<(script|style)\b")
_NEVER = ("script", "style", "template", "dialog", "input", "button", "select", "textarea", "svg", "link", "meta")
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_KEPT = ("html", "body", "main", "article", *MEDIA)
# Classes and ids of what stands beside an article. Not "widget": builders of pages call every piece of a text so.
BESIDE = re.compile(
    r"(?i)(?:^|[\s_-])(?:ads?|advert\w*|breadcrumbs?|newsletter|outbrain|promo\w*|qr\w*|recommend\w*|related|sidebar|social"
    r"|share(?:s|rs?|bar|buttons?|links?|tools?|daddy)?|sharing|sponsor\w*|taboola|toolbar|widget-area)(?:$|[\s_-])"
)
_ROLES = frozenset({"navigation", "contentinfo", "search", "complementary"})
_ADVERTISER = re.compile(r"(?i)//(?:[\w.-]*\.)?(?:ads?\d*|ad-?server|adsystem|doubleclick|googlesyndication|taboola)\b")
TALK = re.compile(r"(?i)(?:^|[\s_-])(?:comments?|commentlist|discussion|disqus\w*|replies|respond)(?:$|[\s_-])")


def too_much(text: str) -> str | None:
    """Return why a page is too long to be looked at, or None. To be asked before it is parsed."""
    bare = _without_code(text)
    tags = bare.count("<") // 2
    if len(bare) <= LONGEST_PAGE and tags <= MOST_TAGS:
        return None
    return f"the page is too long to look for its article: {len(bare):,} characters with about {tags:,} elements"


def is_too_deep(page: BeautifulSoup) -> bool:
    """Tell whether elements nest deeper than DEEPEST."""
    return is_deeper(page, DEEPEST)


def bare(page: BeautifulSoup) -> None:
    """Take out of a page what a reader does not see of it, and the boxes that ask for consent."""
    for element in page.find_all(_NEVER):
        element.decompose()
    for frame in page.find_all("iframe"):
        if _ADVERTISER.search(str(frame.get("src") or "")) or frame.get("width") in ("0", "1"):
            frame.decompose()
    for box in page.find_all("noscript"):
        if not box.find(MEDIA):
            box.decompose()
    held = _letters_held(page)
    whole = held[id(page)]
    for element in page.find_all(True):
        if element.name in _KEPT or id(element) not in held:
            continue
        share = held[id(element)] / whole if whole else 0.0
        is_seen = not (_is_hidden(element) or is_consent_box(element))
        if share <= 0.5 if not is_seen else _is_beside(element, share):
            element.extract()


def _letters_held(page: BeautifulSoup) -> dict[int, int]:
    """Id of an element -> letters in it."""
    held = {id(element): 0 for element in (page, *page.find_all(True))}
    for text in page.find_all(string=True):
        size = len(text.strip())
        for parent in text.parents if size else ():
            held[id(parent)] += size
    return held


def _is_beside(element: Tag, share: float) -> bool:
    """Tell whether an element is a menu, a foot, comments or the like. share: of the page's letters in it."""
    named = names(element)
    if element.name == "nav" or element.get("role") in _ROLES or TALK.search(named):
        most = 0.9
    elif element.name in ("footer", "aside") and element.find_parent(("article", "blockquote")) is None:
        most = 0.5
    elif element.name == "form" or BESIDE.search(named):  # some sites wrap their pages in a form
        most = 0.3
    else:
        return False
    return share <= most and element.find(("h1", "article", "main")) is None


def _is_hidden(element: Tag) -> bool:
    style = element.get("style")
    return "hidden" in element.attrs or (isinstance(style, str) and _HIDDEN.search(style) is not None)


def _without_code(text: str) -> str:
    """The mark-up without scripts and styles. By hand: a pattern would look for the end of each that has none."""
    lower, at, pieces = text.lower(), 0, []
    for tag in _CODE_TAG.finditer(lower):
        if tag.start() < at:
            continue
        pieces.append(text[at : tag.start()])
        at = lower.find(f"</{tag[1]}", tag.end())
        if at < 0:
            return "".join(pieces)
    pieces.append(text[at:])
    return "".join(pieces)
