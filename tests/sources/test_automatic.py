"""``article: auto`` on one page: what is taken, and why nothing is."""

import json
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from aggregator.errors import NotAPage, ReadError
from aggregator.model import ArticleRule, Document, Link, Person, RawEntry, RawText, Source
from aggregator.normalize.html import clean
from aggregator.sources.parts.page.article import PageReading, read_page
from aggregator.text.visible import visible
from tests.sources.pages import LAYOUTS, TEXTS, TITLES, WORDS, Told, bare_body, blog_post, links, page

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://news.example/2026/1.html"
SOURCE = Source(name="news", url="https://news.example/feed", article=ArticleRule(auto=True))
LANGUAGES = ("en", "zh")


def told(language: str = "en", count: int = 6, **more: str) -> Told:
    return Told(language=language, title=TITLES[language], paragraphs=TEXTS[language][:count], **more)  # type: ignore[arg-type]


def entry(language: str = "en", teaser: str | None = None, **more: object) -> RawEntry:
    text = TEXTS[language][0] if teaser is None else teaser
    raw = RawEntry(
        url=URL,
        base=SOURCE.url,
        title=RawText(value=TITLES[language]),
        summary=RawText(value=text, type="html") if text else None,
    )
    return replace(raw, **more)  # type: ignore[arg-type]


def read(
    body: str | bytes, raw: RawEntry, *, url: str = URL, kind: str = "text/html", rule: ArticleRule | None = None
) -> PageReading:
    body = body if isinstance(body, bytes) else body.encode()
    document = Document(
        url=url, requested_url=URL, body=body, headers={"content-type": kind} if kind else {}, fetched_at=NOW
    )
    source = replace(SOURCE, article=rule) if rule else SOURCE
    return read_page(raw, document, source, now=NOW)


def shown(reading: PageReading) -> list[str]:
    """The paragraphs that would be published."""
    text = reading.entry.content
    return visible(clean(text.value, base=text.base)).split("\n") if text else []


def published(reading: PageReading) -> str:
    text = reading.entry.content
    return (clean(text.value, base=text.base) or "") if text else ""


# --- layouts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_the_article_and_nothing_else_is_taken_of_a_page(layout, language):
    reading = read(page(told(language), layout), entry(language))

    assert reading.is_taken, reading.note
    assert shown(reading) == TEXTS[language]
    assert reading.entry.summary == entry(language).summary
    assert reading.warnings == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_of_a_short_article_nothing_but_its_text_is_taken(layout, language, count):
    reading = read(page(told(language, count), layout), entry(language, teaser=""))

    if reading.is_taken:
        assert shown(reading) == TEXTS[language][:count]
    else:
        assert reading.entry.content is None
        assert count < 3, reading.note


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_says_the_same_again_and_again_is_taken_whole(language):
    paragraphs = [TEXTS[language][0]] * 8

    reading = read(page(replace(told(language), paragraphs=paragraphs)), entry(language))

    assert shown(reading) == paragraphs, reading.note


