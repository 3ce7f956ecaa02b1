import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import RawText
from aggregator.normalize.text import paragraphs, plain, shortened, summary
from aggregator.text.lines import legal, line


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("AT&T", "AT&T"),
        ("Don&#8217;t &quot;go&quot;", 'Don’t "go"'),
        ("<b>Bold</b> move", "Bold move"),
        ("a<br>b", "a b"),
        ("x<script>alert(1)</script>y", "xy"),
        ("Vec<T> and a < b > c", "Vec<T> and a < b > c"),
        ("How to use &lt;b&gt;", "How to use <b>"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<![CDATA[x]]>", "x"),
        ("  a\n\t b\u3000c ", "a b c"),
        ("", None),
        ("&nbsp; <i></i>", None),
        ("a\x00\x08b\ufffe", "ab"),
        ("\ud83d\ude00 \udc00", "😀"),
        ("caf\x85", "caf…"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_title_of_html_is_plain_text(title, expected):
    assert plain(RawText(value=title, type="html")) == expected


def test_title_of_text_is_taken_as_it_stands():
    assert plain(RawText(value=" a &amp; <b>b</b>\n")) == "a &amp; <b>b</b>"
    assert plain(None) is None


def test_summary_opens_the_text():
    assert summary("<p>One.</p><p>Two</p>", "One.") == "One. Two"
    assert summary(None, "a") is None
    assert summary("<p><img src='a'></p>", None) is None


def test_summary_is_the_digest_where_the_text_opens_with_one():
    digest = "据公司官网消息，五月二十四日宣布为新车提供制冷剂。"
    assert summary(f"<blockquote><p>{digest}</p></blockquote><p>More</p>", None) == digest


def test_title_before_a_digest_goes():
    assert summary("<p>【大涨 行情】正文开始</p>", "大涨行情") == "正文开始"
    assert summary("<p>【别的】正文开始</p>", "大涨行情") == "【别的】正文开始"


def test_long_text_is_cut_after_a_sentence_or_between_words():
    assert shortened("Short.") == "Short."
    assert shortened("One sentence here. " * 40, 100).endswith("here.")
    assert shortened("word " * 200, 101).endswith("word…")
    assert shortened("。".join(["一句话"] * 300), 100).endswith("。")


@settings(deadline=None)
@given(st.text(max_size=900), st.integers(20, 500))
def test_shortened_text_is_the_beginning(text, limit):
    short = shortened(text, limit)
    assert len(short) <= limit or short == text
    assert text.startswith(short.removesuffix("…").rstrip()) or text == short


@settings(deadline=None)
@given(st.text())
def test_legal_text_stands_in_xml(text):
    element = etree.Element("a")
    element.text = legal(text)
    assert (etree.fromstring(etree.tostring(element)).text or "") == legal(text)


@settings(deadline=None)
@given(st.text())
def test_line_is_one_line_and_stays_so(text):
    once = line(text)
    assert once is None or (line(once) == once and "\n" not in once)


def test_paragraphs_keep_their_lines():
    assert paragraphs("a\nb\n \nc") == "<p>a<br>b</p><p>c</p>"
    assert paragraphs(" \n ") == ""
