"""The table of docs/elements.md is true."""

import pytest

from tests.elements import PAGE, VOCABULARIES, Row, page, read, value_at

ROWS = [row for its_rows in VOCABULARIES.values() for row in its_rows]


@pytest.mark.parametrize("row", [row for row in ROWS if row.field], ids=lambda row: f"{row.place}-{row.element}")
def test_element_becomes_what_the_table_says(row: Row):
    assert value_at(read(row), str(row.field)) == row.value


@pytest.mark.parametrize("row", [row for row in ROWS if not row.field], ids=lambda row: f"{row.place}-{row.element}")
def test_nothing_becomes_of_the_element_and_the_table_says_why(row: Row):
    assert read(row) == read(row, with_it=False)
    assert row.why


def test_page_is_what_the_table_gives():
    assert PAGE.read_text(encoding="utf-8") == page(), "write it again: python -m tests.elements"
