"""Frames of others give way to what they hold."""

import pytest

from aggregator.normalize.html import clean


def test_frame_that_shows_nothing_gives_way_to_what_it_holds():
    frame = '<p>a</p><iframe src="https://e.example/">{}</iframe>'
    assert clean(frame.format('<a href="https://e.example/w">Watch</a>'), base=None) == "<p>a</p>Watch"
    assert clean(frame.format("Your browser does not support iframes."), base=None) == "<p>a</p>"
    assert clean(frame.replace("src", "hidden src").format("words"), base=None) == "<p>a</p>"


@pytest.mark.parametrize("way", ["..", ".", "%2e%2E", ".%2e", "..%2f..", "..%5c"])
def test_way_up_from_a_players_address_leads_to_no_player(way):
    html = clean(f'a<iframe src="https://www.youtube.com/embed/{way}/redirect?q=//evil.example"></iframe>', base=None)
    assert "<iframe" not in html
    assert "<a " in html
