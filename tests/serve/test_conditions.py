import pytest

from aggregator.serve.conditions import preferred_encoding


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0", None),
        ("gzip;q=much", None),
        ("gzip;q=7", "gzip"),
        (",, ,gzip ;", "gzip"),
        ("deflate, zstd", None),
    ],
)
def test_packed_form_is_the_one_that_the_client_likes_best(accept: str | None, encoding: str | None):
    assert preferred_encoding(accept) == encoding
