"""The names of an article: its keys, the id minted from them, how its source knows it again. Pure."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from aggregator.model import Content, Copy, IdentityRules, Key, Parameter, RawEntry, Source
from aggregator.text.links import closing_url
from aggregator.text.patterns import Searching
from aggregator.text.urls import canonical, host, parameters
from aggregator.text.visible import visible

IRI = re.compile(
    r"""(?ix) ^(?: https?://[^\s<>"{}|\\^`/?\#]+[^\s<>"{}|\\^`]*
              | tag:[^\s<>"{}|\\^`,:]+,\d{4}(?:-\d\d){0,2}:[^\s<>"{}|\\^`]*
              | urn:[a-z0-9][a-z0-9-]{0,31}:[^\s<>"{}|\\^`]+ )$"""
)


@dataclass(frozen=True, kw_only=True)
class Shared:
    """Names that entries of one document share though they differ: they name none of them.

    no_guid: the source's guids are not believed at all.
    """

    urls: frozenset[str] = frozenset()
    guids: frozenset[str] = frozenset()
    no_guid: bool = False


def shared_names(entries: Iterable[RawEntry]) -> Shared:
    """Return the URLs and guids that several entries of one document share and which differ in title or text."""
    urls: dict[str, set[object]] = {}
    guids: dict[str, set[object]] = {}
    for raw in entries:
        says = (raw.title, raw.content or raw.summary)
        if raw.url:
            urls.setdefault(_url_name(raw.url), set()).add(says)
        if raw.id:
            guids.setdefault(raw.id, set()).add(says)
    return Shared(
        urls=frozenset(url for url, texts in urls.items() if len(texts) > 1),
        guids=frozenset(guid for guid, texts in guids.items() if len(texts) > 1),
    )


def nameless(raw: RawEntry, known: Iterable[Key]) -> Shared:
    """Return which names of an entry name nothing, told by the keys that it was given when its document was read."""
    kinds = {key.kind for key in known}
    return Shared(
        urls=frozenset({_url_name(raw.url)} if raw.url and "url" not in kinds else ()),
        guids=frozenset({raw.id} if raw.id and "guid" not in kinds else ()),
    )


def keys(
    raw: RawEntry,
    content: Content,
    source: Source,
    *,
    shared: Shared = Shared(),
    searching: Searching | None = None,
) -> tuple[Key, ...]:
    """Return the names of an article as this source has it, strongest first, each once.

    shared: what names nothing in the document that the entry stands in. Parameters and patterns are the
    operator's word and count always. searching: of the poll, so that a pattern without end is tried once in it.
    """
    rules, searching = source.identity, searching or Searching()
    closing = closing_url(content.html) if content.html else None
    twins = [link.url for link in content.links if link.rel == "canonical"]  # what a page that was fetched anyway says
    urls = list(dict.fromkeys(url for url in (content.url, closing, *twins) if url))
    found: list[Key] = [Key(kind="parameter", value=value) for value in _parameter_values(raw, urls, rules, searching)]
    for url in urls:
        name = canonical(url)
        if name and not (raw.url and _url_name(raw.url) in shared.urls and url == content.url):
            found.append(Key(kind="url", value=name))
    if raw.id and not shared.no_guid and raw.id not in shared.guids:
        found.append(Key(kind="guid", value=raw.id, scope="" if is_iri(raw.id) else source.name))
    nothing = {word for never in rules.never if len(never) == 1 for word in never}
    return tuple(key for key in dict.fromkeys(found) if not any(is_meant(word, key) for word in nothing))


def is_meant(word: str, key: Key) -> bool:
    """Whether a person who wrote this word, a URL, a guid or ``infoCode=…``, means this key."""
    if key.kind == "url":
        return word.lower().startswith(("http://", "https://")) and canonical(word) == key.value
    if key.kind == "parameter":
        name, _, value = word.partition("=")
        return f"{name.strip().lower()}={value.strip()}" == key.value
    return word == key.value


def without_guid(copy: Copy) -> Copy:
    """Return the copy as it would be known if it had no guid."""
    keys = tuple(key for key in copy.keys if key.kind != "guid")
    date = copy.content.published.isoformat() if copy.content.published else ""
    words = copy.content.title or visible(copy.content.html) or copy.content.summary or ""
    local = f"{keys[0].kind}:{keys[0].value}" if keys else f"title:{_digest(words)}:{date}"
    return replace(copy, keys=keys, local=local)


def local_name(raw: RawEntry, content: Content, keys: Sequence[Key], *, date_moves: bool = False) -> str:
    """Return how the source itself knows the entry again: guid, else file, parameter or URL, else title and date.

    date_moves: the date is told against the time of reading (``3分钟前``), so it says another one at the next poll;
    title and text have to do.
    """
    guids = [key.value for key in keys if key.kind == "guid"]
    if guids:
        return f"guid:{guids[0]}"
    if raw.file:
        return f"file:{raw.file}"
    if keys:
        return f"{keys[0].kind}:{keys[0].value}"
    text = visible(content.html or content.summary)
    if date_moves:
        return f"title:{_digest(f'{content.title} {text}' if content.title else text)}:"
    date = content.published.isoformat() if content.published else ""
    return f"title:{_digest(content.title or text)}:{date}"


def is_iri(text: str) -> bool:
    """A name that means the same thing everywhere: an absolute http(s), tag: or urn: IRI (RFC 3987, 4151, 8141)."""
    return bool(IRI.match(text))


def mint(names: Sequence[Key], local: str) -> str:
    """Return an id for ever, from the strongest key: a ``urn:uuid:`` of version 5 (RFC 9562).

    The same article minted on another machine gets the same id, whatever site, source or slug it stands under.
    """
    name = f"{names[0].kind}:{names[0].value}" if names else local
    return uuid.uuid5(uuid.NAMESPACE_URL, f"aggregator:{name}").urn


def _parameter_values(raw: RawEntry, urls: Sequence[str], rules: IdentityRules, searching: Searching) -> Iterable[str]:
    patterns = {name.lower(): given for name, given in rules.patterns}
    values: list[str] = []
    for parameter in rules.parameters:
        name = parameter.name.lower()
        borne = _borne(raw, urls, parameter)
        values.extend(f"{name}={_first_group(patterns.get(name, ()), value, searching) or value}" for value in borne)
    texts = [*filter(None, (canonical(url) for url in urls)), *_loose_texts(raw, urls)]
    for name, expressions in patterns.items():
        for text in texts:
            found = _first_group(expressions, text, searching)
            if found:
                values.append(f"{name}={found}")
    return dict.fromkeys(values)


def _borne(raw: RawEntry, urls: Sequence[str], parameter: Parameter) -> Iterable[str]:
    """Yield the values that the parameter has in the URLs and in mapped fields."""
    name = parameter.name.lower()
    for url in urls:
        if _is_host_of(url, parameter):
            yield from (value for key, value in parameters(url) if key.lower() == name and value)
    if not parameter.hosts or any(_is_host_of(url, parameter) for url in urls):
        yield from (value for key, value in raw.fields if key.lower() == name and value)


def _is_host_of(url: str, parameter: Parameter) -> bool:
    return not parameter.hosts or any(
        host(url) == allowed.lower() or (host(url) or "").endswith("." + allowed.lower()) for allowed in parameter.hosts
    )


def _loose_texts(raw: RawEntry, urls: Sequence[str]) -> Iterable[str]:
    """Yield where else a pattern may find its name: parameter values, mapped ids, guid and file name."""
    for url in urls:
        yield from (value for _, value in parameters(url) if value)
    yield from (value for name, value in raw.fields if name.lower() == "id" or name.lower().endswith(("code", "id")))
    if raw.id:
        yield raw.id
    if raw.file:
        yield raw.file


def _first_group(patterns: Iterable[str], text: str, searching: Searching) -> str | None:
    return next(filter(None, (searching.first_group(pattern, text) for pattern in patterns)), None)


def _url_name(url: str) -> str:
    return canonical(url) or url


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
