"""The feeds that lists of feeds name, as sources: what feeds.yaml says of a list holds for each of them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from aggregator.config.settings import Config
from aggregator.config.sources import salted
from aggregator.membership import LIST
from aggregator.model import Member, Source
from aggregator.text.secrets import filled
from aggregator.text.urls import origin, without_credentials

_NAME_SALT = 6  # hex digits


def with_members(config: Config, members: Mapping[str, Sequence[Member]]) -> Config:
    """Return the configuration with the feeds of its lists behind each list, in place of those that it has of them.

    members: what is remembered of each list, by the name that it has in the store, which may be an alias.
    """
    written = [source for source in config.sources if source.listed_in is None]
    if not members and len(written) == len(config.sources):
        return config
    own = {source.url for source in written if source.url}
    taken = {name for source in written for name in (source.name, *source.aliases)}
    sources: list[Source] = []
    for source in written:
        sources.append(source)
        sources.extend(members_of(source, remembered(source, members), own=own, taken=taken))
    return replace(config, sources=tuple(sources))


def remembered(source: Source, members: Mapping[str, Sequence[Member]]) -> Sequence[Member]:
    """Return what is remembered of a source's list, under its name or one that it had."""
    if source.kind not in (None, LIST):
        return ()
    return next((members[name] for name in (source.name, *source.aliases) if name in members), ())


def members_of(
    source: Source,
    members: Sequence[Member],
    *,
    own: frozenset[str] | set[str] = frozenset(),
    taken: frozenset[str] | set[str] = frozenset(),
) -> Iterator[Source]:
    """Yield the sources that are the feeds of a list and have not left it.

    own: addresses that feeds.yaml has itself, which are trusted. taken: names that it gives.
    """
    common = salted(
        replace(
            source,
            kind=None,
            url=None,
            path=None,
            aliases=(),
            title=None,
            headers=(),
            method="GET",
            body=None,
            items=None,
            fields=(),
            next=None,
            written_url=None,
            listed_in=source.name,
        )
    )
    list_origin = origin(source.url or "")
    for member in members:
        if member.left_at is not None:
            continue
        is_near = list_origin is not None and origin(member.url) == list_origin
        name = f"{source.name}/{member.name}"
        url = filled(member.url, source.secrets) if is_near else member.url  # the list repeats what it was asked with
        while name in taken:
            name = f"{name}-{_digest(member.url)[:_NAME_SALT]}"
        bears_own = source.entry_categories is not None  # then folders are looked at together with what entries bear
        yield replace(
            common,
            name=name,
            url=_with_credentials(url, source.url or "") if is_near else url,
            written_url=None if url == member.url else member.url,
            aliases=_aliases(source, member),
            title=member.title,
            categories=source.categories if bears_own else member.folders or source.categories,
            folders=member.folders if bears_own else (),
            headers=source.headers if is_near else (),
            is_trusted=is_near or url in own,
            salt=_digest(f"{common.salt} {member.url} {member.folders if bears_own else ''}"),
        )


def _aliases(source: Source, member: Member) -> tuple[str, ...]:
    """Return what else the feed is called: as under the list's former names, and by its address behind the list's."""
    return (*(f"{alias}/{member.name}" for alias in source.aliases), f"{source.name}/{without_credentials(member.url)}")


def _with_credentials(url: str, list_url: str) -> str:
    """Return the address with the credentials that are written in the list's, unless it has some itself."""
    user, _, _ = urlsplit(list_url).netloc.rpartition("@")
    if not user or without_credentials(url) != url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc}"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
