import pytest

from aggregator.model import Enclosure
from aggregator.outputs.parts.addresses import followable, is_iri, is_language, media_type


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?b=1&a=%20#f", "https://a.example/x?b=1&a=%20#f"),
        (" https://a.example/ ", "https://a.example/"),
        ("https://a.example/a b<c>", "https://a.example/a%20b%3Cc%3E"),
        ("https://例子.example/路", "https://例子.example/路"),
        ("magnet:?xt=urn:btih:1", "magnet:?xt=urn:btih:1"),
        ("HTTP://A.example", "HTTP://A.example"),
        ("http:///no-host", None),
        ("/path", None),
        ("//host/path", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("feed:javascript:alert(1)", None),
        ("feed:https:javascript:alert(1)", None),
        ("feed:https://a.example/", "feed:https://a.example/"),
        ("webcal://a.example/x", "webcal://a.example/x"),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
def test_only_absolute_addresses_that_one_may_follow_are_written(url, expected):
    assert followable(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("tag:a.example,2020:1", True), ("urn:uuid:1", True), ("1234", False), ("http://a b", False), (None, False)],
)
def test_id_is_an_iri_or_is_none(text, expected):
    assert is_iri(text) is expected


@pytest.mark.parametrize(("text", "expected"), [("zh-Hans-CN", True), ("en_US", False), ("", False), (None, False)])
def test_language_has_the_form_of_a_tag(text, expected):
    assert is_language(text) is expected


@pytest.mark.parametrize(
    ("url", "told", "expected"),
    [
        ("https://a.example/x", "Audio/MPEG; charset=x", "audio/mpeg"),
        ("https://a.example/x.MP3?y=1", None, "audio/mpeg"),
        ("https://a.example/x.mp3", "mp3", "audio/mpeg"),
        ("https://a.example/x", None, "application/octet-stream"),
    ],
)
def test_media_type_is_as_told_or_by_the_ending(url, told, expected):
    assert media_type(Enclosure(url=url, type=told)) == expected
