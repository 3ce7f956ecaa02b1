"""Rules that can be used and were perhaps meant otherwise: a word with characters that patterns have a use for."""

import re
from collections.abc import Iterator, Sequence

from aggregator.config.choices import Handles, choices
from aggregator.config.settings import CategoryRule, Config
from aggregator.model import Source
from aggregator.rules import Rule, rules
from aggregator.text.patterns import Searching, escaped, is_word
from aggregator.text.secrets import SHORTEST, SHORTEST_INSIDE

_CLASS = re.compile(r"\^?(\[([^\W\d_]{2,})\])(?![+*?{])(.*)", re.DOTALL)  # of letters alone, at the beginning
_POSSESSIVE = re.compile(r"(\w)\+\+")
_AFTER_THE_END = re.compile(r"(?<!\\)\$\w")
_NOWHERE = "\ue000\ue001"  # private characters: no text has them


def doubts(config: Config) -> Iterator[str]:
    """Yield a sentence for each rule that may not do what its author wanted."""
    for source in config.sources:
        for rule in rules(source.include, source.exclude):
            yield from (f"source {source.name}: {_named(rule)} {said}" for said in _of_rule(rule))
    for category in config.categories:
        for rule in rules(category.include, category.exclude):
            yield from (f"categories.{category.name}: {_named(rule)} {said}" for said in _of_rule(rule))
    yield from _of_choices(config.categories, config.sources)
    for source in config.sources:
        for name, places in source.fields:
            text = str(places)
            shown = ", ".join(f"${{{secret}}}" for secret, value in source.secrets if value in text)
            if shown:
                yield f"source {source.name}: fields.{name} holds {shown}, which its entries are published without"
    yield from _of_secrets(config.secrets)


def _of_secrets(secrets: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each secret that cannot be told from what texts hold anyway."""
    for name, value in secrets:
        if len(value) < SHORTEST:
            yield f"${{{name}}} has fewer than {SHORTEST} characters: too few to be hidden where something repeats it"
        elif len(value) < SHORTEST_INSIDE and (value.isalpha() or value.isdigit()):
            yield f"${{{name}}} is a short word or number: it is hidden wherever it stands in what is asked with it"


def _named(rule: Rule) -> str:
    return f"{rule.verb}.{rule.field} '{rule.pattern}'"


def _of_rule(rule: Rule) -> Iterator[str]:
    if rule.field == "age":
        if rule.pattern.startswith("<" if rule.verb == "exclude" else ">"):
            yield "is asked when an entry is first met: what is too young then does not come later"
    elif not is_word(rule.pattern):
        yield from _of_pattern(rule.pattern)


def _of_pattern(pattern: str) -> Iterator[str]:
    letters, rest = (found[2], found[3]) if (found := _CLASS.fullmatch(pattern)) else ("", "")
    if letters and len(letters) > 2 - (not letters.isascii()) and (not rest or not letters.isascii()):
        yield f"finds any single one of these characters; to find the word, write '{escaped(f'[{letters}]')}{rest}'"
    if found := _POSSESSIVE.search(pattern):
        yield f"finds one {found[1]} or more; to find the word, write '{escaped(pattern)}'"
    if found := _AFTER_THE_END.search(pattern):
        yield f"finds nothing: $ is the end of a text; to find the character, write '\\{found[0]}'"
    if pattern[-1] == "?" and is_word(pattern[:-1]):
        yield f"finds '{pattern[:-2]}', too; to find a question mark, write '{escaped(pattern)}'"
    if is_word(pattern.replace("*", "")) and "*" in pattern.strip("*"):
        yield f"repeats the character before the *; for anything in between, write '{pattern.replace('*', '.*')}'"
    searching = Searching()
    if searching.is_found(pattern, "") and searching.is_found(pattern, _NOWHERE):
        yield "finds every text, an empty one, too"


def _of_choices(categories: Sequence[CategoryRule], sources: Sequence[Source]) -> Iterator[str]:
    handles = Handles(categories)
    filled = {handles.of(name) for source in sources for name in source.categories}
    have_own = any(source.has_own_categories for source in sources)
    for rule in categories:
        for name in rule.of:
            if not have_own and handles.of(name) not in filled and not handles.knows(name):
                yield f"categories.{rule.name}: of '{name}': no source files anything under it"
    for choice in choices(categories, sources):
        if choice.of is None and have_own:
            yield (
                f"categories.{choice.category}: chosen by its include among all that is stored; to let it only leave "
                f"out entries that are filed under it, add 'of: {choice.category}'"
            )