def test_a_text_that_stands_on_the_page_in_two_forms_is_taken_once():
    text = "".join(f"<p>{one}</p>" for one in TEXTS["en"])
    body = (
        f"<html><body><h1>{TITLES['en']}</h1><div class=wide>{text}</div><div class=narrow>{text}</div></body></html>"
    )

    assert shown(read(body, entry())) == TEXTS["en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_a_page_without_an_article_gives_nothing(layout, language):
    reading = read(page(told(language, 0), layout), entry(language))

    assert not reading.is_taken
    assert reading.entry == entry(language)
    assert len(reading.warnings) == 1


# --- notices in the place of an article ------------------------------------------------------------

NOT_FREE = [
    "Subscribe to continue reading",
    "To continue reading this article, please log in or create a free account.",
    "This article is for subscribers only.",
    "This post is for paid subscribers",
    "Sign in to read the full article",
    "You have reached your limit of free articles this month.",
    "Already a member? Log in to unlock the rest of this story.",
    "登录后阅读全文",
    "请先登录后查看完整内容",
    "本文为付费内容，请购买后阅读",
    "开通会员，继续阅读全文",
    "订阅后可阅读剩余 80% 内容",
    "登入後閱讀全文",
    "會員專屬內容",
    "打开APP阅读全文",
    "Réservé aux abonnés",
    "Dieser Artikel ist nur für Abonnenten. Weiterlesen mit Abo",
    "この記事は会員限定です",
]


@pytest.mark.parametrize("notice", NOT_FREE)
@pytest.mark.parametrize("where", ["in the text", "below it"])
def test_a_page_that_shows_its_beginning_and_asks_for_a_subscription_is_not_taken(notice, where):
    language = "en" if notice.isascii() else "zh"
    block = f'<div class="gate"><h3>{notice}</h3></div>'
    text = "".join(f"<p>{one}</p>" for one in TEXTS[language][:4])
    body = page(
        told(
            language, body=text + block if where == "in the text" else text, end="" if where == "in the text" else block
        )
    )

    reading = read(body, entry(language))

    assert reading.entry == entry(language)
    assert "not for everybody" in reading.warnings[0], reading


@pytest.mark.parametrize(
    "head",
    [
        {"isAccessibleForFree": False},
        {"isAccessibleForFree": "False"},
        {"isAccessibleForFree": "https://schema.org/False"},
        {"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}},
        {"hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": "false", "cssSelector": ".paywall"}]},
        '<meta property="article:content_tier" content="locked">',
        '<meta property="article:content_tier" content="metered">',
        '<meta itemprop="isAccessibleForFree" content="false">',
    ],
    ids=str,
)
def test_a_page_marked_as_not_free_is_not_taken_even_if_its_text_is_there(head):
    if isinstance(head, dict):
        data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLES["en"], **head}
        head = f'<script type="application/ld+json">{json.dumps(data)}</script>'

    reading = read(page(told(head=head)), entry())

    assert reading.entry == entry()
    assert "marked as not free" in reading.warnings[0]


def test_a_page_marked_as_free_is_taken():
    data = {"@type": "NewsArticle", "headline": TITLES["en"], "isAccessibleForFree": True}

    assert read(page(told(head=f'<script type="application/ld+json">{json.dumps(data)}</script>')), entry()).is_taken


@pytest.mark.parametrize(
    "around",
    [
        "Already a subscriber? Log in",
        "Subscribe to our newsletter",
        "Subscribe now for 1 € a week",
        "登录 | 注册",
        "登录后发表评论",
        "关注我们的公众号，查看更多精彩内容",
        "打开APP，查看更多精彩内容",
    ],
)
def test_an_offer_beside_a_whole_article_does_not_hide_it(around):
    language = "en" if around.isascii() or "€" in around else "zh"

    reading = read(page(told(language, end=f"<div><p>{around}</p></div>")), entry(language))

    assert shown(reading) == TEXTS[language], reading.note


@pytest.mark.parametrize("label", ["Subscribers only", "Premium content", "会员专享", "Réservé aux abonnés"])
def test_a_label_on_other_articles_does_not_hide_this_one(label):
    cards = [
        f"<div><h3><a href='/n'>{text}</a></h3><p>{text}, says the mayor.</p></div>" for text in WORDS["en"]["more"]
    ]
    others = "".join(cards) * 2
    body = page(told(end=f"<section><h2>From our other pages</h2>{others}<p>{label}</p>{others}</section>"))

    assert shown(read(body, entry())) == TEXTS["en"]
    assert "not for everybody" in read(page(told(end=f"<p>{label}</p>")), entry()).warnings[0]


def test_an_article_may_speak_of_subscriptions_and_cookies_in_its_sentences():
    sentence = (
        "Readers of the paper were told last week that they had to subscribe to continue reading, and that we use "
        "cookies to give them the best experience; the publisher said that both were mistakes of a new system, which "
        "had taken every reader for a stranger, and that it would be repaired before the end of June."
    )
    paragraphs = [*TEXTS["en"], sentence]

    assert shown(read(page(replace(told(), paragraphs=paragraphs)), entry())) == paragraphs


def test_a_notice_that_goes_on_to_its_prices_is_one_by_its_first_sentence():
    notice = "Subscribe to continue reading. " + "Get unlimited access to all that we write for 1 euro a week. " * 6
    body = page(told(body=f"<p>{TEXTS['en'][0]}</p><div>{notice}</div>"))

    assert "not for everybody" in read(body, entry()).warnings[0]


