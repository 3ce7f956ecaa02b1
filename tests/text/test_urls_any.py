"""What holds of every address, however it is written."""

from urllib.parse import urljoin, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.text.urls import absolute, canonical, host, origin, same_site, without_credentials

BASE = "https://example.org/news/list.html?page=2"
NAMED = """example.org EXAMPLE.org www.example.org bücher.example 例え.example xn--r8jz45g.example 127.0.0.1 [::1]
localhost a.b.c.example.co.uk example.org. ex_ample.org пример.рф"""
HOSTS = st.sampled_from(NAMED.split())
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":", ":0443", ":65535"])
SEGMENTS = st.sampled_from(
    [
        "a",
        "..",
        ".",
        "",
        "%7Ea",
        "~a",
        "道",
        "a b",
        "%2F",
        "a;b",
        "x.html",
        "@ann",
        "%zz",
        "\\",
        "(1)",
        "'",
        "%E4%B8",
        "a:b",
    ]
)
PATHS = st.lists(SEGMENTS, max_size=5).map(lambda parts: "".join(f"/{part}" for part in parts))
QUERIES = st.sampled_from(
    ["", "?", "?a=1", "?b=2&a=1", "?a=%20+x&a=", "?id=1&amp;x=2", "?utm_source=x&id=7", "?q=道", "?u=http://x/?y"]
)
FRAGMENTS = st.sampled_from(["", "#", "#top", "#!/news?id=1", "#a b"])
USERS = st.sampled_from(["", "", "", "ann@", "ann:secret@", "a%40b:c@"])
ADDRESSES = st.builds(
    "{}://{}{}{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    USERS,
    HOSTS,
    PORTS,
    PATHS,
    QUERIES,
    FRAGMENTS,
)
RELATIVE = st.builds(
    "{}{}{}".format, st.sampled_from(["a", "a/b.html", "/a", "../a", "./", "?x=1", "#y", ""]), QUERIES, FRAGMENTS
)
ODD = st.one_of(
    ADDRESSES,
    RELATIVE,
    st.text(max_size=40),
    st.lists(
        st.sampled_from([*":/\\@[]%#?&=. \t\n\x00-", "http", "https:", "a", "é", "\ud800", "80", "xn--"]),
        max_size=12,
    ).map("".join),
)


@settings(deadline=None, max_examples=300)
@given(ODD, st.none() | ADDRESSES | st.just(BASE))
def test_address_that_is_absolute_stays_as_it_is(text, base):
    url = absolute(text, base)
    if url is not None:
        assert absolute(url) == url
        assert absolute(url, BASE) == url
        assert urlsplit(url).scheme in ("http", "https")
        assert not set(url) & set(' \t\n\x00"<>\\^`{|}')


@settings(deadline=None, max_examples=300)
@given(ODD)
def test_anything_has_a_key_or_none_and_asks_for_no_more(text):
    key = canonical(text)
    url = absolute(text)
    assert (key is None) or canonical(key) == key
    if url is not None:
        assert key == canonical(url)
        assert host(url) is not None
        assert canonical(without_credentials(url)) == key
        assert without_credentials(without_credentials(url)) == without_credentials(url)
        assert origin(url).startswith(urlsplit(url).scheme)
        assert same_site(host(url), host(url))


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(
        ["a", "a/b.html", "/a", "../a", "../../../a", "./", "?x=1", "#y", "a?b=../c#d", "//other.example/x"]
    )
)
def test_relative_address_is_joined_as_the_standard_says(relative):
    assert absolute(relative, BASE) == urljoin(BASE, relative)


@settings(deadline=None, max_examples=300)
@given(ADDRESSES)
def test_spelling_of_scheme_host_and_port_changes_no_key(url):
    key = canonical(url)
    if key is None:
        return
    scheme, _, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    assert canonical(f"{scheme.upper()}://{place}{slash}{path}") == key
    if urlsplit(url).port is None and not place.rstrip().endswith(":") and not {"?", "#"} & set(place):
        port = 443 if scheme.lower() == "https" else 80
        assert canonical(f"{scheme}://{place}:{port}{slash}{path}") == key


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["bücher.example", "例え.example", "пример.рф"]))
def test_name_in_any_script_is_its_punycode(name):
    address = absolute(f"https://{name}/a")
    assert address.isascii()
    assert canonical(address) == canonical(f"https://{name}/a") == canonical(f"https://www.{name.upper()}/a")


NAMES = st.text("abcdefgxyzABC_-123道é", min_size=1, max_size=6).filter(
    lambda name: not name.lower().startswith(("utm", "fb", "_"))
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(NAMES, st.text("abcXYZ019 道é&=?#/%+", min_size=1, max_size=6)), max_size=5), HOSTS)
def test_parameters_that_may_mean_something_are_all_in_the_key(pairs, name):
    from urllib.parse import urlencode

    before = canonical(f"http://{name}/?{urlencode(pairs)}")
    after = canonical(f"https://{name}?utm_medium=rss&{urlencode(pairs[::-1])}&gclid=x#top")
    assert before == after
    assert before is not None
