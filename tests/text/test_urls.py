from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.text.urls import (
    absolute,
    canonical,
    has_secret,
    host,
    origin,
    parameters,
    same_site,
    without_credentials,
)

PAGE = "https://example.org/news/list.html?page=2"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=2&a=1#c", "https://example.org/a?b=2&a=1#c"),
        ("  https://example.org/a\n", "https://example.org/a"),
        ("\ufeffhttps://example.org/\u3000", "https://example.org/"),
        ("https://exam\tple.org/a\nb", "https://example.org/ab"),
        ("HTTPS://Example.org/A", "https://Example.org/A"),
        ("a.html", "https://example.org/news/a.html"),
        ("../emnews/", "https://example.org/emnews/"),
        ("/", "https://example.org/"),
        ("?page=3", "https://example.org/news/list.html?page=3"),
        ("#top", "https://example.org/news/list.html?page=2#top"),
        ("//finews.example.com/emnews/", "https://finews.example.com/emnews/"),
        ("///finews.example.com/x", "https://finews.example.com/x"),
        ("\\\\other.example.org\\a\\b?c\\d", "https://other.example.org/a/b?c%5Cd"),
        ("http:\\\\example.net\\a", "http://example.net/a"),
        ("http:/example.net/a", "http://example.net/a"),
        ("https:a.html", "https://example.org/news/a.html"),
        ("http:example.net/a", "http://example.net/a"),
        ("https://例え.example/道", "https://xn--r8jz45g.example/道"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://ex%61mple.org/", "https://example.org/"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org:/a", "https://example.org/a"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        ("https://user:pw@example.org/a", "https://user:pw@example.org/a"),
        ("https://example.org/img?token=abc", "https://example.org/img?token=abc"),
        ("https://example.org/\u202egpj.exe", "https://example.org/gpj.exe"),
        ("https://example.org/a\udc80b", "https://example.org/ab"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
    ],
)
def test_url_becomes_absolute_and_stays_as_it_came_otherwise(url, expected):
    assert absolute(url, PAGE) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "  ",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "mailto:a@example.org",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "tag:example.org,2024:1",
        "http://",
        "https:///",
        "http://[",
        "http://[::1",
        "http://example.org:99999/",
        "http://example.org:port/",
        "http://a..b/",
        "http://exa mple.org/",
        "http://<script>/",
        "http://" + "a" * 300 + ".org/",
        "https://example.org/" + "a" * 20_000,
    ],
)
def test_what_leads_nowhere_is_no_url(url):
    assert absolute(url, None) is None
    assert absolute(url, PAGE) is None or not urlsplit(url.strip()).scheme


def test_relative_url_without_a_base_is_no_url():
    assert absolute("a.html", None) is None
    assert absolute("a.html", "folder/post.md") is None
    assert absolute("a.html", "file:///srv/post.md") is None


def test_address_without_a_scheme_needs_no_base():
    assert absolute("//example.org/a", None) == "https://example.org/a"
    assert absolute("//example.org/a", "http://example.net/") == "http://example.org/a"
    assert absolute("//example.org/a", "file:///srv/post.md") == "https://example.org/a"


SAME = [
    [
        "http://example.org",
        "https://example.org/",
        "https://www.example.org",
        "HTTP://EXAMPLE.ORG:80/",
        "https://example.org:443/?",
    ],
    [
        "https://example.org/a",
        "https://example.org/a/",
        "https://example.org/a#top",
        "https://example.org/a?utm_source=rss&utm_medium=x",
    ],
    [
        "https://example.org/?a=1&b=2",
        "https://example.org/?b=2&a=1",
        "https://example.org?&b=2&&a=1",
        "https://example.org/?b=2&amp;a=1",
    ],
    ["https://example.org/~user", "https://example.org/%7Euser", "https://example.org/%7euser"],
    ["https://example.org/道", "https://example.org/%E9%81%93", "https://example.org/%e9%81%93/"],
    [
        "https://example.org/b",
        "https://example.org/a/../b",
        "https://example.org/./b",
        "https://example.org/a/%2e%2e/b",
    ],
    ["https://例え.example/", "https://xn--r8jz45g.example", "http://例え.EXAMPLE./"],
    ["https://example.org./a", "https://example.org/a"],
    ["https://example.org/?q=a%20b", "https://example.org/?q=a+b", "https://example.org/?q=a b"],
    [
        "https://example.org/1350,2022.html",
        "https://example.org/1350%2C2022.html",
        "https://example.org/1350%2c2022.html",
    ],
    ["https://example.org/?x", "https://example.org/?x="],
    ["https://example.org/?fbclid=1", "https://example.org/?UTM_Campaign=2", "https://example.org/"],
    ["https://example.org/a?spm=a2c6h.128736.0.0", "https://example.org/a"],
    ["https://example.org/a?from=timeline&isappinstalled=0", "https://example.org/a"],
    ["https://user:pw@example.org/a", "https://example.org/a"],
    ["https://example.org/a;jsessionid=0AF?b=1", "https://example.org/a?b=1"],
    [
        "https://mp.weixin.qq.com/s?__biz=M&mid=2&idx=1&sn=ab&scene=27&chksm=8",
        "http://mp.weixin.qq.com/s?__biz=M&mid=2&idx=1&sn=ab",
    ],
]

