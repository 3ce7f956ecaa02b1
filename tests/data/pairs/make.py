"""Writes pairs.jsonl, the labelled pairs of articles, from the hand-written articles beside it.

    python tests/data/pairs/make.py

The articles (``articles_*.txt``) are invented. A block of them:

    @ id | kind            articles whose ids share a stem (``fire/1``, ``heritage-2``) are different articles
    # title                {0}, {1} … stand for the values of a version
    a paragraph a line
    = value | value        a version of the template, one a line; versions are different articles
    ^ another headline
    ~ words => other words     an edit that leaves the article the same

No chance is in it: which changes an article gets goes by its place in the file.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).parent
FILES = (
    ("articles_zh_1.txt", "zh"),
    ("articles_zh_2.txt", "zh"),
    ("articles_zh_3.txt", "zh"),
    ("articles_en.txt", "en"),
)
UNRELATED = 4  # each article is paired with the one so many places further, of whatever kind

SOURCE_LINES = {
    "zh": (
        ("", "（来源：临川晚报）"),
        ("2023年3月7日 09:40 来源：江城新闻网", ""),
        ("本报记者 方思远", "（责任编辑：柏青）"),
        ("", "文章来源：青原融媒\n责任编辑：卢晓"),
        ("作者：文川 来源：望海日报 发布时间：2023-05-11 18:02", "（记者 方思远 通讯员 甘露）"),
    ),
    "en": (
        ("By Alma Trent, Staff Writer", ""),
        ("", "Source: Harbor Ledger"),
        ("Published 9:40 a.m. March 7, 2023 | Updated 11:02 a.m.", "(Reporting by Alma Trent; editing by Paul Esk)"),
        ("By ALMA TRENT", "Originally published in the Fairmont Courier."),
    ),
}
BOILERPLATE = {
    "zh": (
        ("首页 > 新闻中心 > 正文", "声明：本网转载此文仅为传递信息，版权归原作者所有，如有侵权请联系我们删除。"),
        ("点击上方蓝字关注我们", "长按二维码关注公众号，获取更多本地资讯\n往期推荐\n返回搜狐，查看更多"),
        ("【打印】【关闭】 字号：大 中 小", "扫一扫在手机打开当前页\n上一篇：没有了"),
        ("", "更多精彩内容请下载客户端\n免责声明：以上内容不代表本平台立场"),
    ),
    "en": (
        (
            "Home > News > Local",
            "Sign up for our newsletter and never miss a story.\nCopyright 2023. All rights reserved.",
        ),
        ("Advertisement", "Read more: what else is happening this week\nShare this article on social media"),
        (
            "",
            "This story is free to read because of readers like you. Support local journalism with a subscription.",
        ),
        ("5 min read", "Follow us for more. Comments are closed."),
    ),
}
EXTRA = {
    "zh": (
        "另据了解，有关情况本报将继续关注。读者如有线索，欢迎拨打本报热线。",
        "记者在采访中了解到，多位市民对此表示关注，希望能够及时看到后续的消息。",
        "相关负责人表示，下一步还将根据实际情况研究完善，并及时向社会公布。",
    ),
    "en": (
        "This is a developing story and will be updated as more details become available.",
        "The newspaper will follow the matter and welcomes letters from readers who know more about it.",
        "Several people who were asked about it on the street said that they had already heard the news.",
    ),
}
PUNCTUATION = {
    "zh": {"“": "「", "”": "」", "：": "——", "；": "，", "（": "(", "）": ")"},
    "en": {'"': "”", "'": "’", "-": "—", ";": ",", " - ": " – "},
}


Change = Callable[["Article", int], "Article"]  # the place of the article in the files chooses among several


@dataclass(frozen=True)
class Article:
    id: str
    kind: str
    language: str
    title: str
    text: str
    headline: str | None = None
    edits: tuple[tuple[str, str], ...] = ()

    @property
    def stem(self) -> str:
        return re.split(r"[/#]|-\d$|-q1$", self.id)[0]


def articles() -> list[Article]:
    """Return all articles, in the order of the files, versions of a template one after another."""
    return [
        article
        for name, language in FILES
        for block in (HERE / name).read_text(encoding="utf-8").split("\n@ ")
        for article in _versions(block.removeprefix("@ "), language)
    ]


def _versions(block: str, language: str) -> Iterator[Article]:
    head, *lines = block.strip().split("\n")
    id_, kind = head.split(" | ")
    title = next(line[2:] for line in lines if line.startswith("# "))
    text = "\n".join(line for line in lines if not line.startswith(("# ", "= ", "^ ", "~ ")))
    headline = next((line[2:] for line in lines if line.startswith("^ ")), None)
    edits = [line[2:].split(" => ") for line in lines if line.startswith("~ ")]
    versions = [[value.strip() for value in line[2:].split(" | ")] for line in lines if line.startswith("= ")]
    for old, _ in edits:
        if old not in text:
            raise ValueError(f"{id_}: nothing to edit: {old}")
    for number, values in enumerate(versions or [[]]):
        yield Article(
            id=f"{id_}#{number}" if values else id_,
            kind=kind,
            language=language,
            title=_filled(title, values),
            text=_filled(text, values),
            headline=_filled(headline, values) if headline else None,
            edits=tuple((old, new) for old, new in edits),
        )


def _filled(words: str, values: list[str]) -> str:
    return words.format(*values) if values else words


# --- changes that leave an article the same -------------------------------------------------------


def edited(article: Article, place: int) -> Article:
    text = article.text
    for old, new in article.edits:
        text = text.replace(old, new)
    return replace(article, text=text)


def headlined(article: Article, place: int) -> Article:
    return replace(article, title=article.headline or article.title)


def credited(article: Article, place: int) -> Article:
    lines = SOURCE_LINES[article.language]
    return _framed(article, *lines[place % len(lines)])


def framed(article: Article, place: int) -> Article:
    lines = BOILERPLATE[article.language]
    return _framed(article, *lines[place % len(lines)])


def widened(article: Article, place: int) -> Article:
    """The same in the other width: digits, Latin letters and, in English, everything."""
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if article.language == "en" or chr(code).isalnum()}
    return replace(article, title=article.title.translate(wide), text=article.text.translate(wide))


def traditional(article: Article, place: int) -> Article:
    from opencc import OpenCC

    convert = OpenCC("s2t" if place % 2 else "s2tw").convert
    return replace(article, title=convert(article.title), text=convert(article.text))


def punctuated(article: Article, place: int) -> Article:
    text = article.text
    for mark, other in PUNCTUATION[article.language].items():
        text = text.replace(mark, other)
    return replace(article, text=text)


def lengthened(article: Article, place: int) -> Article:
    extra = EXTRA[article.language]
    return replace(article, text=f"{article.text}\n{extra[place % len(extra)]}")


def shortened(article: Article, place: int) -> Article:
    return replace(article, text=article.text.rpartition("\n")[0])


def spaced(article: Article, place: int) -> Article:
    """The same with other white space, as another page's markup leaves it."""
    indent = "\u3000\u3000" if article.language == "zh" else "  "
    return replace(article, text="\n\n".join(indent + line for line in article.text.split("\n")) + "\n")


