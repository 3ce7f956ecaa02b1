"""Months by their names in many languages."""

from datetime import UTC, datetime

import pytest

from aggregator.text.date_languages import month_named
from aggregator.text.dates import read_date

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Donnerstag, 5. November 2026, 15:04 Uhr",
        "Do., 05 Nov. 2026 15:04",
        "jeudi 5 novembre 2026 à 15h04",
        "5 nov. 2026 à 15:04",
        "jueves, 5 de noviembre de 2026 15:04",
        "noviembre 5, 2026 15:04",
        "giovedì 5 novembre 2026 ore 15:04",
        "5 de novembro de 2026 às 15h04",
        "5 november 2026 om 15:04",
        "5 listopada 2026, 15:04",
        "5 ноября 2026 г., 15:04",
        "5 листопада 2026, 15:04",
        "5 ноември 2026, 15:04",
        "5 Kasım 2026 Perşembe 15:04",
        "5 november 2026 kl. 15.04",
        "5. november 2026 kl. 15:04",
        "5. marraskuuta 2026 klo 15.04",
        "5.11.2026 klo 15.04",
        "5. listopadu 2026 15:04",
        "5. 11. 2026 15:04",
        "2026. november 5., 15:04",
        "Πέμπτη, 5 Νοεμβρίου 2026 15:04",
        "5 noiembrie 2026, 15:04",
        "5. novembra 2026 15:04",
        "5. studenog 2026 15:04",
        "5. novembris 2026 15:04",
        "2026 m. lapkričio 5 d. 15:04",
        "5 de novembre de 2026 15:04",
        "5 tháng 11, 2026 15:04",
        "5 November 2026 pukul 15.04",
        "5 נובמבר 2026 15:04",
        "5 نوفمبر 2026 15:04",
        "5 नवंबर 2026 15:04",
        "5 พฤศจิกายน 2026 15:04",
    ],
)
def test_day_and_time_are_read_in_many_languages(text):
    assert read_date(text, timezone="UTC", now=NOW) == datetime(2026, 11, 5, 15, 4, tzinfo=UTC)


@pytest.mark.parametrize("text", ["5 de noviembre", "5. November", "5 нояб.", "jeudi 5 novembre", "5 kasım, 00:00"])
def test_day_without_a_year_is_the_last_such_day(text):
    assert read_date(text, timezone="UTC", now=NOW) == datetime(2026, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize("word", ["hej", "people", "von", "mes", "år", "十一月", "de", "x" * 20, "Ⅻ"])
def test_other_words_are_no_months(word):
    assert month_named(word, "UTC") is None
