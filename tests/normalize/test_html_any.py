"""What holds of every body, however hostile, broken or large it is."""

import re
from html import escape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import RawText
from aggregator.normalize.html import LARGEST, clean, cleaned, first_image
from aggregator.normalize.plain_form import DEEPEST, plain_form
from aggregator.normalize.tree import tree
from aggregator.normalize.vocabulary import ATTRIBUTES, TAGS
from aggregator.text.visible import visible
from tests.normalize.hostile import BODIES, harm_in

PAGE = "https://example.org/news/page.html"
SCHEMES = ("http://", "https://", "mailto:", "tel:")
ADDRESSES = frozenset({"href", "src", "poster", "cite"})
# Set by us on what is left of a stranger's element
OURS = {"a": {"rel"}, "video": {"controls"}, "audio": {"controls"}}

MARKUP = """<p> </p> <div> </div> <b> </b> <table> <tr> <td> </table> <ul> <li> </ul> <svg> </svg> <math> </math>
<mtext> <mglyph> <style> </style> <script> </script> <title> </title> <textarea> </textarea>
<noscript> </noscript> <template> </template> <select> <option> </select> <iframe> </iframe> <object>
</object> <embed> <a> </a> <form> </form> <!-- --> <![CDATA[ ]]> <? ?> &lt; &amp; & < > " ' = / <img
<a <p href= src= onerror= style= x <base <plaintext> </body> <html>"""
PIECES = st.one_of(
    st.sampled_from(BODIES),
    st.sampled_from(re.split(r"\s+", MARKUP)),
    st.sampled_from(
        [
            '<img src="a.jpg" data-src="b.jpg">',
            '<img src="data:image/gif;base64,R0lGOD" data-srcset="a.jpg 1x, javascript:x 2x">',
            "<iframe src='https://www.youtube.com/embed/abcdef' srcdoc='<script>x</script>'>",
            "<iframe src='https://maps.example/a?b=1' title='<script>alert(1)</script>'></iframe>",
            "<object data='https://maps.example/x'><param name=movie value=javascript:x></object>",
            "<noscript><img src='n.jpg'></noscript>",
            "<iframe src=https://www.youtube.com/embed/ghijkl>words <b>of it</b></iframe>",
            "<b><iframe src=https://www.youtube.com/embed/abcdef></b>",
            "<p><object data=https://www.youtube.com/embed/abcdef><p>instead</p></object>",
            "<embed src=https://www.youtube.com/embed/abcdef>",
            "<table><tr><td><iframe src=https://www.youtube.com/embed/abcdef width=9>",
            "<ul><li><a href=x><iframe src=https://www.youtube.com/embed/abcdef></iframe>",
            "<math alttext='<script>x</script>'><mi>y</mi></math>",
            "<base href='https://evil.example/'>",
            "<base href='javascript:x'>",
            "<div style='display:none'>",
            "<video src=v.mp4 poster=javascript:x>",
            "<a href='#x'>",
            "<p title='\"><img src=x onerror=y>'>",
            "text",
            "文",
        ]
    ),
    st.text(max_size=8),
)
SOUPS = st.lists(PIECES, max_size=12).map("".join)
WORDS = st.lists(st.text("abcdefgh文字éß", min_size=1, max_size=6), min_size=1, max_size=6).map(" ".join)


def strangers_in(html: str | None) -> list[str]:
    """Elements, attributes and addresses that are not on the list, as a parser of another make sees them."""
    found = []
    for element in BeautifulSoup(html or "", "lxml").find_all(True):
        if element.name in ("html", "body", "head"):
            continue
        if element.name not in TAGS:
            found.append(element.name)
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(element.name, set()) | OURS.get(element.name, set())
        for name, value in element.attrs.items():
            text = " ".join(value) if isinstance(value, list) else value
            if name not in allowed or (name in ADDRESSES and not text.startswith(SCHEMES)):
                found.append(f"{element.name} {name}={text}")
            if name == "srcset" and not all(part.strip().startswith("http") for part in text.split(", ")):
                found.append(f"srcset={text}")
    return found


def depth_of(html: str) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree(html), events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(depth, deepest)
    return deepest


@settings(deadline=None, max_examples=300)
@given(SOUPS, st.sampled_from(["html", "text"]))
def test_only_what_is_on_the_list_is_left_of_any_soup(soup, kind):
    html = cleaned(RawText(value=soup, type=kind), base=PAGE)[0]
    assert strangers_in(html) == []
    assert harm_in(html) == []


