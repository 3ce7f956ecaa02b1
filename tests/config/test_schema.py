"""The schema for editors says the same as ``load``."""

import jsonschema
import pytest
from ruamel.yaml import YAML

from aggregator.config import schema
from aggregator.config.shape import SourceShape
from tests.config.example import FORMATS, FULL, KINDS


def valid(text):
    made = schema(kinds=KINDS, formats=FORMATS)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made).is_valid(YAML(typ="safe", pure=True).load(text))


@pytest.mark.parametrize("text", ["sources: [https://example.org/feed.xml]", FULL])
def test_what_is_right_is_right_to_an_editor(text):
    assert valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "site: {title: a}",
        "sources: [{url: 'https://example.org', itmes: a}]",
        "sources: [{url: 'https://example.org', kind: nope}]",
        "sources: ['https://example.org']\noutput: {formats: [pdf]}",
        "sources: [{url: 'https://example.org', article: maybe}]",
    ],
)
def test_what_is_wrong_is_wrong_to_an_editor(text):
    assert not valid(text)


@pytest.mark.parametrize(
    "written",
    [
        "entry_categories: {only: a}",
        "article: {content: p, image: img@src}",
        "category: a",
        "next: a",
        "identity: {parameters: a}",
    ],
)
def test_short_forms_are_right_to_an_editor(written):
    assert valid(f"sources: [{{url: 'https://example.org', {written}}}]")


def test_every_key_of_a_source_is_described():
    described = schema(kinds=KINDS, formats=FORMATS)["$defs"]["SourceShape"]["properties"]

    assert set(described) == set(SourceShape.model_fields)
    assert all(described[key].get("description") for key in described)
