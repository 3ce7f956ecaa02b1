"""Sources are added and removed in feeds.yaml as a careful person would: nothing else changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.editing import with_added, without
from aggregator.config.lines import Lines
from aggregator.errors import ConfigError, UsageError

URL = "https://new.example/feed"

BLOCK = """\
# whom we read
site: {title: Mine}   # ours

sources:
  # the first
  - https://a.example/feed    # a good one

  - name: b                   # with keys
    url: "https://b.example/feed"
    fields:
      title: |
        a
        b

  # the last
  - {url: https://c.example/feed}
# the end
"""


def sources(text: str) -> list[object]:
    found = Lines(text, file="feeds.yaml").data["sources"]
    assert isinstance(found, list)
    return found


def test_a_source_is_added_behind_the_last_and_nothing_else_changes() -> None:
    after = with_added(BLOCK, [URL], file="feeds.yaml")

    assert after == BLOCK.replace(
        "  - {url: https://c.example/feed}\n", f"  - {{url: https://c.example/feed}}\n  - {URL}\n"
    )


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_source_is_removed_and_every_comment_that_is_not_its_own_stays(position: int) -> None:
    after = without(BLOCK, [position], file="feeds.yaml")

    assert sources(after) == [one for at, one in enumerate(sources(BLOCK)) if at != position]
    kept = {line.strip() for line in BLOCK.splitlines() if line.strip().startswith("#")}
    assert kept <= {line.strip() for line in after.splitlines()}


def test_several_are_removed_at_once_and_none_is_left() -> None:
    assert len(sources(without(BLOCK, [2, 0], file="feeds.yaml"))) == 1
    nothing = without(BLOCK, [0, 1, 2], file="feeds.yaml")

    assert sources(nothing) == []
    assert sources(with_added(nothing, [URL], file="feeds.yaml")) == [URL]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "site: {title: x}",
        "sources: []\n",
        "sources:\n",
        "sources: null\nsite: {title: x}\n",
        "sources: [https://a.example/]\n",
        "sources: [\n  https://a.example/, # one\n]\n",
        "sources:\n- https://a.example/\n",
        "sources:\n    - https://a.example/",
        "sources:\r\n  - https://a.example/\r\nsite: {title: x}\r\n",
        "sources:\n  - name: a\n    url: https://a.example/\n    remove: >\n      p\n\n\ndefaults: {language: de}\n",
        "sources:\n  - url: https://a.example/\n    category:\n      - x\n      - y # z\n",
        "sources:\n- {url: https://a.example/}\n# end",
    ],
)
def test_a_source_is_added_to_and_removed_from_a_list_of_any_shape(text: str) -> None:
    before = (Lines(text, file="feeds.yaml").data or {}).get("sources") or []

    more = with_added(text, [URL, {"url": "https://other.example/?a=[1]", "category": ["科技", "a, b"]}], file="f")
    less = without(more, [len(before), len(before) + 1], file="f")

    assert sources(more) == [*before, URL, {"url": "https://other.example/?a=[1]", "category": ["科技", "a, b"]}]
    assert sources(less) == before
    assert ("\r\n" in more) == ("\r\n" in text)


def test_what_cannot_be_edited_safely_is_refused() -> None:
    shared = "sources:\n  - &one {url: https://a.example/}\n  - <<: *one\n    name: b\n"
    with pytest.raises(UsageError, match="by hand"):
        without(shared, [0], file="feeds.yaml")
    with pytest.raises(UsageError, match="by hand"):
        with_added("- a list\n", [URL], file="feeds.yaml")
    with pytest.raises(ConfigError):
        with_added("sources: [", [URL], file="feeds.yaml")


words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff\u2028\u2029\x85"), min_size=1
)


@settings(max_examples=200, deadline=None)
@given(words)
def test_whatever_a_title_is_it_reads_back_as_it_was(title: str) -> None:
    after = with_added(BLOCK, [{"url": URL, "title": title}], file="feeds.yaml")

    assert sources(after)[-1] == {"url": URL, "title": title}