DIFFERENT = [
    [
        "https://example.org/a",
        "https://example.org/A",
        "https://example.org/b",
        "https://example.net/a",
        "https://news.example.org/a",
    ],
    [
        "https://example.org/?id=1",
        "https://example.org/?id=2",
        "https://example.org/?ID=1",
        "https://example.org/?id=1&id=2",
        "https://example.org/?id=1&id=1",
    ],
    [
        "https://example.org/?p=1",
        "https://example.org/",
        "https://example.org/?page=1",
        "https://example.org/?ref=main",
        "https://example.org/?source=3",
        "https://example.org/?from=5",
    ],
    [
        "https://example.org/?scene=1",
        "https://example.org/?scene=2",
        "https://example.org/?lang=de",
        "https://example.org/?s=1",
        "https://example.org/?t=1",
    ],
    ["https://example.org/#!/a", "https://example.org/#!/b", "https://example.org/"],
    ["https://example.org/a%2Fb", "https://example.org/a/b"],
    ["https://example.org/?a=b%26c", "https://example.org/?a=b&c"],
    ["https://example.org/?a=b%2Bc", "https://example.org/?a=b+c"],
    ["https://example.org/a%3Fb", "https://example.org/a?b"],
    ["https://example.org:8080/", "https://example.org/"],
    ["https://example.org/?q=%D6%D0", "https://example.org/?q=%CE%C4"],
    ["https://example.org/a//b", "https://example.org/a/b"],
    ["https://example.org/?spm=3", "https://example.org/"],
    [
        "https://finance.example.com/NewsShare.html?infoCode=NW1",
        "https://finance.example.com/NewsShare.html?infoCode=NW2",
    ],
]


@pytest.mark.parametrize("urls", SAME)
def test_addresses_of_one_page_compare_equal(urls):
    assert len({canonical(url) for url in urls}) == 1
    assert canonical(urls[0]) is not None


@pytest.mark.parametrize("urls", DIFFERENT)
def test_addresses_of_several_pages_stay_apart(urls):
    assert len({canonical(url) for url in urls}) == len(urls)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://www.Example.org:80/a/../b/?utm_source=x&z=1&a=%7e#top", "example.org/b?a=~&z=1"),
        ("https://example.org/#!/news?infoCode=1", "example.org#!/news?infoCode=1"),
        ("http://intranet/a", "//intranet/a"),
        ("http://[0:0::1]:80/a", "[::1]/a"),
        ("https://example.org:80/", "example.org:80"),
        ("https://www.com/", "www.com"),
        ("https://example.org/a%zz%", "example.org/a%25zz%25"),
    ],
)
def test_key_is_written_in_one_way(url, key):
    assert canonical(url) == key
    assert canonical(key) == key


@pytest.mark.parametrize(
    "url", ["", "12345", "news/1.html", "/a", "mailto:a@example.org", "a.b@example.org", "urn:x:y"]
)
def test_what_is_no_web_address_has_no_key(url):
    assert canonical(url) is None


HOSTS = st.sampled_from(
    [
        "example.org",
        "WWW.example.org",
        "www.www.example.org",
        "例え.example",
        "intranet",
        "[::1]",
        "a.b.example.co.uk.",
        "1.2.3.4",
    ]
)
PARTS = st.text(
    st.sampled_from("aA.;/%~+&=?#!2eEfF7é道 '\"<>{}\\@:,$amp;jsessionid_utm") | st.characters(), max_size=25
)


@st.composite
def web_addresses(draw):
    scheme = draw(st.sampled_from(["http", "https", "HTTP"]))
    port = draw(st.sampled_from(["", ":80", ":443", ":8080", ":0"]))
    return f"{scheme}://{draw(HOSTS)}{port}/{draw(PARTS)}?{draw(PARTS)}#{draw(PARTS)}"


@settings(deadline=None)
@given(web_addresses())
def test_canonical_form_of_a_canonical_form_is_itself(url):
    key = canonical(url)
    assert key is not None
    assert canonical(key) == key