def _framed(article: Article, before: str, after: str) -> Article:
    return replace(article, text="\n".join(part for part in (before, article.text, after) if part))


CHANGES: tuple[tuple[str, tuple[Change, ...]], ...] = (
    ("small edits", (edited,)),
    ("another headline", (headlined,)),
    ("source line", (credited,)),
    ("traditional or full width", (traditional,)),
    ("boilerplate", (framed,)),
    ("small edits, source line, headline", (edited, credited, headlined)),
    ("punctuation", (punctuated,)),
    ("a paragraph more", (lengthened,)),
    ("last paragraph missing", (shortened,)),
    ("full width", (widened,)),
    ("traditional, source line, headline", (traditional, credited, headlined)),
    ("boilerplate, headline", (framed, headlined)),
    ("small edits, a paragraph more", (edited, lengthened)),
    ("small edits, last paragraph missing", (edited, shortened)),
    ("small edits, boilerplate, headline", (edited, framed, headlined)),
)


def pairs() -> Iterator[dict[str, object]]:
    """Yield the pairs: first those of one article, then those of two."""
    every = articles()
    first = [article for article in every if "#" not in article.id or article.id.endswith("#0")]
    for place, article in enumerate(first):
        if place % 3 == 0:
            yield _pair("same", "white space", article, spaced(article, place))
        fitting = [change for change in CHANGES if _fits(article, change[1])]
        chosen = [fitting[(place + step * len(fitting) // 3) % len(fitting)] for step in range(3)]
        by_hand = [change for change in fitting if edited in change[1] and change not in chosen]
        for kind, steps in chosen + by_hand[place % 2 : place % 2 + 1]:
            other = article
            for change in steps:
                other = change(other, place)
            if other != article:
                yield _pair("near", kind, article, other)
    yield from _different(every)


def _fits(article: Article, steps: Iterable[Change]) -> bool:
    needs: dict[Change, bool] = {
        edited: bool(article.edits),
        headlined: bool(article.headline),
        traditional: article.language == "zh",
        shortened: article.text.count("\n") >= 2,
    }
    return all(needs.get(step, True) for step in steps)


def _different(every: list[Article]) -> Iterator[dict[str, object]]:
    for place, (one, other) in enumerate(combinations(every, 2)):
        if one.stem == other.stem and one.language == other.language:
            # the second of two papers adds its source line: what is alike must not be what decides
            yield _pair("different", one.kind, one, credited(other, place) if place % 2 else other)
    for place, one in enumerate(every):
        other = every[(place + UNRELATED) % len(every)]
        if one.stem != other.stem and one.language == other.language and place % 2:
            yield _pair("different", "unrelated", one, other)


def _pair(label: str, kind: str, one: Article, other: Article) -> dict[str, object]:
    a, b = ({"title": article.title, "text": article.text} for article in (one, other))
    name = one.id if label != "different" else f"{one.id} {other.id}"
    return {"id": f"{name}: {kind}", "language": one.language, "label": label, "kind": kind, "a": a, "b": b}


def written() -> str:
    """Return the contents of pairs.jsonl."""
    return "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs())


if __name__ == "__main__":
    (HERE / "pairs.jsonl").write_text(written(), encoding="utf-8")
