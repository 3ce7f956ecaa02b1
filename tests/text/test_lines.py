import pytest

from aggregator.text.lines import line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" one\r\n two\u2028three ", "one two three"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("ze\u200bro\u2060 \ufeffwidth\x7f", "zero width"),
        ("\x1b[31mred\x07 \x9b1m", "[31mred ›1m"),
        ("half \ud83d and \ud83d\ude00", "half and 😀"),
        ("\u2067שלום\u2069 and \u202bعربى\u202c", "\u2067שלום\u2069 and \u202bعربى\u202c"),
        ("left open \u2066\u2067here\u2069", "left open here"),
        ("closed twice \u202bx\u202c\u202c", "closed twice x"),
        ("closed as another \u202bx\u2069", "closed as another x"),
        ("\u200b \x00", None),
        ("", None),
        (None, None),
    ],
)
def test_line_shows_what_it_says_and_turns_nothing_behind_it(text, expected):
    assert line(text) == expected
