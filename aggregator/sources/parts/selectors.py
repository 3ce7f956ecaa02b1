"""Values out of HTML: CSS selectors over Beautiful Soup. Pure."""

import re
from collections.abc import Iterator, Sequence

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from bs4.exceptions import ParserRejectedMarkup

from aggregator.errors import ReadError
from aggregator.model import Document
from aggregator.sources.parts.mapping import DATES, RuleError
from aggregator.text.decoding import decode
from aggregator.text.images import image_address, is_counter, is_picture
from aggregator.text.urls import absolute

MOST_ELEMENTS = 100_000  # of a page; a tree takes 1 kB of memory and 10 µs for one
DEEPEST = 512  # elements within elements, as in browsers; what looks at all that is in each takes for ever
MOST_ATTRIBUTES = 500  # of one element
MOST_DATES = 20  # elements that are looked at for one date

_ENOUGH = 100_000  # characters of a tag, to see whether it is crowded
_TAG = re.compile(r"<[A-Za-z]")
_ATTRIBUTES = re.compile(r"<[A-Za-z][^\s<>]*+([^<>]{2000,}+)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ATTRIBUTE = re.compile(r"@([\w:.-]+)$")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_XML_DECLARATION = re.compile(r"<\?\s*xml\b[^>]*(?:>|\Z)", re.IGNORECASE)
_XML_FEED = re.compile(r"\s*(?:<\?xml\b[^>]*>|<!--.*?-->|\s)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
# Buttons, mail, and links to the top of the page itself: no address that anything can be read at.
_LEADS_NOWHERE = re.compile(
    r"#!?|(?:about|blob|data|javascript|mailto|sms|tel|vbscript):.*|(?!https?:)[a-z][a-z0-9+.-]*://.*", re.I | re.DOTALL
)
_SPELLED_OUT = re.compile(r"(?:https?://|//|/|www\.)\S+|\S+/\S*|\S+\.[a-z]{2,5}", re.IGNORECASE)  # an address as a text
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*([\"']?)(.*?)\1\s*\)", re.IGNORECASE)
_BLOCKS = re.compile(
    r"address|article|aside|blockquote|br|d[dlt]|div|fieldset|fig(?:caption|ure)|footer|form|h[1-6r]|header|li|main|nav"
    r"|[ou]l|p|pre|section|table|t[dhr]"
)
_SHOWS = frozenset({"img", "picture", "video", "audio", "iframe", "object", "embed", "svg", "canvas", "input", "math"})
_SEPARATORS = re.compile(r"[\s|｜¦·•‖/／\\\-–—›»‹«<>＜＞]*")  # what stands between two links of a row


def parse_page(document: Document) -> BeautifulSoup:
    """Return the page as a tree. Raises ReadError when it is empty, a feed, or nothing that can be a page."""
    return parse_html(page_text(document), url=document.url)


def page_text(document: Document) -> str:
    """Return the page's mark-up. Raises ReadError when it is empty, or a feed."""
    text = decode(document.body, document.headers.get("content-type"))
    if not text.strip():
        raise ReadError("the answer is empty; the address may have changed", url=document.url)
    if _XML_FEED.match(text[:2000]):
        raise ReadError("this is a feed, not a page; write kind: feed, without items and fields", url=document.url)
    return text


def parse_html(text: str, *, url: str | None) -> BeautifulSoup:
    """Return HTML as a tree, a fragment within html and body.

    Raises ReadError where the parser gives up, or where it is larger or deeper than the bounds here.
    """
    if text.count("<") > MOST_ELEMENTS and (count := sum(1 for _ in _TAG.finditer(text))) > MOST_ELEMENTS:
        raise ReadError(
            f"the page has {count:,} elements, and no more than {MOST_ELEMENTS:,} are read; find the address of a "
            "shorter page",
            url=url,
        )
    if is_crowded(text):
        message = f"an element of the page has more than {MOST_ATTRIBUTES} attributes; such a page is not read"
        raise ReadError(message, url=url)
    text = _XML_DECLARATION.sub("", _UNREADABLE.sub("", text))
    if "<" not in text:
        text = f"<body>{text}</body>"
    try:
        page = BeautifulSoup(text, "lxml")
    except (ParserRejectedMarkup, RecursionError) as error:
        raise ReadError(f"the page cannot be read as HTML: {error}", url=url) from error
    if text.count("<") > DEEPEST and is_deeper(page, DEEPEST):
        message = f"the page's elements nest more than {DEEPEST} deep; such a page is not read"
        raise ReadError(message, url=url)
    return page


def is_crowded(text: str) -> bool:
    """Tell whether an element of mark-up has more than MOST_ATTRIBUTES."""
    return any(len(_QUOTED.sub("", tag[1])[:_ENOUGH].split()) > MOST_ATTRIBUTES for tag in _ATTRIBUTES.finditer(text))


def is_deeper(page: BeautifulSoup, most: int) -> bool:
    """Tell whether elements nest deeper than that."""
    depth = {id(page): 0}
    for element in page.find_all(True):
        here = depth[id(element)] = depth.get(id(element.parent), 0) + 1
        if here > most:
            return True
    return False


def base_of(page: BeautifulSoup, url: str) -> str:
    """Return the URL that the page's relative links start from: ``<base href>`` (HTML, section 4.2.3), else its own."""
    element = page.find("base", href=True)
    href = element.get("href") if isinstance(element, Tag) else None
    return (absolute(href, url) if isinstance(href, str) else None) or url


def select(root: Tag, selector: str) -> list[Tag]:
    """Return the elements below ``root`` that match, or root itself where only it does or nothing is asked for.

    Raises RuleError for what is no selector.
    """
    if not selector.strip():
        return [root]
    try:
        compiled = soupsieve.compile(selector)
        return compiled.select(root) or ([root] if root.parent is not None and compiled.match(root) else [])
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
        raise RuleError(f"{selector!r} is not a selector ({str(error).splitlines()[0]})") from error


def read_rule(root: Tag, name: str, rule: str) -> tuple[str, ...]:
    """Return the text that ``selector`` or ``selector@attribute`` gives for a field: the first match that has one.

    Without an attribute, a url is the element's link, an image its address, content its inner HTML, all else the
    text that a reader sees. A url that leads nowhere (``javascript:…``, ``#``) is none. For dates all texts come back,
    since not every one may hold a date.
    """
    named = _ATTRIBUTE.search(rule)
    selector = rule[: named.start()] if named else rule
    matches = select(root, selector)
    if name in DATES:
        read = (lambda element: [attribute(element, named[1])]) if named else _date_texts
        return tuple(text for element in matches[:MOST_DATES] for text in read(element) if text)
    for element in matches:
        if named:
            value = attribute(element, named[1])
        elif name == "url":
            value = _link(element)
        elif name == "image":
            value = _image(element)
        elif name == "content":
            value = inner_html(element)
        else:
            value = visible_text(element)
        if value and not (name == "url" and _LEADS_NOWHERE.fullmatch(value)):
            return (value,)
    return ()


def visible_text(element: Tag) -> str:
    """Return the text of an element, white space collapsed, blocks apart, scripts and comments left out."""
    parts: list[str] = []
    for node in element.descendants:
        if is_block(node) or is_block(node.previous_sibling):
            parts.append(" ")
        if type(node) is NavigableString:
            parts.append(node)
    return " ".join("".join(parts).split())


def inner_html(element: Tag) -> str:
    """Return the HTML within an element, or nothing when there is nothing to see in it."""
    return element.decode_contents().strip() if _shows_anything(element) else ""


def cut(root: Tag, selectors: Sequence[str]) -> int:
    """Remove what the selectors match, the separators between (``｜``), and the paragraphs that are empty then.

    Returns how many elements matched. Raises RuleError for what is no selector.
    """
    count = 0
    for selector in selectors:
        for element in select(root, selector):
            if element is not root and not element.decomposed:
                _remove(element, root)
                count += 1
    return count


def mismatch(page: BeautifulSoup, selector: str) -> str:
    """Return why nothing matches, for a message: which part of the selector still does, and how often."""
    tried: list[str] = []
    for alternative in _split(selector, ","):
        for prefix in _prefixes(alternative):
            count = len(_matches(page, prefix))
            tried.append(f"'{prefix}' matches {count}" if count else f"'{prefix}' none")
            if not count:
                break
    told = f": {', '.join(tried)}" if len(tried) > 1 else ""
    return f"no element matches {selector!r}{told}"


def attribute(element: Tag, name: str) -> str:
    """Return what an attribute says, without white space around it; nothing where it is missing."""
    value = element.get(name)
    return " ".join(value) if isinstance(value, list) else (value or "").strip()


def _date_texts(element: Tag) -> Iterator[str]:
    yield attribute(element, "datetime")
    if isinstance(inner := element.find("time", attrs={"datetime": True}), Tag):
        yield attribute(inner, "datetime")  # what it shows may be no more than `Friday`
    if element.name == "meta":
        yield attribute(element, "content")
    yield visible_text(element)
    yield attribute(element, "title")  # forums show `3 days ago` and have the day here


def _link(element: Tag) -> str:
    """The link that an element is, or holds, or spells out."""
    inner = element.find(href=True)
    own = attribute(element, "href") or attribute(element, "src")
    if own or not isinstance(inner, Tag):
        text = visible_text(element)
        return own or (text if _SPELLED_OUT.fullmatch(text) else "")
    return attribute(inner, "href")


def _image(element: Tag) -> str:
    """The first picture that an element shows, or is: no place-holder, no counter; a background counts as well."""
    if element.name in {"img", "meta", "source"}:
        return _picture(element)
    for image in element.find_all(("img", "source")):
        if address := _picture(image):
            return address
    for styled in (element, *element.select("[style*=background]")):
        if (found := _BACKGROUND.search(attribute(styled, "style"))) and is_picture(found[2]):
            return str(found[2])
    return attribute(element, "src") or attribute(element, "href")


def _picture(image: Tag) -> str:
    if image.name == "source" and image.find_parent("picture") is None:
        return ""  # of a video or a sound
    twin = image.find_next_sibling()
    if isinstance(twin, Tag) and twin.name == "noscript" and isinstance(shown := twin.find("img"), Tag):
        image = shown  # what is there for those without scripts is the picture itself
    if image.name == "img" and is_counter(image.attrs):
        return ""
    return image_address(image.attrs) or attribute(image, "content")


def is_block(node: object) -> bool:
    """Return whether a node begins a line of its own on a page."""
    return isinstance(node, Tag) and _BLOCKS.fullmatch(node.name) is not None


def _shows_anything(element: Tag) -> bool:
    return bool(visible_text(element)) or any(
        isinstance(node, Tag) and node.name in _SHOWS for node in element.descendants
    )


def _remove(element: Tag, root: Tag) -> None:
    parent = element.parent
    neighbours = [node for node in (element.previous_sibling, element.next_sibling) if type(node) is NavigableString]
    element.decompose()
    separators = [text for text in neighbours if text.strip() and _SEPARATORS.fullmatch(text)]
    if len(separators) == 2:  # a | cut | b
        separators.pop().extract()
    for text in separators:
        if not (_solid(text, forward=False) and _solid(text, forward=True)):
            text.extract()
    while parent is not None and parent is not root and parent.name not in {"body", "html", "td", "th"}:
        if _shows_anything(parent):
            break
        emptied, parent = parent, parent.parent
        emptied.decompose()


def _solid(node: NavigableString, *, forward: bool) -> bool:
    """Something to see stands beside the text."""
    siblings = node.next_siblings if forward else node.previous_siblings
    for sibling in siblings:
        if isinstance(sibling, Tag):
            return not is_block(sibling)
        if type(sibling) is NavigableString and sibling.strip():
            return True
    return False


def _matches(page: BeautifulSoup, selector: str) -> list[Tag]:
    try:
        return select(page, selector)
    except RuleError:
        return []


def _prefixes(selector: str) -> list[str]:
    """``section ul > li.new`` -> itself cut after each step, the last step also without what follows its tag."""
    steps = [*_split(selector, " ")]
    prefixes = [selector[:end] for _, end in _ends(selector, steps)]
    tag = re.match(r"[\w-]+(?=[.#\[:])", steps[-1]) if steps else None
    if tag and len(steps) == 1:
        prefixes.insert(0, tag[0])
    return prefixes


def _ends(selector: str, steps: Sequence[str]) -> Iterator[tuple[str, int]]:
    at = 0
    for step in steps:
        at = selector.index(step, at) + len(step)
        yield step, at


def _split(selector: str, mark: str) -> Iterator[str]:
    """The selector's parts between commas, or between combinators, brackets and quotes kept whole."""
    depth, quote, part = 0, "", ""
    for character in selector.strip():
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif not depth and (character == mark or (mark == " " and character in "\t\n>+~")):
            if part.strip():
                yield part.strip()
            part = ""
            continue
        part += character
    if part.strip():
        yield part.strip()
