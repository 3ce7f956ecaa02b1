"""The table of docs/elements.md lacks nothing that a published schema has."""

import re

from tests.corpora import corpus
from tests.elements import PODCAST

# They stand within others, in whose rows they are; root is the schema's own.
INNER = {"root", "source", "valuerecipient", "value", "remoteitem", "integrity"}


def test_table_has_every_element_of_the_podcast_namespace():
    schema = corpus("podcast-namespace", "podcast.xsd").read_text(encoding="utf-8")
    named = {name.lower() for name in re.findall(r'<xs:element\s[^>]*name="(\w+)"', schema)}
    shown = " ".join(row.element + row.sample for row in PODCAST).lower()
    assert len(named) > 10
    assert {name for name in named - INNER if f"podcast:{name}" not in shown} == set()