@settings(deadline=None, max_examples=300)
@given(SOUPS)
def test_clean_soup_is_clean(soup):
    once = clean(soup, base=PAGE)
    assert once is None or clean(once, base=PAGE) == once
    assert once is None or clean(once, base=None) == once


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, min_size=1, max_size=6), st.sampled_from(["p", "div", "li", "blockquote", "h2", "section"]))
def test_text_of_ordinary_elements_is_kept_word_for_word(blocks, tag):
    html = "".join(f"<{tag} class='x'>{escape(block)}</{tag}>" for block in blocks)
    assert visible(clean(html, base=PAGE)).split("\n") == [" ".join(block.split()) for block in blocks]


@settings(deadline=None, max_examples=200)
@given(
    WORDS,
    WORDS,
    st.sampled_from(["a href='/x'", "b", "em", "span style='color:red'", "code", "font color=red", "unknown"]),
)
def test_text_within_a_line_is_kept_word_for_word(before, inside, tag):
    name = tag.partition(" ")[0]
    html = f"<p>{escape(before)} <{tag}>{escape(inside)}</{name}></p>"
    assert visible(clean(html, base=PAGE)) == " ".join(f"{before} {inside}".split())


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=300))
def test_plain_text_reads_as_it_was_written(text):
    html = cleaned(RawText(value=text, type="text"), base=PAGE)[0]
    assert "".join(visible(html).split()) == "".join(text.split()) or not re.search(r"[^\s\u200b\u2060\ufeff]", text)


@settings(deadline=None, max_examples=100)
@given(SOUPS)
def test_first_image_is_an_address_that_may_be_published(soup):
    image = first_image(clean(soup, base=PAGE))
    assert image is None or image.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<b>",
        "<ul><li>",
        "<blockquote><p>",
        "<table><tr><td>",
        "<span><i>",
        "<svg>",
        "<math><mi>",
        "<a href=x><b>",
    ],
)
@pytest.mark.parametrize("count", [DEEPEST - 40, DEEPEST * 2, 30_000])
def test_depth_is_bounded_before_the_sanitizer_sees_it(unit, count):
    """What the sanitizer takes grows with the square of the depth: 100,000 elements took it 19 seconds."""
    told: list[str] = []
    form = plain_form(unit * count + "seen", base=PAGE, told=told)
    assert depth_of(form) <= DEEPEST + 3
    assert "seen" in (clean(unit * count + "seen", base=PAGE) or "seen")


def test_lists_and_paragraphs_that_nobody_closed_are_not_deep():
    html, told = cleaned(
        RawText(value="<ul>" + "<li>one <b>two</b>" * 500 + "</ul>" + "<p>three" * 500, type="html"), base=PAGE
    )
    assert told == ()
    assert (html.count("<li>"), html.count("<p>"), html.count("<b>")) == (500, 500, 500)


def test_size_is_bounded_before_the_sanitizer_sees_it():
    html, (told,) = cleaned(RawText(value="<p>word</p>" * (LARGEST // 5), type="html"), base=PAGE)
    assert len(html) <= LARGEST
    assert html.endswith("<p>word</p>")
    assert "cut off" in told


@pytest.mark.parametrize(("start", "kind"), [("", "text"), ("<p>", "html"), ("1 < 2 <b>", "html")])
def test_long_text_without_a_tag_loses_its_end_alone(start, kind):
    html, (told,) = cleaned(RawText(value=start + "word " * (LARGEST // 4), type=kind), base=PAGE)
    assert html.count("word ") > LARGEST // 5 - 5
    assert "its end is cut off" in told


def test_tag_that_the_cut_would_halve_goes():
    link = '<a href="https://example.org/page">'
    html, _ = cleaned(RawText(value="x" * (LARGEST - 25) + link + "link</a>", type="html"), base=PAGE)
    assert html == "x" * (LARGEST - 25)


@pytest.mark.parametrize(
    "scheme", ["magnet:?xt=x", "ftp://a.example/x", "gopher://a.example/", "data:text/html,x", "sms:1", "x:y"]
)
def test_schemes_that_the_sanitizer_would_let_pass_go(scheme):
    assert clean(f'<a href="{scheme}">a</a><img src="{scheme}">', base=PAGE) == "a"
