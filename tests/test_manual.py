"""What README.md and docs/ say can be written, run or opened, can be."""

import argparse
import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import membership, moving, reading, warned
from aggregator.apart import Limits
from aggregator.cli.parser import parser
from aggregator.config import load
from aggregator.fetch import hosts, politeness, robots
from aggregator.outputs import formats
from aggregator.sources import kinds, opml
from aggregator.sources.parts import outlines
from aggregator.sources.parts.page import bare, better
from aggregator.store import floods
from aggregator.text import date_relative, likeness, patterns

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])

# page of docs/notes, its words, what the code has, what the words mean
FIGURES: list[tuple[str, str, object, object]] = [
    ("articles.md", "has 2,000 letters", better.LONG, 2_000),
    ("articles.md", "or 500 and twice the summary", better.ENOUGH, 500),
    ("articles.md", "2,000,000 characters without scripts", bare.LONGEST_PAGE, 2_000_000),
    ("articles.md", "about 15,000 elements", bare.MOST_TAGS, 15_000),
    ("articles.md", "nested 200 deep", bare.DEEPEST, 200),
    ("identity.md", "only within three days", likeness.WINDOW, timedelta(days=3)),
    ("identity.md", "Ten and more new entries", floods.LEAST, 10),
    ("identity.md", "after two such polls", floods.ENOUGH, 2),
    ("lists.md", "without most of ten or more", membership.MANY, 10),
    ("lists.md", "stop at 50 folders in depth", outlines.DEEPEST, 50),
    ("lists.md", "50,000 outlines", outlines.MOST_OUTLINES, 50_000),
    ("lists.md", "10,000 feeds", opml.MOST_FEEDS, 10_000),
    ("near-duplicates.md", "lets through up to 16 bits", likeness.FURTHEST, 16),
    ("near-duplicates.md", "(25 to 60 tokens:", (likeness.NOTHING, likeness.LITTLE), (25, 60)),
    ("near-duplicates.md", "`WINDOW` (72 hours)", likeness.WINDOW, timedelta(hours=72)),
    ("near-duplicates.md", "runs of three tokens", likeness.SHINGLE, 3),
    ("rules.md", "half a second of computing", patterns.PATIENCE, 0.5),
    ("rules.md", "takes five in a poll", patterns.ENDURANCE, 5.0),
    ("rules.md", "searched to 100,000 characters", patterns.LONGEST_TEXT, 100_000),
    ("rules.md", "five examples", warned.MOST_EXAMPLES, 5),
    ("rules.md", "came up for thirty days", warned.QUIET, timedelta(days=30)),
    ("rules.md", "At most thirty sorts", warned.MOST_SORTS, 30),
    ("manners.md", "up to 30 seconds", robots.LONGEST_DELAY, timedelta(seconds=30)),
    ("manners.md", "for more than two minutes", politeness.PATIENCE, timedelta(minutes=2)),
    ("manners.md", "After five requests in a row", hosts.ENOUGH, 5),
    ("manners.md", "the host rests: five minutes", hosts.FIRST_REST, timedelta(minutes=5)),
    ("moving.md", "Every thirty days the written address", moving.LOOK_AGAIN, 30),
    ("workers.md", "A document of 384 kB or more", Limits().heavy_bytes, 384_000),
    ("workers.md", "60 s of processor time", Limits().seconds, 60),
    ("workers.md", "and 200 MB resident", Limits().memory_bytes, 200_000_000),
    ("workers.md", "computes for 15 s", Limits().light_seconds, 15),
    ("workers.md", "no more than 10,000 new entries", reading.MOST_NEW, 10_000),
    ("text.md", "may be ten minutes ahead", date_relative.AHEAD, timedelta(minutes=10)),
]

_SHOWN = [
    (page.name, number, text)
    for page in PAGES
    for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S))
]
_LINK = re.compile(r"\[[^]]*\]\(([^)#]*)(?:#([^)]*))?\)")
_PATH = re.compile(r"`((?:aggregator|benchmarks|docs|tests)/[\w/.-]*)`")


@pytest.mark.parametrize(("page", "number", "text"), _SHOWN, ids=[f"{page}-{number}" for page, number, _ in _SHOWN])
def test_every_example_of_feeds_yaml_is_one(tmp_path: Path, page: str, number: int, text: str) -> None:
    path = tmp_path / "feeds.yaml"
    rest = "" if re.search("^sources:", text, re.M) else "\nsources: [https://example.org/feed.xml]\n"
    path.write_text(text + rest, encoding="utf-8")

    config = load(path, kinds=kinds(), formats=formats(), environ={})

    assert config.sources


def test_the_feeds_yaml_of_this_repository_is_right() -> None:
    assert load(ROOT / "feeds.yaml", kinds=kinds(), formats=formats(), environ={}).sources


def test_the_table_of_commands_has_every_command_and_no_other() -> None:
    assert {name for name, _ in _commands()} == set(_parsers(parser()))


def test_commands_have_the_words_and_options_that_the_table_gives_them() -> None:
    for name, written in _commands():
        told = _parsers(parser())[name].format_help()
        missing = [word for word in re.findall(r"--[a-z]+|(?<![-a-z])[a-z]+", written) if word not in told]
        assert not missing, f"{name}: {missing}"


def test_every_command_takes_what_the_readme_says_and_those_that_report_json() -> None:
    for name, command in _parsers(parser()).items():
        options = set(command._option_string_actions)
        assert {"-c", "-v", "-q"} <= options, name
        assert ("--json" in options) == command.get_default("reports"), name


def test_every_command_line_that_is_shown_is_understood() -> None:
    shown = re.findall(r"^(?:.*&& )?\.venv/bin/aggregator ([^#\n&]*)", README, re.M)
    shown += re.findall(r"`aggregator ([a-z][^`|\[]*)`", README)

    assert {"demo", "run", "refresh --due", "preview 吉林日报"} <= {line.strip() for line in shown}
    for line in shown:
        words = shlex.split(line)
        assert words[0] in _parsers(parser())
        assert len(words) == 1 or parser().parse_args(words).command == words[0]


def test_the_table_of_kinds_has_every_kind_and_no_other() -> None:
    table = README.partition("| kind | reads | notes |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == set(kinds())


@pytest.mark.parametrize(("page", "words", "value", "told"), FIGURES, ids=[words for _, words, _, _ in FIGURES])
def test_bounds_that_the_notes_name_are_those_of_the_code(page: str, words: str, value: object, told: object) -> None:
    assert words in " ".join((ROOT / "docs" / "notes" / page).read_text(encoding="utf-8").split())
    assert value == told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_leads_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in _LINK.findall(text):
        if "://" in target:
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), target
        assert not anchor or anchor in _anchors(path), f"{target}#{anchor}"
    for named in _PATH.findall(text):
        assert (ROOT / named).exists(), named


def _commands() -> list[tuple[str, str]]:
    """Return each command of the README's table, with what stands in its row behind it."""
    table = README.partition("| command | does |")[2].partition("\n\n")[0]
    found = []
    for row in table.splitlines()[2:]:
        cell, _, does = row.replace("\\|", "/").strip("| ").partition(" | ")
        named = re.findall(r"`([^`]*)`", cell)
        options = " ".join(option for option in re.findall(r"--[a-z]+", does) if len(named) == 1)
        for written in named:
            name, _, rest = written.removeprefix("aggregator ").partition(" ")
            found.append((name, f"{rest} {options}"))
    return found


def _anchors(page: Path) -> set[str]:
    """Return the names under which the headings of a page can be reached."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _parsers(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (commands,) = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    return dict(commands.choices)
