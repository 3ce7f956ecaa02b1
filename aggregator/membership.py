"""Which feeds belong to a list of feeds: who came, who left, under which name. Pure.

A feed is known again by its address, so that a list may be sorted and its lines given other titles. A line that keeps
its title and has another address is the same source, as it is in feeds.yaml. Names are given once and never to another.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from aggregator.model import ListedFeed, Member
from aggregator.text.urls import canonical

LIST = "opml"  # the kind whose documents name feeds

MANY = 10  # as many feeds, if they are most of a list, do not leave it at once without somebody having meant it
MOST_LEFT = 10_000  # of those that left so many are remembered, so that a list of nonsense fills no store
DOUBTED = "not believed yet: "

_NAME_SALT = 6  # hex digits; enough to tell a few thousand feeds of one title apart


@dataclass(frozen=True, kw_only=True)
class Step:
    """What an answer of a list comes to. members: in its order, those that left behind; None: as they were.

    came, left: their names.
    """

    members: tuple[Member, ...] | None
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def step(known: Sequence[Member], feeds: Sequence[ListedFeed], *, at: datetime, is_whole: bool = True) -> Step:
    """Return who belongs to a list that names these feeds now.

    A list without any feed, or suddenly without most of ten or more, is not believed at once: its feeds stay until the
    next answer says the same. One that is cut off (not is_whole) gives nobody up.
    """
    places, lacking = _matched(known, feeds)
    taken = {member.name for member in known}
    members: list[Member] = []
    came: list[str] = []
    for number, feed in enumerate(feeds):
        before = places.get(number)
        if before is None:
            before = Member(name=_name(feed, taken), url=feed.url, came_at=at, left_at=at)
            taken.add(before.name)
        if before.left_at is not None:
            came.append(before.name)
        members.append(
            replace(
                before,
                url=feed.url,
                title=feed.title,
                folders=feed.folders,
                came_at=before.came_at if before.left_at is None else at,
                is_missing=False,
                left_at=None,
            )
        )
    polled = sum(member.left_at is None for member in known)
    is_doubted = not feeds or (len(lacking) >= MANY and 2 * len(lacking) > polled)
    stay: list[Member] = []
    leave: list[Member] = []
    for member in lacking:
        (stay if not is_whole or (is_doubted and not member.is_missing) else leave).append(member)
    members += [replace(member, is_missing=is_whole) for member in stay]
    members += [replace(member, is_missing=False, left_at=at) for member in leave]
    return Step(
        members=_if_other(known, (*members, *_still_gone(known, members))),
        came=tuple(came),
        left=tuple(member.name for member in leave),
        warnings=_doubts(len(stay), polled, feeds) if is_whole else (),
    )


def unchanged(known: Sequence[Member], *, at: datetime) -> Step:
    """Return who belongs to a list that says the same again: what was not believed yet is believed now."""
    leave = [member for member in known if member.is_missing]
    members = [replace(member, is_missing=False, left_at=at) if member.is_missing else member for member in known]
    return Step(members=_if_other(known, members), left=tuple(member.name for member in leave))


def ended(known: Sequence[Member], *, at: datetime) -> Step:
    """Return who belongs to what is no list any more: nobody."""
    left = tuple(member.name for member in known if member.left_at is None)
    members = [replace(member, is_missing=False, left_at=member.left_at or at) for member in known]
    return Step(members=_if_other(known, members), left=left)


def _if_other(known: Sequence[Member], members: Sequence[Member]) -> tuple[Member, ...] | None:
    return None if tuple(known) == tuple(members) else tuple(members)


def _matched(known: Sequence[Member], feeds: Sequence[ListedFeed]) -> tuple[Mapping[int, Member], list[Member]]:
    """Return position in the list -> the member that stands there, and the members that the list lacks now."""
    by_address: dict[str, Member] = {}
    for member in sorted(known, key=lambda member: member.left_at is None):  # one that is polled goes before
        by_address[canonical(member.url) or member.url] = member
    found = {
        number: by_address[address]
        for number, feed in enumerate(feeds)
        if (address := canonical(feed.url) or feed.url) in by_address
    }
    here = {member.name for member in found.values()}
    lacking = [member for member in known if member.left_at is None and member.name not in here]
    titles = Counter(feed.title for feed in feeds)
    once = Counter(member.title for member in known if member.left_at is None)
    by_title = {member.title: member for member in lacking if member.title and once[member.title] == 1}
    moved = {
        number: by_title[feed.title]
        for number, feed in enumerate(feeds)
        if number not in found and titles[feed.title] == 1 and feed.title in by_title
    }
    here = {member.name for member in moved.values()}
    return found | moved, [member for member in lacking if member.name not in here]


def _name(feed: ListedFeed, taken: set[str]) -> str:
    """Return the title or the address, made unique by a hash of the address: counting would depend on the order."""
    name = feed.title or _host_and_path(feed.url)
    unique, tries = name, 0
    while unique in taken:
        digest = hashlib.sha256(f"{feed.url}{tries or ''}".encode("utf-8", "replace")).hexdigest()
        unique, tries = f"{name}-{digest[:_NAME_SALT]}", tries + 1
    return unique


def _host_and_path(url: str) -> str:
    """Return what a feed is called whose list gives it no title: no password and no key comes into a name."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2].lower()}{unquote(parts.path)}".rstrip("/")


def _still_gone(known: Sequence[Member], members: Sequence[Member]) -> Sequence[Member]:
    names = {member.name for member in members}
    gone = [member for member in known if member.left_at is not None and member.name not in names]
    return sorted(gone, key=lambda member: member.left_at or member.came_at, reverse=True)[:MOST_LEFT]


def _doubts(staying: int, polled: int, feeds: Sequence[ListedFeed]) -> tuple[str, ...]:
    if staying and feeds:
        return (f"{DOUBTED}the list lacks {staying} of its {polled} feeds; they stay until it says so again",)
    if staying:
        return (f"{DOUBTED}the list names no feed; the {staying} that it named stay until it says so again",)
    return () if feeds else ("the list names no feed",)
