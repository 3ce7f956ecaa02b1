"""Which copies are one entry: the keys of a copy, where it is placed, which copy speaks. Pure.

DESIGN, part I, section 4 is the law; this module is its wording in code. The store asks it from inside the
transaction that saves a poll, because two polls at once both see "new".
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import urlsplit

from aggregator.model import Content, Copy, IdentityRules, Key, Parameter, RawEntry, Source
from aggregator.text.links import closing_url
from aggregator.text.patterns import Searching
from aggregator.text.urls import canonical, host, parameters, same_site
from aggregator.text.visible import visible
from aggregator.text.wording import folded

OWN_WORDS = 200  # characters that an article's text does not have make a comment on it an entry of its own
SHINGLE = 8  # characters; short enough for Chinese, long enough that chance does not match
IRI = re.compile(
    r"""(?ix) ^(?: https?://[^\s<>"{}|\\^`/?\#]+[^\s<>"{}|\\^`]*
              | tag:[^\s<>"{}|\\^`,:]+,\d{4}(?:-\d\d){0,2}:[^\s<>"{}|\\^`]*
              | urn:[a-z0-9][a-z0-9-]{0,31}:[^\s<>"{}|\\^`]+ )$"""
)


# --- keys ----------------------------------------------------------------------------------------


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


def are_different_articles(one: Copy, other: Copy) -> bool:
    """Whether two copies under one guid cannot be an edit of each other: address, title and text all differ."""
    if one.url and other.url and canonical(one.url) == canonical(other.url):
        return False
    if {key for key in one.keys if key.kind == "parameter"} & {key for key in other.keys if key.kind == "parameter"}:
        return False
    if (one.url is None) != (other.url is None) or _words_of(one.content.title) == _words_of(other.content.title):
        return False
    mine, theirs = _words(one.content), _words(other.content)
    if not mine or not theirs:
        return one.url is not None or one.content.published != other.content.published
    shorter, longer = sorted((mine, theirs), key=len)
    return _missing(shorter, longer) > len(shorter) // 2


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


# --- placing -------------------------------------------------------------------------------------


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
    one: the older stays, but no stranger's copy takes its id along to the article of a site. Entries that differ in one
    parameter stay two, whoever bears both. A guid from elsewhere places what nothing stronger places, and never joins
    two entries.
    """
    found = {key: candidate for key, candidate in found.items() if not is_never(copy, candidate, rules)}
    joined: dict[int, Key | None] = {}
    bearers = [home] if home else []  # what it joined so far
    comments: list[int] = []
    for key in copy.keys:
        candidate = found.get(key)
        if candidate is None or key.kind not in ("parameter", "url") or candidate.id in joined:
            continue
        if key.kind == "parameter" and any(_have_other_parameters(candidate, one, copy) for one in bearers):
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
    return any(_is_one_text(copy.content, other.content) for other in candidate.copies)


def _may_share_guid(copy: Copy, key: Key, candidate: Candidate) -> bool:
    """A guid from elsewhere is only a claim: the rest must agree, unless the guid names the very site of the copy."""
    if not speaks_same_language(copy, candidate) or _is_another_of_its_site(copy, candidate):
        return False
    if copy.own and _is_guid_of(key, copy):
        return True
    return any(_is_one_text(copy.content, other.content) for other in candidate.copies)


def _is_one_text(one: Content, other: Content) -> bool:
    """Whether two texts agree; where one of the two has none, the titles. A title is easily taken from another."""
    if _words(one) and _words(other):
        return share_text(one, other)
    return _words_of(one.title) == _words_of(other.title)


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


def _have_other_parameters(one: Candidate, other: Candidate, moving: Copy) -> bool:
    """Whether two entries are different articles by the operator's parameter, whatever a third document bears."""
    mine, theirs = (
        [_named_values(copy.keys) for copy in entry.copies if not _is_same_copy(copy, moving)] for entry in (one, other)
    )
    return any(
        name in there and values.isdisjoint(there[name])
        for here in mine
        for there in theirs
        for name, values in here.items()
    )


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


def is_address(key: Key, copy: Copy) -> bool:
    """Whether the key is the copy's own URL, not just one that its text ends with."""
    return key.kind == "url" and copy.url is not None and canonical(copy.url) == key.value


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
    return (not copy.own and _adds_words(copy.content, other.content)) or (
        copy.own and not other.own and _adds_words(other.content, copy.content)
    )


def _adds_words(comment: Content, article: Content) -> bool:
    """The comment has OWN_WORDS characters or more that the article's text does not have, and is not its full text."""
    mine, theirs = _words(comment), _words(article)
    if len(mine) < OWN_WORDS:
        return False
    if not theirs:
        return _words_of(comment.title) != _words_of(article.title)
    return _missing(mine, theirs) >= OWN_WORDS and _missing(theirs, mine) > len(theirs) // 2


