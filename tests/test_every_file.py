"""Every file that others collected to trip readers up is read or refused, whole and cut off, within bounds."""

import pytest

from tests.bounded import faults, outcomes
from tests.corpora import corpus

NOT_DOCUMENTS = {".ini", ".entry", ".py", ".tmpl", ".md", ".html-result"}
PARTS = ["feedvalidator/atom", "feedvalidator/rss20", "feedvalidator", "venus", "miniflux", "simplepie"]


def files(part):
    """The files of a folder, without those that another part has."""
    inner = [corpus(other) for other in PARTS if other.startswith(part + "/")]
    return [
        path
        for path in sorted(corpus(part).rglob("*"))
        if path.is_file() and path.suffix not in NOT_DOCUMENTS and not any(path.is_relative_to(one) for one in inner)
    ]


@pytest.mark.parametrize("part", PARTS)
def test_every_file_is_read_or_refused_within_bounds_also_when_it_is_cut_off(part):
    found = list(outcomes(files(part)))
    assert faults(found) == []
    assert sum(one.entries > 0 for one in found if one.tenths == 10) * 3 > len(files(part))  # heads alone are many
    assert all(one.refusal != "" for one in found)
