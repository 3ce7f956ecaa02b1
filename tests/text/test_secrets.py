"""Values of secrets give way to their names in whatever is shown, kept or published."""

import base64
import json
from html import escape
from urllib.parse import quote

import pytest

from aggregator.model import Link, RawEntry, RawText
from aggregator.text.secrets import all_filled, all_hidden, bare, filled, hidden

SECRETS = (("TOKEN", "a b/c+d"), ("LONG", "hunter2hunter2"), ("SHORT", "hunter2"), ("PIN", "123"), ("TOWN", "Paris"))
ODD = "pa&ss'w\"or<d\\/9é"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key a b/c+d.", "key ${TOKEN}."),
        ("https://x.example/?t=a%20b%2Fc%2Bd", "https://x.example/?t=${TOKEN}"),
        ("https://x.example/?t=a+b%2Fc%2bd&p=1", "https://x.example/?t=${TOKEN}&p=1"),
        ("hunter2hunter2 hunter2", "${LONG} ${SHORT}"),
        ("HUNTER2", "${SHORT}"),
        ("123 of 1234", "123 of 1234"),
        ("nothing", "nothing"),
        ("in Paris, a comparison", "in ${TOWN}, a comparison"),
        ("parisian", "parisian"),
        ("?at%3DParis&x", "?at%3D${TOWN}&x"),
        (r"\nParis\u0020paris", r"\n${TOWN}\u0020${TOWN}"),
        ("${LONG} %7B $%7BSHORT%7D", "${LONG} %7B $%7BSHORT%7D"),
    ],
)
def test_a_secret_is_hidden_however_an_address_spells_it(text: str, shown: str) -> None:
    assert hidden(text, SECRETS) == shown


@pytest.mark.parametrize(
    "spelled",
    [
        ODD,
        quote(ODD, safe=""),
        quote(quote(ODD, safe=""), safe=""),
        quote(ODD, safe="&/'").lower(),
        escape(ODD),
        escape(escape(ODD)),
        json.dumps(ODD)[1:-1],
        json.dumps(json.dumps(ODD))[3:-3],
        json.dumps(ODD, ensure_ascii=False)[1:-1].replace("/", "\\/"),
        "".join(f"&#{ord(character)};" if not character.isalnum() else character for character in ODD),
    ],
)
def test_a_secret_is_hidden_however_documents_spell_it(spelled: str) -> None:
    assert hidden(f"<{spelled}>", [("ODD", ODD)]) == "<${ODD}>"


@pytest.mark.parametrize("user", ["", "a", "ab", "abc"])
def test_a_password_is_hidden_in_base64_wherever_it_begins(user: str) -> None:
    coded = base64.b64encode(f"{user}:hunter2hunter2:x".encode()).decode()

    shown = hidden(f"Authorization: Basic {coded}", SECRETS)

    assert "${LONG}" in shown
    assert base64.b64encode(b"hunter2hunter2").decode()[4:12] not in shown


def test_a_password_that_was_written_as_addresses_want_it_is_hidden_as_it_is_sent() -> None:
    assert hidden("p@ss:word, p%40ss:word", [("PASS", "p%40ss%3Aword")]) == "${PASS}, ${PASS}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://x.example/?key=hunter2hunt…", "https://x.example/?key=${LONG}…"),
        ("only 'hunter2hun' came", "only '${LONG}' came"),
        ("ends in hunter2hu", "ends in ${LONG}"),
        ("hunter2hunting", "hunter2hunting"),
        ("a hunter", "a ${LONG}"),
    ],
)
def test_what_stands_of_a_secret_where_a_text_was_cut_is_hidden(text: str, shown: str) -> None:
    assert hidden(text, [("LONG", "hunter2hunter2")]) == shown


def test_no_secret_is_looked_for_in_the_name_of_another() -> None:
    secrets = [("API_KEY", "very5ecret"), ("WORD", "api_key1"), ("NAME", "api_key")]

    assert hidden("very5ecret api_key", secrets) == "${API_KEY} ${NAME}"
    assert hidden(hidden("very5ecret", secrets), secrets) == "${API_KEY}"


def test_nouns_and_plain_values_are_as_they_were_but_for_secrets() -> None:
    value = {"a": ["hunter2", 7, None, {"hunter2": ("x hunter2", True)}]}
    raw = RawEntry(id="hunter2", title=RawText(value="T"), links=(Link(url="https://x.example/hunter2", rel="via"),))

    assert all_hidden(value, SECRETS) == {"a": ["${SHORT}", 7, None, {"hunter2": ("x ${SHORT}", True)}]}
    assert all_hidden(value, ()) is value
    assert all_hidden(raw, SECRETS) == RawEntry(
        id="${SHORT}", title=RawText(value="T"), links=(Link(url="https://x.example/${SHORT}", rel="via"),)
    )
    assert all_filled(all_hidden(raw, SECRETS), SECRETS) == raw
    assert all_hidden(raw, [("OTHER", "something else")]) is raw


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://x.example/?k=${SHORT}", "https://x.example/"),
        ("https://x.example/?k=${SHORT}&id=5", "https://x.example/?id=5"),
        ("https://x.example/?id=5&k=$%7BSHORT%7D#top", "https://x.example/?id=5#top"),
        ("https://x.example/?k=${SHORT}&t=${TOKEN}&id=5&t=${TOKEN}", "https://x.example/?id=5"),
        ('<a href="/?k=${SHORT}&amp;id=5&amp;k=${SHORT}">', '<a href="/?id=5">'),
        ("https://x.example/${SHORT}?k=x${SHORT}", "https://x.example/${SHORT}?k=x${SHORT}"),
        ("?k=${PIN}&k=${NOBODY}", "?k=${PIN}&k=${NOBODY}"),
        ("costs = ${SHORT}", "costs = ${SHORT}"),
    ],
)
def test_a_parameter_that_is_a_secret_is_left_out_of_what_is_published(text: str, told: str) -> None:
    assert bare(text, SECRETS) == told


def test_what_is_asked_again_has_its_secrets_again() -> None:
    assert filled("https://x.example/${SHORT}?k=$%7BLONG%7D", SECRETS) == "https://x.example/hunter2?k=hunter2hunter2"
