import pytest

from aggregator.text.links import closing_url

SOURCE = '<a href="http://a.example/n/1?id=NW1&amp;x=2">http://a.example/n/1?id=NW1&amp;x=2</a>'


@pytest.mark.parametrize(
    "after",
    [
        "",
        "\n<p> </p>",
        '<p><a href="../">返回首页</a>｜<a href="//b.example/">返回</a></p>',
        "<p>。</p><!-- the end --><script>var seen = 1</script>",
        '<p><a href="/"><img src="/logo.png"></a></p>',
    ],
)
def test_text_ends_with_an_address_that_only_links_and_punctuation_follow(after):
    assert closing_url(f"<p>早春</p><p>{SOURCE}</p>{after}") == "http://a.example/n/1?id=NW1&x=2"


@pytest.mark.parametrize(
    "after", ["<p>Then came more.</p>", "<p>2022</p>", '<p><img src="chart.png"></p>', "<pre>x</pre>"]
)
def test_address_in_the_middle_of_a_text_is_not_its_end(after):
    assert closing_url(f"<p>{SOURCE}</p>{after}") is None


def test_last_of_several_addresses_counts():
    html = '<a href="https://a.example/1">https://a.example/1</a> <a href="https://a.example/2">https://a.example/2</a>'

    assert closing_url(html) == "https://a.example/2"


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("https://a.example/1", "a.example/1"),
        ("https://a.example/", "https://a.example"),
        ("https://a.example/%E6%96%B0", "https://a.example/新"),
        ("https://a.example/1", " <b>https://a.example</b>/1 "),
    ],
)
def test_address_may_be_shown_in_a_kinder_spelling(href, text):
    assert closing_url(f'<p>x <a href="{href}">{text}</a></p>') == href


@pytest.mark.parametrize(
    "html",
    [
        "",
        "no link",
        "<a>https://a.example/</a>",
        '<a href="https://a.example/1">the source</a>',
        '<a href="https://a.example/1">https://b.example/1</a>',
        '<a href="/1">/1</a>',
        '<a href="javascript:x">javascript:x</a>',
        "<a href='https://[::1'>x",
        "\x00\ud800<a href='",
        "<div>" * 20_000 + "<a href='https://a.example/'>x",
    ],
)
def test_text_without_such_an_address_ends_with_none(html):
    assert closing_url(html) is None
