"""Shares that fall to names."""

from itertools import pairwise

from aggregator.text.shares import share


def test_names_that_look_alike_get_shares_that_lie_far_apart_and_stay():
    shares = sorted(share(f"https://example.org/{number}") for number in range(1000))

    assert 0 <= shares[0] < 0.02
    assert 0.98 < shares[-1] < 1
    assert max(later - earlier for earlier, later in pairwise(shares)) < 0.02
    assert share("a") == 0.7896011073607951
