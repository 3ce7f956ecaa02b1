"""What a source is asked: what the operator wrote for its host stays with its host."""

import pytest

from aggregator.model import Source
from aggregator.sources.parts.asking import further_request

SOURCE = Source(
    name="news", url="https://news.example.org/api", method="POST", body="key=secret", headers=(("cookie", "secret"),)
)


@pytest.mark.parametrize(
    "url", ["https://evil.example/api", "http://news.example.org/api", "https://news.example.org:8443/api"]
)
def test_body_and_headers_go_to_no_other_origin(url):
    request = further_request(url, SOURCE, is_page=False, body=SOURCE.body)

    assert (request.method, request.body, request.headers) == ("GET", None, ())


def test_body_and_headers_go_to_further_pages_of_the_source():
    request = further_request("https://news.example.org/api?page=2", SOURCE, is_page=False, body=SOURCE.body)

    assert (request.method, request.body, request.headers) == ("POST", "key=secret", SOURCE.headers)
