"""What stands at the edges of an article's text: the title again, the way there, what leads on. Pure."""

import re

from bs4 import Tag

from aggregator.sources.parts.units import TITLE, Unit, has_media, letters_of, linked, units_of
from aggregator.text.urls import absolute, host, same_site
from aggregator.text.wording import folded

_LIST = 3  # links one after another
_LONGEST_LABEL = 30  # letters: "Related articles"
_FURTHER = re.compile(
    r"(?i)\W*(?:related|recommended|read (?:next|also|more)|see also|more (?:from|on|stories|articles|news)|trending"
    r"|most (?:read|popular)|popular (?:posts|stories)|you (?:may|might) (?:also )?like|leave a (?:reply|comment)"
    r"|(?:\d+ )?comments?\b|(?:新闻|网友|发表|全部)?评论(?:\W|\d|$)|加载更多|(?:上|下)一[篇条]|为你推荐"
    r"|猜你喜欢|大家都在看|(?:相关|推荐|延伸|更多|热门|精彩|最新)(?:阅读|新闻|文章|推荐|链接|报道|资讯|内容|专题|评论)|热帖|热榜)"
)
_SENTENCE = re.compile(r"[.!?。！？…]\W*$")
_LEAD = 200  # letters before the heading that repeats the title: breadcrumbs, a date
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def without_heading(scope: Tag, title: str) -> None:
    """Take off a heading that repeats the title, and the little that stands before it, but no picture."""
    wanted = letters_of(title).casefold()
    units = [unit for unit in units_of(scope) if unit.letters]
    passed = 0
    for place, unit in enumerate(units):
        letters = unit.letters.casefold()
        if letters == wanted or (unit.block.name in _HEADINGS and len(letters) >= TITLE and letters in wanted):
            for before in units[: place + 1]:
                for node in before.nodes:
                    if not has_media(node):
                        node.extract()
            return
        passed += len(letters)
        if passed > _LEAD:
            return


def without_further_links(scope: Tag, url: str) -> None:
    """Take off what leads on, to the site's other articles or to comments: behind a heading, or as links alone.

    What stands before the heading has to be a third of the text.
    """
    units = [unit for unit in units_of(scope) if unit.letters]
    end = len(units)
    whole = sum(len(unit.letters) for unit in units)
    passed = 0
    for place, unit in enumerate(units):
        if 3 * passed >= whole and len(unit.letters) <= _LONGEST_LABEL and _FURTHER.match(folded(unit.text)):
            end = place
            break
        passed += len(unit.letters)
    start = end
    while start and _leads_on(units[start - 1], url):
        start -= 1
    if end - start >= _LIST:
        end = start
        if end and len(units[end - 1].letters) <= _LONGEST_LABEL and not _SENTENCE.search(units[end - 1].text):
            end -= 1
    for unit in units[end:]:
        for node in unit.nodes:
            node.extract()


def _leads_on(unit: Unit, url: str) -> bool:
    """A block that is a link to another page of the site, and does not show an address: that may name the article."""
    if "://" in unit.text or linked(unit.nodes) < 0.9 * len(unit.letters):
        return False
    links = [link for node in unit.nodes if isinstance(node, Tag) for link in (node, *node.find_all("a"))]
    targets = [absolute(str(link.get("href")), url) for link in links if link.name == "a" and link.get("href")]
    return all(target is not None and same_site(host(target) or "", host(url) or "") for target in targets)
