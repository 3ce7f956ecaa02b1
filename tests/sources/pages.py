"""Made-up pages of articles, as sites of many kinds build them, in English and Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass

WORDS = {
    "en": {
        "menu": ["Home", "Politics", "Business", "Sport", "Weather", "Letters", "Subscribe", "About us"],
        "more": [
            "Ferry timetable changes in May",
            "Council argues over parking again",
            "Seal pup rescued from the lock",
        ],
        "most": "Most read",
        "related": "Related articles",
        "comments": "3 comments",
        "comment": "I have walked past that house every day for years and nobody ever asked us what we think of it.",
        "foot": "© 2026 Harbour News. All rights reserved. Privacy policy. Contact the newsroom on 555 0100.",
        "share": ["Tweet", "Share on Facebook", "E-mail"],
        "site": "Harbour News",
    },
    "zh": {
        "menu": ["首页", "时政", "财经", "体育", "天气", "读者来信", "订阅", "关于我们"],
        "more": ["五月起轮渡时刻表将有调整", "停车收费问题再起争议", "船闸获救小海豹今日放归大海"],
        "most": "热门文章",
        "related": "相关阅读",
        "comments": "网友评论",
        "comment": "我每天都从那座房子前面走过，这么多年从来没有人问过我们居民到底怎么看这件事。",
        "foot": "版权所有 © 2026 海港新闻网 备案号 12345678 隐私政策 联系编辑部",
        "share": ["分享到微博", "分享到微信", "打印本页"],
        "site": "海港新闻",
    },
}
TITLES = {"en": "Pilot house to be sold after eleven years", "zh": "空置十一年的引航员小楼将公开出售"}
TEXTS = {
    "en": [
        "The harbour board met on Tuesday evening to decide what will become of the old pilot house.",
        "It has stood empty for eleven years, and the roof leaks in three places, as the surveyor told the board.",
        "Two bids came in, one of them from the sailing club, which wants to open a café there in the summer.",
        "“We have waited long enough,” said the chairwoman, who has lived across the road since she was a child.",
        "The other bidder, a builder from the next town, did not say what he would make of the house.",
        "The board will meet again in a fortnight; until then both bidders may look at the house on weekdays.",
    ],
    "zh": [
        "海港委员会星期二晚间召开会议，讨论如何处置码头边那座老旧的引航员小楼。",
        "这座小楼已经空置十一年，据勘测人员向委员会介绍，屋顶目前有三处漏水，地下室常年积水。",
        "目前共收到两份报价，其中一份来自帆船俱乐部，该俱乐部计划今年夏天在那里开设一家咖啡馆。",
        "“我们已经等得够久了。”委员会主席说，她从小就住在小楼对面的那条街上。",
        "另一位竞标者是邻镇的一名建筑商，他没有透露买下小楼以后打算做什么用途。",
        "委员会将在两周以后再次开会，在此之前，两位竞标者都可以在工作日到现场查看房屋状况。",
    ],
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """An article: what a page of it shows. head: further elements of ``<head>``. top, end: around the site's frame."""

    language: str = "en"
    title: str = ""
    paragraphs: Sequence[str] = ()
    head: str = ""
    top: str = ""
    body: str | None = None  # the article's HTML, in place of the paragraphs
    end: str = ""


def links(texts: Sequence[str], start: int = 10) -> str:
    return "".join(f'<li><a href="/news/{start + n}.html">{text}</a></li>' for n, text in enumerate(texts))


def article_tag(told: Told) -> str:
    words = WORDS[told.language]
    return (
        f"<header><h2>{words['site']}</h2><nav><ul>{links(words['menu'])}</ul></nav></header>"
        f"<main><article><h1>{told.title}</h1><p class=byline>2026-03-01 | Ann Archer</p>{inner(told)}</article></main>"
        f"<aside><h3>{words['most']}</h3><ul>{links(words['more'], 30)}</ul></aside><footer>{words['foot']}</footer>"
    )


def div_soup(told: Told) -> str:
    words = WORDS[told.language]
    menu = "".join(f'<div class="item"><a href="/c/{n}">{text}</a></div>' for n, text in enumerate(words["menu"]))
    return (
        f'<div id="wrap"><div id="top"><div class="menu">{menu}</div></div>'
        f'<div class="w1000"><div class="left"><div class="title">{told.title}</div>'
        f'<div class="info"><span>2026-03-01 09:40</span> <span>Ann Archer</span></div>'
        f'<div class="text" id="text">{inner(told)}</div></div>'
        f'<div class="right"><div class="hd">{words["most"]}</div><ul>{links(words["more"], 30)}</ul></div></div>'
        f'<div class="bottom">{words["foot"]}</div></div>'
    )


def layout_table(told: Told) -> str:
    words = WORDS[told.language]
    cells = "".join(f'<td><a href="/c/{n}">{text}</a></td>' for n, text in enumerate(words["menu"]))
    return (
        f"<table width=980><tr>{cells}</tr></table><table width=980><tr><td width=700><table><tr><td>"
        f"<h1>{told.title}</h1></td></tr><tr><td>2026-03-01</td></tr><tr><td>{inner(told)}</td></tr></table></td>"
        f"<td width=280><ul>{links(words['more'], 30)}</ul></td></tr></table><p align=center>{words['foot']}</p>"
    )


