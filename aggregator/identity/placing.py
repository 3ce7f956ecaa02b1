"""Where a copy belongs among the entries that bear one of its keys. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.identity.belonging import is_address, is_guid_of
from aggregator.identity.comparing import adds_words, are_different_articles, is_one_text
from aggregator.identity.naming import is_meant, mint
from aggregator.model import Content, Copy, IdentityRules, Key
from aggregator.text.urls import host, same_site


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An entry that bears a key of the copy to be placed. id: the lower, the older. uid: as published.

    copies: of the entry, the one that speaks first.
    """

    id: int
    copies: tuple[Copy, ...]
    uid: str = ""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a copy belongs. entry: None makes a new one. retired: entries that turned out to be the same.

    by: the key that decided. comments_on: an entry that this one speaks about without being it.
    """

    entry: int | None = None
    by: Key | None = None
    retired: tuple[int, ...] = ()
    comments_on: tuple[int, ...] = ()


def place(
    copy: Copy,
    known: int | None,
    found: Mapping[Key, Candidate],
    rules: IdentityRules,
    *,
    home: Candidate | None = None,
) -> Placement:
    """Return the entry that a copy belongs to.

    known: the entry that has this very copy (same source, same local name), home: with its copies. found: key -> the
    entry that bears it. The strongest key places it. A copy that bears a parameter or URL of two entries makes them
    one: the older stays, but no stranger's copy takes its id along to the article of a site, nor makes two articles of
    a site one. A guid from elsewhere places what nothing stronger places, and never joins two entries.
    """
    found = {key: candidate for key, candidate in found.items() if not is_never(copy, candidate, rules)}
    joined: dict[int, Key | None] = {}
    bearers = [home] if home else []  # what it joined so far
    comments: list[int] = []
    for key in copy.keys:
        candidate = found.get(key)
        if candidate is None or key.kind not in ("parameter", "url") or candidate.id in joined:
            continue
        if not _is_of_its_site(copy, candidate) and any(_are_two(candidate, one, copy) for one in bearers):
            continue
        if key.kind == "parameter" or candidate.id == known or rules.urls == "any":
            joined[candidate.id] = key
        elif _is_comment(copy, candidate):
            comments.append(candidate.id)
            continue
        elif _may_share_url(copy, key, candidate) and not any(_are_two(candidate, one, copy) for one in bearers):
            joined[candidate.id] = key
        else:
            continue
        bearers.append(candidate)
    if known is not None:
        joined.setdefault(known, None)
    if not joined:
        for key in copy.keys:
            candidate = found.get(key)
            if candidate and key.kind in ("guid", "text") and _may_share_guid(copy, key, candidate):
                joined[candidate.id] = key
                break
    related = tuple(entry for entry in dict.fromkeys(comments) if entry not in joined)
    if not joined:
        return Placement(comments_on=related)
    stays = _staying(copy, bearers) if home and len(joined) > 1 else min(joined)
    return Placement(
        entry=stays,
        by=joined[stays] or next(filter(None, joined.values()), None),
        retired=tuple(sorted(entry for entry in joined if entry != stays)),
        comments_on=related,
    )


def is_never(copy: Copy, candidate: Candidate, rules: IdentityRules) -> bool:
    """Whether feeds.yaml says of the two that they are not one article (``identity.never``)."""
    for pair in rules.never:
        if len(pair) != 2:
            continue
        for mine, theirs in (pair, pair[::-1]):
            if bears(copy, mine) and not bears(copy, theirs) and candidate_bears(candidate, theirs):
                return True
    return False


def bears(copy: Copy, word: str) -> bool:
    """Whether an id, URL or key that a person wrote means this copy."""
    return word in (copy.guid, mint(copy.keys, copy.local)) or any(is_meant(word, key) for key in copy.keys)


def candidate_bears(candidate: Candidate, word: str) -> bool:
    """Whether an id, URL or key that a person wrote means this entry."""
    return word == candidate.uid or any(bears(copy, word) for copy in candidate.copies)


def _may_share_url(copy: Copy, key: Key, candidate: Candidate) -> bool:
    """A URL joins copies of one article: not another language, not another value of the operator's parameter."""
    if not speaks_same_language(copy, candidate) or differ_in_parameter(copy, candidate):
        return False
    if _is_another_of_its_site(copy, candidate):
        return False
    if is_address(key, copy) and any(is_address(key, other) for other in candidate.copies):
        return True
    # A URL that a text ends with, or that its page calls canonical, names its article only where the rest agrees:
    # people end a note with a link, too, and a page may call itself what it likes.
    return any(is_one_text(copy.content, other.content) for other in candidate.copies)