COOKIES = {
    "marked by its id": '<div id="cookie-banner"><p>We use cookies to serve you.</p><button>Yes</button></div>',
    "marked by its class": '<div class="cc-window"><span>This site uses cookies.</span><a href=/c>Learn more</a></div>',
    "a dialog": '<div role="dialog" aria-modal="true"><h2>Your privacy</h2><p>We and our 834 partners store and access '
    "data on your device, such as cookies, and process personal data.</p></div>",
    "not marked": "<div><p>By continuing to browse this site you agree to our cookies and privacy policy.</p></div>",
    "in Chinese": "<div><p>我们使用 Cookie 来改善您的浏览体验，继续使用本网站即表示您同意我们的隐私政策。</p></div>",
    "in German": "<div><p>Wir verwenden Cookies, um Inhalte zu personalisieren und Zugriffe zu analysieren.</p></div>",
}


@pytest.mark.parametrize("banner", COOKIES.values(), ids=COOKIES)
@pytest.mark.parametrize("where", ["top", "end", "body"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_asks_for_consent_is_never_content(banner, where, language):
    more = (
        {where: banner} if where != "body" else {"body": banner + "".join(f"<p>{one}</p>" for one in TEXTS[language])}
    )

    assert shown(read(page(told(language, **more)), entry(language))) == TEXTS[language]


@pytest.mark.parametrize("banner", COOKIES.values(), ids=COOKIES)
def test_a_page_of_consent_alone_gives_nothing(banner):
    body = f"<html><head><title>Harbour News</title></head><body>{banner * 3}</body></html>"

    reading = read(body, entry())

    assert reading.entry == entry()
    assert reading.warnings


PLACEHOLDERS = {
    "needs JavaScript": (
        "<noscript>x</noscript><div><h1>One moment</h1><p>Please enable JavaScript to view this page.</p></div>",
        "script",
    ),
    "single page app": ("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>", ""),
    "in Chinese": ("<p>请开启JavaScript后再访问本页面</p>", "script"),
    "soft 404": (
        "<h1>Page not found</h1><p>The page you are looking for may have moved. Here is what others read:</p>",
        "no such page",
    ),
    "soft 404 in Chinese": (
        "<h1>抱歉，您访问的页面不存在</h1><p>该文章可能已被删除，看看其他新闻吧。</p>",
        "no such page",
    ),
    "deleted": ("<h1>该内容已被发布者删除</h1>", "no such page"),
}


@pytest.mark.parametrize(("body", "why"), PLACEHOLDERS.values(), ids=PLACEHOLDERS)
def test_a_placeholder_is_not_taken(body, why):
    reading = read(f"<html><head><title>Harbour News</title></head><body>{body}</body></html>", entry())

    assert reading.entry == entry()
    assert why in reading.warnings[0]


@pytest.mark.parametrize(
    "body",
    [
        "<title>Just a moment...</title><h1>news.example</h1><p>Verify you are human by ticking the box.</p>",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><p>Ray ID: 81abc</p>",
        "<title>安全验证</title><p>访问过于频繁，请完成下方验证后继续访问</p>",
    ],
)
def test_a_captcha_is_a_failure_that_may_pass(body):
    with pytest.raises(ReadError, match="wants to see a person"):
        read(body, entry())


def test_an_entry_that_is_about_missing_pages_is_not_taken_for_one():
    title = "Why every site should have a page not found that helps"
    raw = entry(title=RawText(value=title))

    assert read(page(replace(told(), title=title)), raw).is_taken


# --- lists and front pages -------------------------------------------------------------------------


def teasers(language: str, count: int = 8) -> str:
    texts = TEXTS[language]
    return "".join(
        f'<div class="card"><h2><a href="/n/{n}">{texts[n % 6][:40]}</a></h2><p>{texts[(n + 1) % 6][:-4]}…</p></div>'
        for n in range(count)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", ["…", "", ' <a href="/n">Read more</a>'])
def test_a_front_page_is_not_taken_although_the_entry_is_on_it(language, ending):
    own = f'<div class="card"><h2><a href="/1">{TITLES[language]}</a></h2><p>{TEXTS[language][0]}</p></div>'
    cards = own + teasers(language).replace("…", ending)
    body = f"<html><head><title>{WORDS[language]['site']}</title></head><body><main>{cards}</main></body></html>"

    for url in (URL, "https://news.example/"):
        reading = read(body, entry(language), url=url)
        assert reading.entry == entry(language), reading.note
        assert reading.warnings


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_links_is_not_taken(language):
    many = WORDS[language]["more"] * 12
    title = TITLES[language]
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><ul>{links(many)}</ul></body></html>"

    assert read(body, entry(language)).entry == entry(language)


# --- is it about the entry -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_about_something_else_is_not_taken_and_the_warning_says_so(language):
    other = "An otter moved into the canal" if language == "en" else "一只水獭搬进了城里的运河"
    raw = entry(language, title=RawText(value=other), summary=RawText(value=f"{other}, {other[::-1]} {other}。"))

    reading = read(page(told(language)), raw)

    assert reading.entry == raw
    assert "about something else" in reading.warnings[0]
    assert other in reading.warnings[0]


def test_a_page_in_another_language_than_the_summary_is_not_taken():
    raw = entry("zh")

    reading = read(page(told("en")), raw)

    assert reading.entry == raw
    assert "another language" in reading.warnings[0]


def test_a_new_title_does_not_matter_where_the_feeds_text_stands_on_the_page():
    raw = entry(title=RawText(value="Who wants an old house?"), summary=RawText(value=" ".join(TEXTS["en"][:2])))

    assert shown(read(page(told()), raw)) == TEXTS["en"]


def test_a_rewritten_teaser_does_not_matter_where_the_title_is_the_same():
    raw = entry(summary=RawText(value="Eleven years without a tenant, three leaks: now somebody may get the house."))

    assert shown(read(page(told()), raw)) == TEXTS["en"]


def test_what_the_feed_says_of_its_own_is_not_replaced():
    comment = (
        "I have seen a good many harbours, and in none of them did anybody know what to do with such a house. " * 3
    )
    raw = entry(summary=RawText(value=comment))

    reading = read(page(told()), raw)

    assert reading.entry == raw
    assert "of its own" in reading.warnings[0]


def test_an_entry_with_nothing_but_an_address_gets_title_date_and_text():
    head = '<meta property="article:published_time" content="2026-03-01T09:40:00+08:00">'
    head += '<meta name=author content="Ann Archer">'

    reading = read(page(told(head=head)), RawEntry(url=URL))

    assert reading.entry.title is not None
    assert reading.entry.title.value == TITLES["en"]
    assert reading.entry.published == "2026-03-01T09:40:00+08:00"
    assert reading.entry.authors == (Person(name="Ann Archer"),)
    assert shown(reading) == TEXTS["en"]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Old pilot house: board to decide"), ("zh", "引航员小楼如何处置，委员会将再次开会")]
)
def test_an_entry_with_nothing_but_another_title_is_known_by_its_words(language, title):
    raw = entry(language, teaser="", title=RawText(value=title))

    assert shown(read(page(told(language)), raw)) == TEXTS[language]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Otter moves into the old canal"), ("zh", "一只水獭搬进城里的老运河")]
)
def test_an_entry_with_nothing_but_a_title_of_other_words_is_not_completed(language, title):
    raw = entry(language, teaser="", title=RawText(value=title))

    assert read(page(told(language)), raw).entry == raw


# --- is it better ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_feed_keeps_its_own_text_without_a_word(language):
    raw = entry(language, content=RawText(value=f"<p>{'</p><p>'.join(TEXTS[language])}</p>", type="html"))

    reading = read(page(told(language)), raw)

    assert reading.entry == raw
    assert reading.warnings == ()
    assert "as good" in (reading.note or "")


@pytest.mark.parametrize("ending", ["…", " […]", "...", " Read more", " 阅读全文"])
def test_a_text_that_breaks_off_is_completed_even_if_little_is_missing(ending):
    own = " ".join(TEXTS["en"][:4]) + ending

    assert read(page(told()), entry(summary=RawText(value=own))).is_taken
    assert not read(page(told()), entry(summary=RawText(value=" ".join(TEXTS["en"][:5])))).is_taken


def test_a_teaser_in_the_content_becomes_the_summary():
    teaser = RawText(value=f"<p>{TEXTS['en'][0]}</p>", type="html")

    reading = read(page(told()), entry(summary=None, content=teaser))

    assert reading.entry.summary == teaser
    assert shown(reading) == TEXTS["en"]


def test_what_the_feed_says_counts_before_what_the_page_says():
    head = '<meta property="article:published_time" content="2026-03-01T09:40:00Z"><meta name=author content="Bob">'
    head += '<meta property="og:image" content="/big.jpg">'
    raw = entry(published="Sun, 01 Mar 2026 08:00:00 GMT", authors=(Person(name="Ann"),))

    reading = read(page(told(head=head)), raw)

    assert (reading.entry.published, reading.entry.authors) == (raw.published, raw.authors)
    assert reading.entry.image == "https://news.example/big.jpg"


def test_the_pages_canonical_address_counts_only_where_its_text_is_taken():
    head = '<link rel="canonical" href="https://news.example/pilot-house">'

    assert read(page(told(head=head)), entry()).entry.links == (
        Link(url="https://news.example/pilot-house", rel="canonical"),
    )
    assert read(page(told(head=head, count=0)), entry()).entry.links == ()


# --- what a text is made of ------------------------------------------------------------------------


def whole(middle: str, *, top: str = "", end: str = "", layout: object = blog_post) -> str:
    paragraphs = [f"<p>{text}</p>" for text in TEXTS["en"]]
    return page(told(body="".join([top, *paragraphs[:3], middle, *paragraphs[3:], end])), layout)


KEPT = {
    "a table": "<table><thead><tr><th>Bidder</th><th>Price</th></tr></thead>"
    "<tbody><tr><td>Sailing club</td><td>90,000</td></tr></tbody></table>",
    "code": "<pre><code>for boat in harbour:\n    print(boat)\n</code></pre>",
    "code in a line": "<p>They counted with <code>sum(boats)</code> and found nine, one more than last year.</p>",
    "a quotation": "<blockquote><p>We have waited long enough.</p></blockquote>",
    "a list": "<ul><li>The roof leaks</li><li>The cellar is wet</li></ul>",
    "a numbered list": '<ol start="3"><li>The roof leaks</li><li>The cellar is wet</li></ol>',
    "a list in a list": "<ul><li>The roof<ul><li>leaks</li><li>sags</li></ul></li></ul>",
    "a figure": '<figure><img src="https://news.example/h.jpg" alt="h"><figcaption>The house</figcaption></figure>',
    "a picture": '<picture><source srcset="https://news.example/h.webp"><img src="https://news.example/h.jpg"></picture>',
    "a picture alone": '<p><img src="https://news.example/h.jpg" alt="h"></p>',
    "a player": '<iframe src="https://www.youtube.com/embed/abc" width="560" height="315"></iframe>',
    "a film": '<video src="https://news.example/v.mp4" controls=""></video>',
    "a sound": '<audio src="https://news.example/a.mp3" controls=""></audio>',
    "headings": "<h2>What the neighbours say</h2>",
    "a list of short words": "<ul>" + "".join(f"<li>{n} planks</li>" for n in range(9)) + "</ul>",
    "definitions": "<dl><dt>Pilot</dt><dd>Somebody who knows the water</dd></dl>",
    "small marks": "<p>It costs 10<sup>5</sup> crowns, <del>once</del> <ins>twice</ins> as <mark>expected</mark>, "
    "says <q>the mayor</q>.</p>",
}


@pytest.mark.parametrize("made", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("layout", [blog_post, bare_body], ids=lambda layout: layout.__name__)
def test_what_a_text_is_made_of_is_kept_as_the_page_has_it(made, layout):
    kept = clean(str(BeautifulSoup(made, "lxml").body.decode_contents()), base=URL)

    html = published(read(whole(made, layout=layout), entry()))

    assert kept in html
    assert html.index(TEXTS["en"][2]) < html.index(kept) < html.index(TEXTS["en"][3])


def test_lazy_images_and_relative_addresses_are_made_real_against_the_base():
    middle = '<figure><img data-src="h.jpg" src="data:image/gif;base64,R0lGOD"></figure>'
    middle += '<p>See <a href="map">the map of the old harbour</a> for where it stands.</p>'
    body = whole(middle).replace("<head>", '<head><base href="https://cdn.example/deep/">')

    html = published(read(body, entry(), url="https://other.example/2"))

    assert 'src="https://cdn.example/deep/h.jpg"' in html
    assert 'href="https://cdn.example/deep/map"' in html


def test_without_a_base_addresses_start_from_where_the_page_was_found():
    html = published(
        read(
            whole('<p>See <a href="map">the map of the harbour</a> of 1790.</p>'),
            entry(),
            url="https://other.example/x/2",
        )
    )

    assert 'href="https://other.example/x/map"' in html


GONE = {
    "an unknown frame": '<iframe src="https://ads.example/1"></iframe>',
    "a script": "<script>document.write('Buy now, buy now, buy now')</script>",
    "share buttons": '<div class="share"><a href="https://x.example"><img src="/x.png">Tweet</a></div>',
    "related articles with pictures": '<div class="related"><h4>Related</h4><a href="/7"><img src="/7.jpg">'
    "<span>Ferry timetable changes in May</span></a></div>",
    "a teaser that nothing marks": '<div><a href="/7"><img src="/7.jpg"></a><h3><a href="/7">Ferry timetable changes'
    "</a></h3><p>It leaves at nine.</p></div>",
    "a hidden paragraph": '<p style="display:none">Buy now, buy now, buy now</p>',
    "a form": "<form><p>Your e-mail</p><input><button>Sign me up</button></form>",
}


@pytest.mark.parametrize("made", GONE.values(), ids=GONE)
def test_what_is_none_of_the_text_goes(made):
    assert published(read(whole(made), entry())) == published(read(whole(""), entry()))


def test_a_box_of_related_links_amid_the_text_does_not_end_it():
    box = '<h4>Related</h4><ul><li><a href="/7">Ferry timetable changes in May</a></li></ul>'

    text = shown(read(whole(box), entry()))

    assert [line for line in text if line in TEXTS["en"]] == TEXTS["en"]


@pytest.mark.parametrize(
    "heading", ["Related work", "Comments from residents", "Other bidders", "更多细节", "相关部门回应"]
)
def test_headings_of_an_article_that_sound_like_leading_on_do_not_end_it(heading):
    language = "en" if heading.isascii() else "zh"
    text = [f"<p>{one}</p>" for one in TEXTS[language]]
    body = f"{''.join(text[:4])}<section><h3>{heading}</h3>{''.join(text[4:])}</section>"

    assert shown(read(page(told(language, body=body)), entry(language))) == [
        *TEXTS[language][:4],
        heading,
        *TEXTS[language][4:],
    ]


FURTHER = {
    "teasers": ("为你推荐", "<dl><dt><a href='/7'>{0}</a></dt><dd>{1}</dd><dd>2026-03-01 09:00</dd></dl>"),
    "comments": ("网友评论", "<div><b>Bob</b><p>{1}</p></div>"),
    "a box within the text's own": ("Recommended", "<div><a href='/7'>{0}</a><p>{1}</p></div>"),
    "comments in English": ("12 comments", "<div><p>{1}</p></div>"),
}


@pytest.mark.parametrize(("label", "card"), FURTHER.values(), ids=FURTHER)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_below_a_heading_that_leads_on_is_none_of_the_text(label, card, language):
    more = [text for _, text in zip(range(4), (*WORDS[language]["more"], WORDS[language]["comment"]), strict=False)]
    cards = "".join(
        card.format(text, f"{text}, {text[::-1]} {WORDS[language]['comment'][n:]}") for n, text in enumerate(more)
    )
    text = "".join(f"<p>{one}</p>" for one in TEXTS[language])
    body = page(told(language, body=f"{text}<div class=a1><h3>{label}</h3>{cards}</div>"), bare_body)

    assert shown(read(body, entry(language))) == TEXTS[language]


def test_the_address_that_a_text_ends_with_stays():
    address = "https://news.example/n?infoCode=NW1"
    end = f'<p>（文章来源：海港新闻）</p><p><a href="{address}">{address}</a></p>'
    body = "".join(f"<p>{text}</p>" for text in TEXTS["zh"]) + end

    assert shown(read(page(told("zh", body=body)), entry("zh")))[-1] == address


def test_a_refrain_is_kept_each_time():
    refrain = "<p>And the tide comes in, and the tide goes out, and the house stands there.</p>"
    body = "".join(f"<p>{text}</p>{refrain}" for text in TEXTS["en"])

    assert "\n".join(shown(read(page(told(body=body)), entry()))).count("the tide comes in") == 6


# --- what feeds.yaml adds --------------------------------------------------------------------------


def test_what_remove_matches_goes_before_anything_is_looked_at():
    rule = ArticleRule(auto=True, remove=("p.byline", "p:-soup-contains('builder')"))

    assert shown(read(page(told()), entry(), rule=rule)) == [text for text in TEXTS["en"] if "builder" not in text]


def test_selectors_beside_auto_are_believed_first():
    rule = ArticleRule(auto=True, content=("article p:nth-of-type(3)",), fields=(("author", (".byline",)),))

    reading = read(page(told()), entry(), rule=rule)

    assert shown(reading) == [TEXTS["en"][1]]
    assert reading.entry.authors == (Person(name="2026-03-01 | Ann Archer"),)


def test_where_the_content_selector_matches_nothing_the_text_is_found_by_itself():
    assert shown(read(page(told()), entry(), rule=ArticleRule(auto=True, content=(".gone",)))) == TEXTS["en"]


def test_a_page_laid_out_in_rows_is_taken_without_its_title():
    rows = f"<tr><td><b>{TITLES['en']}</b></td></tr><tr><td>{'<br><br>'.join(TEXTS['en'])}</td></tr>"

    assert shown(read(f"<title>{TITLES['en']}</title><table>{rows}</table>", entry())) == TEXTS["en"]


# --- what is no page -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"%PDF-1.7 ...", "text/html"),
        (b"\x89PNG\r\n", ""),
        (b"{}", "application/json"),
        (b"ID3...", "audio/mpeg"),
        (b"a,b", "text/csv"),
    ],
)
def test_what_is_no_page_is_told(body, kind):
    with pytest.raises(NotAPage, match=r"no page|JSON"):
        read(body, entry(), kind=kind)