def line_breaks(told: Told) -> str:
    words = WORDS[told.language]
    text = told.body if told.body is not None else "<br><br>\n&nbsp;&nbsp;".join(told.paragraphs)
    return (
        f'<div class="nav">{" | ".join(f"<a href=/c/{text}>{text}</a>" for text in words["menu"])}</div>'
        f'<div class="con"><h1>{told.title}</h1><div class="zw">{text}</div></div>'
        f'<div class="foot">{words["foot"]}</div>'
    )


def blog_post(told: Told) -> str:
    words = WORDS[told.language]
    share = "".join(
        f'<a class="share-{n}" href="https://share.example/{n}">{text}</a> ' for n, text in enumerate(words["share"])
    )
    return (
        f'<div id="page" class="site"><header id="masthead"><p class="site-title"><a href="/">{words["site"]}</a></p>'
        f'<ul id="menu" class="menu">{links(words["menu"])}</ul></header><div id="content" class="site-content">'
        f'<article id="post-1" class="post type-post"><header class="entry-header">'
        f'<h1 class="entry-title">{told.title}</h1>'
        f'<div class="entry-meta"><time datetime="2026-03-01T09:40:00+08:00">2026-03-01</time></div></header>'
        f'<div class="entry-content">{inner(told)}<div class="sharedaddy sd-sharing">{share}</div></div></article>'
        f'<div id="comments" class="comments-area"><h2 class="comments-title">{words["comments"]}</h2>'
        f'<ol class="comment-list"><li class="comment"><p>{words["comment"]}</p></li>'
        f'<li class="comment"><p>{words["comment"][::-1]}</p></li></ol></div>'
        f'<div id="secondary" class="widget-area"><h2 class="widget-title">{words["most"]}</h2>'
        f'<ul>{links(words["more"], 30)}</ul></div></div><footer id="colophon">{words["foot"]}</footer></div>'
    )


def microdata(told: Told) -> str:
    words = WORDS[told.language]
    return (
        f'<nav><ul>{links(words["menu"])}</ul></nav><div itemscope itemtype="https://schema.org/NewsArticle">'
        f'<h1 itemprop="headline">{told.title}</h1><div itemprop="articleBody">{inner(told)}</div></div>'
        f"<section><h3>{words['related']}</h3><ul>{links(words['more'], 30)}</ul></section>"
        f"<footer>{words['foot']}</footer>"
    )


def nested(told: Told) -> str:
    words = WORDS[told.language]
    rows = [f'<div class="c1"><div><div class="c2"><span>{text}</span></div></div></div>' for text in told.paragraphs]
    more = "".join(f"<a href=/n/{n}><div><span>{text}</span></div></a>" for n, text in enumerate(words["more"]))
    return (
        f'<div id="__next"><div><div class="c9">{"".join(f"<a href=/c/{word}>{word}</a>" for word in words["menu"])}'
        f'</div><div><div><section><div class="c3"><h1>{told.title}</h1></div>'
        f'<div class="c4">{told.body if told.body is not None else "".join(rows)}</div></section></div>'
        f'<div class="c5">{more}</div></div></div><div class="c6"><p>{words["foot"]}</p></div></div>'
    )


def with_related(told: Told) -> str:
    words = WORDS[told.language]
    return (
        f'<header><nav><ul>{links(words["menu"])}</ul></nav></header><div class="article"><h1>{told.title}</h1>'
        f'<div class="body">{inner(told)}<h4>{words["related"]}</h4><ul>{links(words["more"], 30)}</ul></div></div>'
        f'<section class="discussion"><h3>{words["comments"]}</h3>'
        f"<div><b>Bob</b><p>{words['comment']}</p></div></section><footer><p>{words['foot']}</p></footer>"
    )


def page_builder(told: Told) -> str:
    words = WORDS[told.language]

    def widget(kind: str, html: str) -> str:
        box = f'<div class="elementor-widget-container">{html}</div>'
        return f'<div class="elementor-element elementor-widget elementor-widget-{kind}">{box}</div>'

    menu, foot = f"<nav><ul>{links(words['menu'])}</ul></nav>", f"<p>{words['foot']}</p>"
    text = [told.body] if told.body is not None else [f"<p>{text}</p>" for text in told.paragraphs]
    return (
        f'<div class="elementor-location-header">{widget("nav-menu", menu)}</div>'
        f'<div class="elementor-section">{widget("heading", f"<h1>{told.title}</h1>")}'
        f"{''.join(widget('text-editor', one) for one in text)}</div>"
        f'<div class="elementor-location-footer">{widget("text-editor", foot)}</div>'
    )


def bare_body(told: Told) -> str:
    return f"<h1>{told.title}</h1>{inner(told)}"


LAYOUTS = (
    article_tag,
    div_soup,
    layout_table,
    line_breaks,
    blog_post,
    microdata,
    nested,
    with_related,
    page_builder,
    bare_body,
)


def inner(told: Told) -> str:
    return told.body if told.body is not None else "".join(f"<p>{text}</p>\n" for text in told.paragraphs)


def page(told: Told, layout: object = article_tag) -> str:
    """Return the whole page."""
    assert callable(layout)
    site = WORDS[told.language]["site"]
    return (
        f'<!DOCTYPE html><html lang="{told.language}"><head><meta charset="utf-8"><title>{told.title} - {site}</title>'
        f"{told.head}</head><body>{told.top}{layout(told)}{told.end}</body></html>"
    )
