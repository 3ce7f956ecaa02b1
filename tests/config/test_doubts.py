"""Rules that can be used and were perhaps meant otherwise get a word."""

from pathlib import Path

import pytest

from aggregator.config import notes
from tests.fakes import read_config


def told(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    return [note for note in notes(read_config(folder, text, environ)) if "site.url" not in note]


@pytest.mark.parametrize(
    ("pattern", "note"),
    [
        ("[快讯]", r"finds any single one of these characters; to find the word, write '\[快讯\]'"),
        ("[快讯]长春", r"finds any single one of these characters; to find the word, write '\[快讯\]长春'"),
        ("^[公告]", r"finds any single one of these characters; to find the word, write '\[公告\]'"),
        ("[Sponsored]", r"finds any single one of these characters; to find the word, write '\[Sponsored\]'"),
        ("C++", r"finds one C or more; to find the word, write 'C\+\+'"),
        ("$100", r"finds nothing: $ is the end of a text; to find the character, write '\$1'"),
        ("为什么?", r"finds '为什', too; to find a question mark, write '为什么\?'"),
        ("招商*项目", "repeats the character before the *; for anything in between, write '招商.*项目'"),
        ("广告|", "finds every text, an empty one, too"),
        (".*", "finds every text, an empty one, too"),
    ],
)
def test_a_pattern_that_looks_like_a_word_is_doubted(tmp_path: Path, pattern: str, note: str) -> None:
    rules = f"include: {{title: ['{pattern}']}}"
    found = told(tmp_path, f"sources: [{{name: a, url: 'https://a.example', {rules}}}]\ncategories: {{b: {{{rules}}}}}")

    assert found == [f"{place}: include.title '{pattern}' {note}" for place in ("source a", "categories.b")]


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "招商",
            "AI",
            "C#",
            "[0-9]+",
            "[Cc]hina",
            "[一二三]+等奖",
            "gr[ae]y",
            r"\[快讯\]",
            r"C\+\+",
            "^$",
            "x?y",
        ),
        *(r"\$100", "^广告", "广告$", "(招商|项目)", r"\bAI\b", "example.com", "招商.*项目", "(?i)ai", "https?://"),
    ],
)
def test_a_pattern_that_is_one_is_not(tmp_path: Path, pattern: str) -> None:
    text = f"sources: [{{name: a, url: 'https://a.example', exclude: {{title: ['{pattern}']}}}}]"

    assert told(tmp_path, text) == []


@pytest.mark.parametrize(("rules", "is_doubted"), [("exclude: {age: ['<2h']}", True), ("exclude: {age: [30d]}", False)])
def test_what_is_too_young_when_it_is_met_does_not_come_later(tmp_path: Path, rules: str, is_doubted: bool) -> None:
    found = told(tmp_path, f"sources: [{{name: a, url: 'https://a.example', {rules}}}]")

    assert (found != []) is is_doubted
    assert "does not come later" in "".join(found) or not is_doubted


def test_a_choice_among_nothing_or_unexpectedly_among_all_is_told(tmp_path: Path) -> None:
    sources = "sources: [{{name: a, url: 'https://a.example', category: 科技{}}}]\n"
    rules = "categories: {top: {include: {title: x}}, best: {of: [科技, keji, 科枝]}}"

    assert told(tmp_path, sources.format("") + rules) == [
        "categories.best: of '科枝': no source files anything under it"
    ]
    (note,) = told(tmp_path, sources.format(", entry_categories: true") + rules)
    assert note.startswith("categories.top: chosen by its include among all that is stored; to let it only leave out")
    assert note.endswith("add 'of: top'")


def test_a_secret_that_entries_would_publish_is_told(tmp_path: Path) -> None:
    fields = "{title: t, url: 'https://a.example/{id}?key=${KEY}'}"
    text = f"sources: [{{name: a, kind: json_api, url: 'https://a.example', items: x, fields: {fields}}}]"

    assert told(tmp_path, text, {"KEY": "very5ecret"}) == [
        "source a: fields.url holds ${KEY}, which its entries are published without"
    ]
