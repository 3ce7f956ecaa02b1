import pytest

from aggregator.text.references import unescaped


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a &amp; b &lt;", "a & b <"),
        ("&#19968;&#x4e00;&#0000000000000065;", "一一A"),
        ("&#" + "9" * 5_000 + ";x", "\ufffdx"),
        ("&#x" + "f" * 5_000 + ";x", "\ufffdx"),
        ("&#" + "9" * 5_000, "\ufffd"),
        ("a & b", "a & b"),
    ],
)
def test_references_are_resolved_however_long_they_are(text: str, plain: str) -> None:
    assert unescaped(text) == plain