def test_a_page_under_a_wrong_media_type_is_read():
    assert read(page(told()), entry(), kind="application/pdf").is_taken


@pytest.mark.parametrize(("declared", "real"), [("utf-8", "gb18030"), ("gb2312", "gb18030"), ("iso-8859-1", "utf-8")])
def test_a_wrong_label_of_the_encoding_does_no_harm(declared, real):
    body = page(told("zh")).replace('charset="utf-8"', f'charset="{declared}"').encode(real)

    assert shown(read(body, entry("zh"), kind=f"text/html; charset={declared}")) == TEXTS["zh"]


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>" + "<p>some text here and there, and longer.</p>" * 130_000,
        "<html><body>" + "<div>" * 100_000 + "text",
        "<html><body>" + "<div>" * 5_000 + "text",
        "<html><body><p>" + "word and " * 600_000,
        "<html><body>" + "<script>" * 50_000,
        "<html><body><p>" + "<b>" * 15_000 + "text",
        "<html><body>" + "<a href=x>some text here</a> " * 15_000,
    ],
    ids=["long", "deep", "less deep", "one paragraph", "scripts", "bold", "links"],
)
def test_a_page_of_any_size_takes_a_moment(body):
    began = time.process_time()

    try:
        reading = read(body, entry())
    except (NotAPage, ReadError):
        pass
    else:
        assert not reading.is_taken
    assert time.process_time() - began < 8


def test_nothing_is_logged_and_the_same_page_gives_the_same(caplog):
    with caplog.at_level(logging.DEBUG):
        first = [read(page(told(language), layout), entry(language)) for layout in LAYOUTS for language in LANGUAGES]
        again = [read(page(told(language), layout), entry(language)) for layout in LAYOUTS for language in LANGUAGES]

    assert first == again
    assert caplog.records == []
