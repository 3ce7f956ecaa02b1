"""UTF-8 with pieces of windows-1252 in it is read as its writers saw it."""

import time

import pytest

from aggregator.text.decoding import decode, mislabelled
from aggregator.text.mixed import is_mixed, unmixed


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("“quoted” it’s".encode() + b" it\x92s", "“quoted” it’s it’s"),
        ("café crème".encode() + b" \xe9t\xe9.", "café crème été."),
        ("Zürich Größe".encode() + b" f\xfcr", "Zürich Größe für"),
        ("今天上午".encode()[:-1] + b"... " + "今天".encode(), "今天上\ufffd... 今天"),
        ("今天上午".encode()[:-2] + b"... " + "今天".encode(), "今天上\ufffd... 今天"),
        ("café caf".encode() + b"\xc3. ", "café caf\ufffd. "),
    ],
)
def test_each_piece_is_read_as_what_it_is(body, text):
    assert unmixed(body) == text
    assert decode(b"<rss>" + body + b"</rss>", "text/xml; charset=utf-8") == f"<rss>{text}</rss>"


def test_mixture_is_told():
    assert mislabelled("<p>café crème".encode() + b" \xe9t\xe9</p>", "text/html; charset=utf-8") == (
        "it mixes utf-8 and cp1252: each is read as what it is"
    )


def test_plain_texts_are_no_mixture():
    for body in (b"plain", "déjà vu".encode(), "déjà vu".encode("cp1252"), "今天上午".encode("gbk")):
        assert not is_mixed(body)


def test_hostile_mixture_is_read_in_time():
    began = time.process_time()
    assert decode(b"<rss>" + b"\xe9\xc3\xa9" * 1_000_000)
    assert time.process_time() - began < 5


def test_what_is_left_of_a_character_is_told_as_broken():
    body = "今天上午，市里".encode() + "今".encode()[:2] + "天".encode()
    assert mislabelled(body, "text/html; charset=utf-8") == ("1 of its characters are broken in utf-8, as \ufffd shows")
