"""Words and patterns that an operator wrote, searched in text that strangers wrote. Pure.

Python's regular expressions, in an engine that can be stopped: there are patterns that need years for a text of fifty
characters, and a text can be made for a pattern. ``\\p{Han}`` and its like are understood as well.
"""

import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from aggregator.errors import AggregatorError

if TYPE_CHECKING:
    import regex

LONGEST_TEXT = 100_000  # characters that a pattern is searched in; a word is searched in all of a text
PATIENCE = 0.5  # seconds of computing for one search; a sane pattern needs a thousandth of that
ENDURANCE = 5.0  # seconds for all that one pattern searches in one round
LONGEST_PATTERN = 10_000  # characters
MOST_REPEATED = 10_000  # elements that the fixed repetitions of a pattern come to: the engine writes them out

SPECIAL = frozenset("\\.^$*+?{}[]()|")


class PatternError(AggregatorError):
    """What a person wrote is no pattern; the message says where it goes wrong."""


def is_word(pattern: str) -> bool:
    """Tell whether it says nothing but itself."""
    return SPECIAL.isdisjoint(pattern)


@lru_cache(maxsize=16)  # one text is asked for many words
def folded(text: str) -> str:
    """Return the text as words are compared: case, width (ＡＩ, AI) and composition (é, e + ´) do not count."""
    return unicodedata.normalize("NFKC", text).casefold()


def check(pattern: str) -> int:
    """Return how many groups a pattern has. Raises PatternError when it is none."""
    return _compiled(pattern, is_caseless=False).groups


def escaped(text: str) -> str:
    """Return the pattern that finds exactly this text."""
    return "".join(f"\\{character}" if character in SPECIAL else character for character in text)


class Searching:
    """One round of searching, such as a poll: a pattern that did not come to an end in it is not tried again.

    clock: seconds of any origin, to bound what one pattern takes in the whole round; None: only each search is bounded.
    """

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self._taken: dict[str, float] = {}
        self._given_up: dict[str, str] = {}  # pattern -> where it was searched

    def is_found(self, pattern: str, text: str) -> bool:
        """Tell whether a word or pattern stands anywhere in the text, case ignored."""
        if is_word(pattern):
            return _folded_word(pattern) in folded(text)
        return self._found(pattern, text, is_caseless=True) is not None

    def first_group(self, pattern: str, text: str) -> str | None:
        """Return what group 1 is where the pattern is found first, case minded; None where it is not or is empty."""
        found = self._found(pattern, text, is_caseless=False)
        return None if found is None else found.group(1) or None

    def join(self, other: "Searching") -> None:
        """Take over what was given up in another part of the same round."""
        for pattern, text in other._given_up.items():
            self._given_up.setdefault(pattern, text)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was given up, in words."""
        return tuple(
            f"the pattern '{shortened(pattern)}' finds no end in '{shortened(text)}': it counts as not found there and "
            "is not tried again in this poll; write it so that one part cannot match what the next one matches, too"
            for pattern, text in self._given_up.items()
        )

    def _found(self, pattern: str, text: str, *, is_caseless: bool) -> "regex.Match[str] | None":
        if pattern in self._given_up:
            return None
        started = self._clock() if self._clock else 0.0
        try:
            return _compiled(pattern, is_caseless=is_caseless).search(text[:LONGEST_TEXT], timeout=PATIENCE)
        except TimeoutError:
            self._given_up[pattern] = text
            return None
        finally:
            if self._clock:
                taken = self._taken[pattern] = self._taken.get(pattern, 0.0) + self._clock() - started
                if taken > ENDURANCE:
                    self._given_up.setdefault(pattern, text)


def shortened(text: str, longest: int = 60) -> str:
    """Return the text on one line, and not without end."""
    line = " ".join(text[: longest * 4].split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


@cache
def _folded_word(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


@cache
def _compiled(pattern: str, *, is_caseless: bool) -> "regex.Pattern[str]":
    import regex

    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"longer than {LONGEST_PATTERN} characters; write a list of several")
    _check_repetitions(pattern)
    flags = regex.VERSION0 | (regex.IGNORECASE if is_caseless else 0)
    try:
        made = regex.compile(pattern, flags)
    except RecursionError as error:
        raise PatternError("its groups are nested too deep") from error
    except (regex.error, ValueError, OverflowError, KeyError, IndexError) as error:
        raise PatternError(str(error) or type(error).__name__) from error
    return made


def _check_repetitions(pattern: str) -> None:
    """Refuse what would grow without measure: recursion, and repetitions of repetitions, which are written out."""
    open_groups = [_Part()]
    at, class_from = 0, -1
    while at < len(pattern):
        character, part = pattern[at], open_groups[-1]
        if character == "\\":
            if class_from < 0:
                part.add(1)
            at += 1
        elif class_from >= 0:
            if character == "]" and pattern[class_from + 1 : at] not in ("", "^"):
                class_from = -1
        elif character == "[":
            class_from = at
            part.add(1)
        elif character == "(":
            if pattern.startswith(_CALLS, at):
                raise PatternError(f"it calls itself at position {at}, which may never end")
            open_groups.append(_Part())
        elif character == ")" and len(open_groups) > 1:
            open_groups.pop()
            open_groups[-1].add(max(part.size, 1))
        elif character == "{":
            part.repeat(_least(pattern, at))
        else:
            part.add(1)
        if open_groups[-1].size > MOST_REPEATED:
            raise PatternError(f"its repetitions come to more than {MOST_REPEATED} characters at position {at}")
        at += 1


_CALLS = ("(?R", "(?&", "(?P>", *(f"(?{digit}" for digit in range(10)))


class _Part:
    """What stands in an open group. size: how many elements it comes to; last: those of what a repetition repeats."""

    def __init__(self) -> None:
        self.size = 0
        self.last = 0

    def add(self, size: int) -> None:
        self.size += size
        self.last = size

    def repeat(self, times: int) -> None:
        self.size += self.last * (times - 1)
        self.last *= times


def _least(pattern: str, at: int) -> int:
    """Return how often at least the braces at this position repeat what stands before them."""
    number = pattern[at + 1 : at + 12].partition("}")[0].partition(",")[0]
    return max(int(number), 1) if number.isascii() and number.isdigit() else 1
