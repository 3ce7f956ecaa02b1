"""Whose turn it is: of those that wait so many at once, hosts in turn, of one host no more than its share. Pure."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import TypeVar

Waiting = TypeVar("Waiting")

ROOM = 4  # polls of a host beyond its requests under way: they are read and saved while the next ones are asked


def share(per_host: int) -> int:
    """Return how many polls of one host may be begun at once; more would only wait in its queue, in others' place."""
    return per_host + ROOM


def in_turn(
    waiting: Iterable[tuple[str, str, Waiting]], *, free: int, most: int, begun: Mapping[str, int]
) -> list[list[Waiting]]:
    """Return who begins now, in groups that share one address; one of each host, then a second of each, and so on.

    waiting: host, address and who waits, in the order of their claims. free: groups in all. most: of one host, with
    those that are begun: host -> how many.
    """
    groups: dict[tuple[str, str], list[Waiting]] = {}
    for host, address, one in waiting:
        groups.setdefault((host, address), []).append(one)
    queues: dict[str, deque[list[Waiting]]] = {}
    for (host, _), group in groups.items():
        queues.setdefault(host, deque()).append(group)
    taken = Counter(begun)
    chosen: list[list[Waiting]] = []
    while queues and len(chosen) < free:
        for host in list(queues):
            if len(chosen) >= free:
                break
            if taken[host] >= most or not queues[host]:
                del queues[host]
                continue
            chosen.append(queues[host].popleft())
            taken[host] += 1
    return chosen