@settings(deadline=None)
@given(web_addresses())
def test_canonical_form_is_printable_ascii(url):
    key = canonical(url)
    assert key is not None
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key


@settings(deadline=None)
@given(web_addresses())
def test_scheme_www_and_absolute_change_no_key(url):
    bare = url.partition("://")[2]
    address = absolute(url)
    assert address is not None
    assert canonical(address) == canonical(url)
    if ":" not in bare.partition("/")[0]:
        assert canonical("https://" + bare) == canonical("http://" + bare)


@settings(deadline=None)
@given(st.text(max_size=60), st.none() | st.just(PAGE) | st.text(max_size=20))
def test_any_text_is_an_absolute_web_address_or_none(url, base):
    address = absolute(url, base)
    if address is not None:
        assert address.startswith(("http://", "https://"))
        assert urlsplit(address).hostname
        assert absolute(address, base) == address
        assert canonical(address) is not None
        assert host(address)
        assert origin(address)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_parameters(url):
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in parameters(url))


NAMES = st.sampled_from(["id", "infoCode", "p", "page", "ref", "source", "q", "lang", "date", "编号"])


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, st.text(st.characters(codec="utf-8"), max_size=8)), max_size=6))
def test_parameter_that_carries_meaning_is_never_dropped(pairs):
    from urllib.parse import urlencode

    key = canonical(f"https://example.org/a?utm_source=rss&{urlencode(pairs)}&fbclid=1")
    assert key is not None
    assert sorted(parameters(key)) == sorted(pairs)


def test_parameters_are_decoded_in_order():
    url = "https://example.org/a?infoCode=NW1&b=%E4%B8%AD+x&b=2&c&amp;d=4"
    assert parameters(url) == (("infoCode", "NW1"), ("b", "中 x"), ("b", "2"), ("c", ""), ("d", "4"))


def test_parameters_of_older_chinese_sites_are_read():
    assert parameters("https://example.org/?q=%D6%D0%CE%C4") == (("q", "中文"),)


def test_parameters_of_a_fragment_that_names_a_page_are_found():
    assert parameters("https://example.org/#!/x?infoCode=NW1") == (("infoCode", "NW1"),)
    assert parameters("https://example.org/?a=1#/x?infoCode=NW1") == (("a", "1"), ("infoCode", "NW1"))
    assert parameters("https://example.org/#infoCode=NW1") == (("infoCode", "NW1"),)
    assert parameters("https://example.org/#top") == ()


def test_host_and_origin_are_in_one_spelling():
    assert host("https://WWW.Example.org.:443/a") == "www.example.org"
    assert host("https://例え.example/") == "xn--r8jz45g.example"
    assert host("mailto:a@example.org") is None
    assert origin("HTTPS://user@Example.org:443/a") == "https://example.org"
    assert origin("http://example.org:8080/a") == "http://example.org:8080"
    assert origin("nonsense") is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("example.org", "example.org", True),
        ("www.example.org", "example.org", True),
        ("feeds.example.org", "example.org", True),
        ("feeds.example.org", "www.example.org", True),
        ("example.org", "a.b.example.org", True),
        ("EXAMPLE.org.", "example.ORG", True),
        ("news.example.org", "blog.example.org", False),
        ("example.org", "badexample.org", False),
        ("example.org", "example.net", False),
        ("com", "example.com", False),
        ("co.uk", "example.co.uk", False),
        ("com.cn", "example.com.cn", False),
        ("github.io", "someone.github.io", False),
        ("one.github.io", "other.github.io", False),
        ("one.github.io", "one.github.io", True),
        ("3.4", "1.2.3.4", False),
        ("", "", False),
    ],
)
def test_site_is_a_host_with_its_parent_and_child_domains(one, other, expected):
    assert same_site(one, other) is expected
    assert same_site(other, one) is expected


def test_credentials_are_cut_and_nothing_else():
    assert without_credentials("https://user:p%40w@example.org:8080/a?b=c@d") == "https://example.org:8080/a?b=c@d"
    assert without_credentials("https://example.org/@user") == "https://example.org/@user"
    assert without_credentials("http://[") == "http://["


def test_feed_address_with_a_key_is_known():
    assert has_secret("https://user:pw@example.org/feed")
    assert has_secret("https://example.org/feed?token=abc")
    assert has_secret("https://example.org/feed?API_KEY=abc")
    assert has_secret("https://example.org/feed?access_token=abc")
    assert not has_secret("https://example.org/feed?author=abc&monkey=1&format=rss")
    assert not has_secret("https://example.org/feed")