def _may_share_guid(copy: Copy, key: Key, candidate: Candidate) -> bool:
    """A guid from elsewhere is only a claim: the rest must agree, unless the guid names the very site of the copy."""
    if not speaks_same_language(copy, candidate) or _is_another_of_its_site(copy, candidate):
        return False
    if copy.own and is_guid_of(key, copy):
        return True
    return any(is_one_text(copy.content, other.content) for other in candidate.copies)


def _is_another_of_its_site(copy: Copy, candidate: Candidate) -> bool:
    """The copy's own site has the candidate's article beside it: a stranger gave one of them a name of the other's."""
    name = host(copy.url or "") or ""
    return copy.own and any(
        other.own and same_site(name, host(other.url or "") or "") and are_different_articles(copy, other)
        for other in candidate.copies
    )


def _are_two(one: Candidate, other: Candidate, moving: Copy) -> bool:
    """Whether two entries are different articles by the word of their own sites, whatever a third document claims."""
    mine, theirs = (
        [copy for copy in entry.copies if copy.own and not _is_same_copy(copy, moving)] for entry in (one, other)
    )
    return any(are_different_articles(here, there) for here in mine for there in theirs)


def _is_of_its_site(copy: Copy, candidate: Candidate) -> bool:
    """Whether a site speaks of its own article: the copy and one of the entry's come from there."""
    name = host(copy.url or "") or ""
    return copy.own and any(other.own and same_site(name, host(other.url or "") or "") for other in candidate.copies)


def _is_same_copy(one: Copy, other: Copy) -> bool:
    return (one.source, one.local) == (other.source, other.local)


def _staying(copy: Copy, joined: Sequence[Candidate]) -> int:
    """Return which of several entries keeps its id: the oldest.

    Where that is nothing but the copy that moved, from another site, it is the oldest that its own site has: or whoever
    is old enough could have the ids of others retired.
    """
    eldest = min(joined, key=lambda entry: entry.id)
    if not all(_is_same_copy(other, copy) for other in eldest.copies):
        return eldest.id
    name = host(copy.url or "") or ""
    of_sites = [
        entry.id
        for entry in joined
        for other in entry.copies
        if other.own
        and not _is_same_copy(other, copy)
        and not (copy.own and same_site(name, host(other.url or "") or ""))
    ]
    return min(of_sites, default=eldest.id)


def speaks_same_language(copy: Copy, candidate: Candidate) -> bool:
    """Different languages are different articles; an unknown one is none of its own."""
    mine = _primary_language(copy.content)
    theirs = {_primary_language(other.content) for other in candidate.copies} - {None}
    return mine is None or not theirs or mine in theirs


def _primary_language(content: Content) -> str | None:
    return content.language.split("-")[0].lower() if content.language else None


def differ_in_parameter(copy: Copy, candidate: Candidate) -> bool:
    """Whether the operator's parameter says that the two are different articles."""
    mine = _named_values(copy.keys)
    theirs = _named_values(key for other in candidate.copies for key in other.keys)
    return any(name in theirs and not (values & theirs[name]) for name, values in mine.items())


def _named_values(keys: Iterable[Key]) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    for key in keys:
        if key.kind == "parameter":
            name, _, value = key.value.partition("=")
            values.setdefault(name, set()).add(value)
    return values


def _is_comment(copy: Copy, candidate: Candidate) -> bool:
    """One of the two, from another site than the article's, has a text of its own (a linkblog's)."""
    other = next((other for other in candidate.copies if other.own), candidate.copies[0])
    if copy.own == other.own and copy.own:
        return False
    return (not copy.own and adds_words(copy.content, other.content)) or (
        copy.own and not other.own and adds_words(other.content, copy.content)
    )
