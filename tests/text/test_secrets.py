"""Values of secrets give way to their names in whatever is shown."""

import pytest

from aggregator.text.secrets import all_hidden, hidden

SECRETS = (("TOKEN", "a b/c+d"), ("LONG", "hunter2hunter2"), ("SHORT", "hunter2"), ("PIN", "123"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key a b/c+d.", "key ${TOKEN}."),
        ("https://x.example/?t=a%20b%2Fc%2Bd", "https://x.example/?t=${TOKEN}"),
        ("https://x.example/?t=a+b%2Fc%2Bd&p=1", "https://x.example/?t=${TOKEN}&p=1"),
        ("hunter2hunter2 hunter2", "${LONG} ${SHORT}"),
        ("123 of 1234", "123 of 1234"),
        ("nothing", "nothing"),
    ],
)
def test_a_secret_is_hidden_however_an_address_spells_it(text: str, shown: str) -> None:
    assert hidden(text, SECRETS) == shown


def test_what_programs_are_told_is_as_it_was_but_for_secrets() -> None:
    value = {"a": ["hunter2", 7, None, {"hunter2": ("x hunter2", True)}]}

    assert all_hidden(value, SECRETS) == {"a": ["${SHORT}", 7, None, {"hunter2": ["x ${SHORT}", True]}]}
    assert all_hidden(value, ()) is value
