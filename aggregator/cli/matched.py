"""What ``aggregator preview`` says of each selector and path of feeds.yaml."""

from typing import Any

from aggregator.cli.context import Context
from aggregator.cli.words import beginning, plain
from aggregator.model import Matched
from aggregator.text.secrets import hidden

LONGEST_EXAMPLE = 60  # characters that are shown of what it matches


def matched_json(one: Matched) -> dict[str, Any]:
    """Return it for programs."""
    return {"place": one.place, "rule": one.rule, "matched": one.count, "of": one.of, "example": one.example}


def say_matched(context: Context, every: tuple[Matched, ...]) -> None:
    """Say what each of them matches, those that match nothing so that they are seen."""
    for number, one in enumerate(every):
        often = f"{one.count}" if one.of is None else f"{one.count} of {one.of}"
        whole = hidden(one.example or "", context.secrets.items())  # before it is cut
        example = f", {beginning(plain(whole), LONGEST_EXAMPLE)}" if whole else ""
        told = f"{plain(one.place)}: {plain(one.rule) or 'the item itself'}  matches {often}{example}"
        context.say(f"{'' if number else 'matched':9}{told}", tone=None if one.count else "strong")
