"""What stands around an article's text: its title again, a byline, related articles, comments, a foot. Pure."""

import re
from collections.abc import Sequence

from bs4 import Tag

from aggregator.sources.parts.page.notices import width
from aggregator.sources.parts.page.units import TITLE, Unit, is_link, letters_of, linked, links_of
from aggregator.text.urls import absolute, host, same_site
from aggregator.text.wording import folded

_LIST = 3  # links one after another
_LONGEST_LABEL = 40  # letters, a Chinese character as two: "Related articles"
_LONGEST_LINE = 80  # likewise: of a byline, and of what may stand among links
_LONG_TITLE = 12  # letters by which a title is known that is no heading
_LEAD = 200  # letters before the heading that repeats the title: breadcrumbs, a date
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# As a whole: "Related work" and "Comments from residents" are headings of articles.
_FURTHER = re.compile(
    r"(?i)\W*(?:(?:related|recommended|similar|other|popular|latest|more|further)"
    r"(?: (?:articles?|stories|posts?|news|links|reading|topics|coverage|content|for you|reads))?(?: on this\b.*)?"
    r"|more (?:from|in) .*|read (?:next|also|more)(?: on this\b.*|:.*)?|see also|trending|most (?:read|popular)"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested in).*|leave a (?:reply|comment)|what others? read"
    r"|(?:\d+ |all )?(?:comments?|replies|responses)(?: \(?\d+\)?)?|(?:add|post|write) a comment"
    r"|(?:新闻|网友|发表|全部|最新|热门|精彩)?评论(?:\W*\d+)?条?|加载更多|(?:上|下)一[篇条].*|为(?:你|您)推荐"
    r"|猜(?:你|您)喜欢|大家都在看|(?:相关|推荐|延伸|更多|热门|热点|精彩|最新)(?:阅读|新闻|文章|推荐|链接|报道|资讯|内容|专题)(?:请关注.*)?"
    r"|热帖|热榜)\W*$"
)
_DATE = re.compile(
    r"(?i)\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2}:\d\d"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}"
    r"|^(?:昨天|今天|前天|刚刚|\d+ ?(?:分钟|小时|天)前)$"
    r"|\d+ (?:min(?:ute)?s?|hours?|days?) (?:ago|read)"
)
_BYLINE = re.compile(
    r"(?i)\W*(?:by [A-Z]|written by|posted (?:by|on)|published|updated|来源:|作者:|编辑:|责编|发布时间|文/|浏览)"
)
_FOOT = re.compile(
    r"(?i)\W*(?:©|\(c\)|copyright\b|all rights reserved|版权所有|.{0,12}(?:icp备|备案号|公网安备)"
    r"|\d{1,2}(?:\W+\d{1,2})*\W*$|(?:single|next|previous) page|[上下]一页|尾页|【?(?:打印本页|关闭窗口|返回顶部))"
)
_OFFER = re.compile(
    r"(?i)\W*(?:advertisement|sponsored|promoted|story continues|广告|推广|赞助)\W*$|newsletter|sign up|subscribe"
    r"|follow us|share (?:this|on)|download (?:our|the) app|公众号|扫码|二维码|关注我们|下载\w{0,6}(?:app|客户端)"
    r"|点击(?:查看|进入|阅读|订阅)|分享(?:到|至)"
)
_PROSE = 50  # likewise: a sentence
_STOPS = re.compile(r"[.!?。！？…]\W*$")


def trimmed(units: Sequence[Unit], marked: Sequence[Unit], *, titles: Sequence[str], url: str) -> list[Unit]:
    """Return the marked units without those that stand around the article.

    units: all of the page, in their order. titles: of the entry and the page. url: of the page.
    """
    beside = _around_headings(units, marked)
    kept = [unit for unit in marked if id(unit) not in beside]
    named = [letters_of(title).casefold() for title in titles]
    kept = _behind_title(kept, named)
    while len(kept) > 1 and _is_byline(kept[0]):
        kept = kept[1:]
    while len(kept) > 1 and (_is_foot(kept[-1]) or kept[-1].letters.casefold() in named):
        kept = kept[:-1]
    return _without_last_links(kept, url)


