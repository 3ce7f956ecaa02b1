"""Whose turn it is."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from aggregator.turns import in_turn

HOSTS = st.sampled_from("abcd")


def waiting(*names: str) -> list[tuple[str, str, str]]:
    """Sources called by their host and a number, each with an address of its own."""
    return [(name[0], name, name) for name in names]


def test_hosts_come_in_turn_however_many_wait_at_one_of_them() -> None:
    many = [f"a{number}" for number in range(500)]

    chosen = in_turn(waiting(*many, "b1", "b2", "c1"), free=8, most=6, begun={})

    assert chosen == [["a0"], ["b1"], ["c1"], ["a1"], ["b2"], ["a2"], ["a3"], ["a4"]]


def test_host_that_has_its_share_waits_and_leaves_room_for_others() -> None:
    assert in_turn(waiting("a1", "b1"), free=8, most=2, begun={"a": 2}) == [["b1"]]


def test_those_with_one_address_begin_together() -> None:
    both = [("a", "u", "first"), ("a", "v", "other"), ("a", "u", "second")]

    assert in_turn(both, free=1, most=1, begun={}) == [["first", "second"]]


@given(
    st.lists(st.tuples(HOSTS, st.integers(0, 5))),
    st.integers(0, 8),
    st.integers(1, 4),
    st.dictionaries(HOSTS, st.integers(0, 5)),
)
def test_never_more_than_there_is_room_for_and_nobody_waits_where_there_is_some(
    wanted: list[tuple[str, int]], free: int, most: int, begun: dict[str, int]
) -> None:
    rows = [(host, f"{host}{number}", position) for position, (host, number) in enumerate(wanted)]
    chosen = in_turn(rows, free=free, most=most, begun=begun)
    per_host = Counter(rows[group[0]][0] for group in chosen)
    left = {rows[position][0] for position in set(range(len(rows))) - {one for group in chosen for one in group}}

    assert len(chosen) <= free
    assert all(begun.get(host, 0) + count <= max(most, begun.get(host, 0)) for host, count in per_host.items())
    assert len(chosen) == free or all(begun.get(host, 0) + per_host[host] >= most for host in left)