def share_text(one: Content, other: Content) -> bool:
    """Whether the shorter of two texts stands mostly in the longer one; no text is shared with nothing."""
    mine, theirs = sorted((_words(one), _words(other)), key=len)
    return bool(mine) and _missing(mine, theirs) <= len(mine) // 4


def _words(content: Content) -> str:
    return _words_of(visible(content.html) or content.summary)


def _words_of(text: str | None) -> str:
    return "".join(character for character in folded(text).lower() if character.isalnum())


def _missing(text: str, other: str) -> int:
    """Return how many characters of the text stand in no run of SHINGLE characters that the other has too."""
    theirs = {other[at : at + SHINGLE] for at in range(max(len(other) - SHINGLE + 1, 1))}
    covered = bytearray(len(text))
    for at in range(max(len(text) - SHINGLE + 1, 1)):
        if text[at : at + SHINGLE] in theirs:
            covered[at : at + SHINGLE] = b"\x01" * len(text[at : at + SHINGLE])
    return covered.count(0)


# --- speaking ------------------------------------------------------------------------------------


def speaking_order(copies: Sequence[Copy]) -> tuple[Copy, ...]:
    """Return the copies, the one that speaks first: highest priority, then the article's own site, then the first.

    copies: in the order in which they were first seen.
    """
    return tuple(sorted(copies, key=lambda copy: (-copy.priority, not _is_of_own_site(copy, copies))))


def _is_of_own_site(copy: Copy, copies: Sequence[Copy]) -> bool:
    """It was fetched from its site, and that is the site of the article, not just of who claims the article's guid.

    Its address must be one that another copy has too or bear the article's parameter, or its guid one that only this
    site gives out.
    """
    if not copy.own or len(copies) == 1:
        return copy.own
    shared = {
        key
        for other in copies
        for key in other.keys
        if other is not copy and (key.kind != "url" or is_address(key, other))
    }
    return any(
        _is_in_address(key, copy) or is_address(key, copy) or _is_guid_of(key, copy)
        for key in copy.keys
        if key in shared
    )


def _is_in_address(key: Key, copy: Copy) -> bool:
    """Whether the value of a parameter stands in the copy's own URL, not just in one that its text ends with."""
    return key.kind == "parameter" and key.value.partition("=")[2].lower() in (copy.url or "").lower()


def is_of_site(key: Key, copy: Copy) -> bool:
    """Whether the copy's own site may give out this URL or guid: nobody else's word is needed."""
    return copy.own and (is_address(key, copy) or _is_guid_of(key, copy))


def _is_guid_of(key: Key, copy: Copy) -> bool:
    """Whether the guid, an http(s) or tag: IRI, names the host of the copy's URL."""
    if key.kind != "guid" or not copy.url:
        return False
    authority = key.value[4:].partition(",")[0] if key.value.lower().startswith("tag:") else host(key.value) or ""
    return same_site(authority, host(copy.url) or "")


def spoken(copies: Sequence[Copy]) -> Content:
    """Return what the entry says: the speaking copy's content, with what it lacks taken from those that may give it.

    copies: the speaking one first. Only copies with the same parameter or from the article's own site may give:
    so no source can put its text under another's id, whatever it claims.
    """
    speaker, *others = copies
    content = speaker.content
    values = {key.value for key in speaker.keys if key.kind == "parameter"}
    for copy in others:
        has_parameter = values & {key.value for key in copy.keys if key.kind == "parameter"}
        if _is_of_own_site(copy, copies) or (has_parameter and not _has_another_text(copy.content, speaker.content)):
            content = _filled(content, copy.content)
    return content


def _has_another_text(one: Content, other: Content) -> bool:
    return bool(_words(one) and _words(other)) and not share_text(one, other)


_LENT = (
    *("title", "url", "published", "authors", "enclosures", "image", "language", "rights", "comments"),
    *("contributors", "pictures", "places", "episode"),
)


def _filled(content: Content, other: Content) -> Content:
    lacking: dict[str, object] = {
        name: getattr(other, name) for name in _LENT if not getattr(content, name) and getattr(other, name)
    }
    if not content.html and other.html:
        lacking["html"] = other.html
        lacking["summary"] = content.summary or other.summary
    return replace(content, **lacking) if lacking else content  # type: ignore[arg-type]


def is_own(fetched_from: str | None, url: str | None) -> bool:
    """A copy is of the article's own site when it was fetched from the host of its URL, or a parent or child of it."""
    if not fetched_from or not url or not urlsplit(fetched_from).hostname:
        return False
    return same_site(host(fetched_from) or "", host(url) or "")