def is_offer(unit: Unit) -> bool:
    """Tell whether it leads away from the text: a link, a heading of links, an advertisement, a byline, a foot."""
    text = folded(unit.text)
    return (
        2 * linked(unit) >= len(unit.letters)
        or (width(text) <= _LONGEST_LABEL and _FURTHER.match(text) is not None)
        or (width(text) <= 2 * _LONGEST_LINE and _OFFER.search(text) is not None)
        or _is_byline(unit)
        or _is_foot(unit)
    )


def is_own_address(unit: Unit) -> bool:
    """Tell whether it is one link that shows its own address, by which an article may be known."""
    links = links_of(unit.nodes)
    return len(links) == 1 and letters_of(str(links[0].get("href"))).endswith(unit.letters) and "/" in unit.text


def _behind_title(kept: list[Unit], titles: Sequence[str]) -> list[Unit]:
    """What follows a heading that repeats a title, if one stands near the beginning. titles: their letters."""
    start = passed = 0
    for place, unit in enumerate(kept):
        letters = unit.letters.casefold()
        is_heading = len(letters) >= (TITLE if unit.block.name in _HEADINGS else _LONG_TITLE)
        if any(
            letters == title or (is_heading and letters in title and 2 * len(letters) >= len(title)) for title in titles
        ):
            start = place + 1
        passed += len(letters)
        if passed > _LEAD:
            break
    return kept[start:]


def _around_headings(units: Sequence[Unit], marked: Sequence[Unit]) -> set[int]:
    """Ids of what follows a heading such as "Related articles": its box, and the links and scraps behind it.

    A quarter of what is marked has to stand before it. Sentences behind it are the article's again.
    """
    is_marked = {id(unit) for unit in marked}
    whole = sum(len(unit.letters) for unit in marked)
    beside: set[int] = set()
    passed = 0
    for place, unit in enumerate(units):
        if id(unit) in beside:
            continue
        is_label = width(unit.text) <= _LONGEST_LABEL and _FURTHER.match(folded(unit.text))
        if is_label and 4 * passed >= whole and place:
            beside.update(id(one) for one in _with_its_box(units, place))
        elif id(unit) in is_marked:
            passed += len(unit.letters)
    return beside


def _with_its_box(units: Sequence[Unit], place: int) -> list[Unit]:
    """The heading's unit and what belongs to it: all in its box, in the list that follows the box, and scraps."""
    outside = {id(element) for element in (units[place - 1].block, *units[place - 1].block.parents)}
    box = units[place].block
    while box.parent is not None and id(box) not in outside and id(box.parent) not in outside:
        box = box.parent
    following = box.find_next_sibling()
    inside = _within(box) if id(box) not in outside else set()
    if isinstance(following, Tag):
        listed = _within(following)
        inside |= listed if sum(id(unit.block) in listed and is_link(unit) for unit in units) >= _LIST else set()
    taken = [units[place]]
    for unit in units[place + 1 :]:
        is_prose = width(unit.text) >= _PROSE and 2 * linked(unit) < len(unit.letters)
        if is_prose and id(unit.block) not in inside:
            break
        taken.append(unit)
    return taken


def _within(element: Tag) -> set[int]:
    return {id(element), *(id(one) for one in element.find_all(True))}


def _is_byline(unit: Unit) -> bool:
    text = folded(unit.text)
    if width(text) > _LONGEST_LINE or unit.block.name in _HEADINGS or _STOPS.search(text):
        return False
    return bool(_DATE.search(text) or _BYLINE.match(text))


def _is_foot(unit: Unit) -> bool:
    return width(unit.text) <= 3 * _LONGEST_LINE and _FOOT.match(folded(unit.text)) is not None


def _without_last_links(kept: list[Unit], url: str) -> list[Unit]:
    """The units without a list of links to more of the site that they end with, and its heading."""
    end = len(kept)
    while end and _leads_on(kept[end - 1], url):
        end -= 1
    if len(kept) - end < _LIST:
        return kept
    if end > 1 and width(kept[end - 1].text) <= _LONGEST_LABEL and not _STOPS.search(kept[end - 1].text):
        end -= 1
    return kept[:end] or kept


def _leads_on(unit: Unit, url: str) -> bool:
    """A block that is a link to another page of the site, and does not show an address: that may name the article."""
    if "://" in unit.text or not is_link(unit):
        return False
    links = links_of(unit.nodes) or [one for one in (unit.block, *unit.block.parents) if one.get("href")]
    targets = [absolute(str(link.get("href")), url) for link in links]
    return all(target is not None and same_site(host(target) or "", host(url) or "") for target in targets)
