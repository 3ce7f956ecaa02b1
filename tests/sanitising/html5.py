"""What in HTML could do harm, as a browser's parser sees it. Of our sanitizer's lists nothing is used here.

The text is read by the rules of the HTML standard (html5lib), with and without scripts, and written and read once more:
what is harmless only until the second reading is not harmless.
"""

import re
import warnings
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import DataLossWarning

XHTML = "{http://www.w3.org/1999/xhtml}"
FOLLOWED = frozenset({"http", "https", "mailto", "tel"})
PLAYERS = ("https://www.youtube.com/embed/", "http://www.youtube.com/embed/")

# Elements that run, load, frame, submit, restyle or redirect, or whose content browsers read by other rules
_HARMFUL = frozenset(
    """
    script style link meta base object embed applet param frame frameset portal fencedframe form input button
    select option optgroup textarea keygen isindex label output fieldset datalist svg math template slot
    noscript noembed noframes xmp plaintext listing title head body html map area dialog canvas marquee bgsound
    layer ilayer blink audio-worklet
    """.split()  # noqa: SIM905
)
_HARMFUL_ATTRIBUTES = frozenset(
    """
    style id class name srcdoc formaction action ping target download background bgcolor is slot part
    exportparts nonce usemap autoplay autofocus tabindex accesskey contenteditable popover popovertarget
    commandfor itemid profile manifest archive codebase classid code data dynsrc lowsrc longdesc imagesrcset
    attributionsrc crossorigin sandbox allow csp http-equiv integrity referrerpolicy form list draggable hidden
    inert xmlns
    """.split()  # noqa: SIM905
)
_ADDRESSES = frozenset({"href", "src", "cite", "poster", "action", "data", "formaction", "background", "srcset"})
_EDGE = "".join(map(chr, range(0x21)))


def scheme(url: str) -> str:
    """Return the scheme as a browser finds it (WHATWG URL, section 4.4), empty where the address is relative."""
    url = re.sub("[\t\n\r]", "", url.strip(_EDGE))
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    return match[1].lower() if match else ""


def harm_in(html: str, *, allowed: frozenset[str] = FOLLOWED) -> list[str]:
    """Return what could do harm in a piece of HTML, however a reader reads it."""
    if "<" not in html:
        return []  # words alone, however they are read
    found: list[str] = []
    for container in ("div", "body", "td", "template"):
        for scripting in (True, False):
            tree = _fragment(html, container, scripting=scripting)
            found += _harm(tree, allowed)
            again = html5lib.serialize(
                tree, omit_optional_tags=False, quote_attr_values="always", resolve_entities=False
            )
            found += (f"read twice: {harm}" for harm in _harm(_fragment(again, "div", scripting=scripting), allowed))
    return list(dict.fromkeys(found))


def words_in(html: str) -> str:
    """Return the text of a piece of HTML, with single spaces."""
    return " ".join("".join(_fragment(html, "div", scripting=False).itertext()).split())


def page(html: str) -> Element:
    """Return a whole page as an element tree, names with XHTML's namespace."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataLossWarning)
        root: Element = html5lib.parse(html)
        return root


def harm_of(
    element: Element, *, allowed: frozenset[str] = frozenset({"http", "https", "mailto", "tel"})
) -> Iterator[str]:
    """Yield what could do harm in one element of HTML, its children left aside."""
    if not isinstance(element.tag, str):
        yield "a comment"
        return
    tag = element.tag.removeprefix(XHTML)
    if tag.startswith("{") or tag in _HARMFUL:
        yield f"<{tag}>"
    if tag == "iframe" and not (element.get("src") or "").startswith(PLAYERS):
        yield f"a frame of {element.get('src')}"
    if tag == "img" and _is_counter(element):
        yield f"a dot from {element.get('src')}"
    for name, value in element.attrib.items():
        if name.lower().startswith("on") or name in _HARMFUL_ATTRIBUTES or "{" in name or ":" in name:
            yield f"{tag} {name}"
        if name in _ADDRESSES:
            for url in re.split(r",\s+", value) if name == "srcset" else [value]:
                if (name == "href" and scheme(url) not in allowed) or (
                    name != "href" and scheme(url) not in {"http", "https"}
                ):
                    yield f"{tag} {name}={url[:80]}"
                if re.match(r"[a-z]+:/*[^/?#]*@", url) and scheme(url) in {"http", "https"}:
                    yield f"{tag} {name} with credentials"


def _is_counter(image: Element) -> bool:
    return any(re.fullmatch(r"\s*0*[01](?:\.\d*)?(?:px)?\s*", image.get(name) or "") for name in ("width", "height"))


def _harm(tree: Element, allowed: frozenset[str]) -> Iterator[str]:
    for element in tree.iter():
        if element is not tree:
            yield from harm_of(element, allowed=allowed)


def _fragment(html: str, container: str, *, scripting: bool) -> Element:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataLossWarning)
        tree: Element = html5lib.parseFragment(html, container=container, scripting=scripting)
        return tree
