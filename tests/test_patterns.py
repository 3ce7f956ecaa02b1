"""No pattern that we search strangers' texts with takes more than a little time, whatever the text.

Every compiled pattern of every module is searched, in the way its module does, through long runs of one and the same
few characters. What is quadratic takes seconds of processor time there, what is linear milliseconds.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import aggregator
from tests.bounded import attempt

LENGTH = 20_000
MOST_SECONDS = 0.3
UNITS = (
    *(" ", "\n", "\t", "a", "A1", "0", "<", "<a ", "<p>", "&", "&#", "(", ")", "（", "来源：", "2022年", "/", "?", "="),
    *("[", "]", "{", "}", "-", "_", ".", ",", ":", ";", "'", '"', "*", "|", "`", "a.", "a@", "@", "<!--", "<![CDATA["),
    *("。", "\u3000", "a b ", 'x="y" ', "\\", "#", "%20", "00:00 ", "1 ", "Jan ", "--", "{: ", "《", "、", "a=1&"),
)
# Patterns for texts that are short by the time they are searched, or that are the operator's own
BOUNDED = {
    "aggregator.normalize.credits": "lines of at most 200 characters, and what stands in brackets",
    "aggregator.normalize.people": "names, cut to a line before",
    "aggregator.sources.parts.feed.document._HARMLESS_ENTITY": "a declaration of at most 2,000 characters",
    "aggregator.sources.parts.page.linked_data._ARTICLE": "a type's name, cut to 100 characters",
    "aggregator.sources.parts.page.linked_data._BEHIND": "the last 100 characters",
    "aggregator.sources.parts.page.linked_data._PAGE": "a type's name, cut to 100 characters",
    "aggregator.sources.parts.json_documents._WRAPPED": "the first 1,000 characters",
    "aggregator.sources.parts.paths._LAST_NAME": "a path of feeds.yaml",
    "aggregator.sources.parts.selectors._XML_FEED": "the first 2,000 characters",
    "aggregator.sources.parts.page.trimming": "lines of at most twice 40 letters",
    "aggregator.text.spans": "a span of feeds.yaml",
    "aggregator.text.date": "at most 2,000 characters without runs of white space",
    "aggregator.text.dates": "at most 2,000 characters without runs of white space",
}
_USES = r"\b%s\b(?:\[[^\]]*\])?\.(search|match|fullmatch|sub|subn|split|findall|finditer)\("


def patterns() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield the full name of every pattern, the pattern, and each way in which its module uses it."""
    seen = set()
    for found in pkgutil.walk_packages(aggregator.__path__, "aggregator."):
        if "migrations" in found.name or found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        code = Path(module.__file__ or "").read_text(encoding="utf-8")
        for name, value in vars(module).items():
            values = value if isinstance(value, tuple | list) else (value,)
            for pattern in values:
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    ways = set(re.findall(_USES % re.escape(name), code)) or {"search"}
                    for way in sorted(ways):
                        if (pattern.pattern, pattern.flags, way) not in seen:
                            seen.add((pattern.pattern, pattern.flags, way))
                            yield f"{found.name}.{name}", pattern, way


def slow_on(pattern: re.Pattern[str], way: str) -> str | None:
    """Return the unit of the first text that takes too long, or None."""

    def searched(text: str) -> int:
        result = pattern.sub("", text) if way in {"sub", "subn"} else getattr(pattern, way)(text)
        return len(list(result)) if way == "finditer" else 0

    beginnings = ("", "<p>") if "<" in pattern.pattern else ("",)
    for unit in UNITS:
        for text in (beginning + unit * (LENGTH // len(unit)) + "!\x01" for beginning in beginnings):
            # The least of three: collecting what other tests left behind takes processor time too
            if all(attempt(partial(searched, text), name=unit).seconds > MOST_SECONDS for _ in range(3)):
                return unit
    return None


@pytest.mark.parametrize("part", range(4))
def test_no_pattern_is_slow_on_any_long_run(part: int):
    mine = list(patterns())[part::4]
    slow = {
        name: unit
        for name, pattern, way in mine
        if not any(name.startswith(bounded) for bounded in BOUNDED) and (unit := slow_on(pattern, way)) is not None
    }
    assert len(mine) > 40
    assert slow == {}


def test_a_slow_pattern_is_found():
    assert slow_on(re.compile(r"\s+$"), "search") is not None
