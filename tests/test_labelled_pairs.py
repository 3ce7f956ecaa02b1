"""The labelled pairs, as two sources would bring them: what keys can know, they know, and nothing else joins."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator import identity
from aggregator.identity import Candidate, place
from aggregator.model import Content, Copy, Credit, IdentityRules, Parameter, RawEntry, Source

PAIRS = Path(__file__).parent / "data" / "pairs" / "pairs.jsonl"
RULES = IdentityRules(parameters=(Parameter(name="infoCode"),), patterns=(("infoCode", (r"\b(?:NW)?(\d{18})\b",)),))
Address = Callable[[int], tuple[str, str | None]]  # number of an article -> its URL and guid, as one source writes them

SPELLINGS: list[tuple[Address, Address]] = [
    (lambda n: (f"https://www.daily.example/a/{n}", None), lambda n: (f"http://daily.example/a/{n}/", None)),
    (lambda n: (f"https://daily.example/?id={n}&p=2", None), lambda n: (f"https://daily.example?p=2&id={n}", None)),
    (
        lambda n: (f"https://daily.example/a/{n}", None),
        lambda n: (f"https://daily.example/a/{n}?utm_source=feed&utm_medium=rss#top", None),
    ),
    (
        lambda n: (f"https://daily.example/Show.html?infoCode=NW{n:018d}", None),
        lambda n: (f"https://agency.example/news/1350,{n:018d}.html", None),
    ),
    (
        lambda n: (f"https://daily.example/Show.html?infoCode=NW{n:018d}", None),
        lambda n: (f"https://mirror.example/x?INFOCODE=NW{n:018d}&from=list", None),
    ),
    (
        lambda n: (f"https://one.example/{n}", f"tag:daily.example,2026:{n}"),
        lambda n: (f"https://other.example/{n}", f"tag:daily.example,2026:{n}"),
    ),
]


def labelled() -> list[dict[str, object]]:
    return [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]


def copy(source: str, side: dict[str, str], address: tuple[str, str | None]) -> Copy:
    url, guid = address
    content = Content(title=side["title"], url=url, html=f"<p>{side['text']}</p>")
    raw = RawEntry(id=guid, url=url)
    names = identity.keys(raw, content, Source(name=source, identity=RULES))
    return Copy(
        source=source,
        local=identity.local_name(raw, content, names),
        guid=guid,
        url=url,
        keys=names,
        own=False,
        priority=0,
        categories=None,
        content=content,
        credit=Credit(name=source, title=source),
        text_hash="",
    )


def are_one(first: Copy, second: Copy) -> bool:
    candidate = Candidate(id=1, copies=(first,), uid="urn:example:1")
    found = {key: candidate for key in second.keys if key in first.keys}
    return place(second, None, found, RULES).entry == 1


@pytest.mark.parametrize("spelling", range(len(SPELLINGS)))
def test_what_keys_can_know_of_the_labelled_pairs_they_know_without_a_mistake(spelling: int) -> None:
    here, there = SPELLINGS[spelling]
    wrong, missed, joined = [], [], 0
    for number, pair in enumerate(labelled(), start=10):
        is_same = pair["label"] != "different"
        first = copy("one", pair["a"], here(number))  # type: ignore[arg-type]
        second = copy("other", pair["b"], there(number if is_same else number + 1))  # type: ignore[arg-type]
        is_joined = are_one(first, second)
        joined += is_joined
        if is_joined and not is_same:
            wrong.append(pair["id"])
        if is_same and not is_joined:
            missed.append(pair["id"])

    assert joined > 300
    assert wrong == []
    assert missed == []
