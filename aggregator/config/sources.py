"""The list of sources: from what is written to ``Source``, names made, defaults filled in."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from aggregator.config import values
from aggregator.config.complaints import Complaints
from aggregator.config.lines import Place
from aggregator.config.rules import MAPPED_KINDS, check_rules, is_html_mapping, needs
from aggregator.config.secrets import fill, names, used
from aggregator.config.sections import FilterShape, IdentityShape
from aggregator.config.settings import Republish
from aggregator.config.shape import ArticleShape, SourceShape, TopShape
from aggregator.membership import LIST
from aggregator.model import (
    ArticleRule,
    EntryCategories,
    Every,
    FieldRule,
    IdentityRules,
    Paging,
    Parameter,
    Source,
)
from aggregator.text.secrets import all_hidden

# What differs between any two sources cannot be a default.
OWN_KEYS = ("name", "aliases", "url", "path")
PUBLISHED_KEYS = ("title", "category", "language")  # as they are written

_STRICTNESS: Sequence[Republish] = ("full", "excerpt", "title")
_PAGE_SUFFIXES = (".html", ".htm", ".shtml")
_POST_SUFFIXES = (".md", ".markdown", ".html")
_LIST_SUFFIX = ".opml"
_SITEMAP = re.compile(r"(?:^|/)[^/]*sitemap[^/]*\.(?:xml|txt)(?:\.gz)?\Z", re.IGNORECASE)  # robots.txt binds it
_NAME_SALT = 6  # hex digits; enough to tell a few thousand addresses of one page apart

# What decides how an answer is read. Names, times and headers do not: a change of them leaves known entries known.
_SALTED = (
    *("kind", "url", "path", "items", "fields", "article", "remove", "next", "timezone", "language"),
    *("entry_categories", "include", "exclude", "identity", "method", "body"),
)


def read_sources(
    raw: Any,
    defaults: Any,
    top: TopShape,
    *,
    folder: str,
    complaints: Complaints,
    context: Mapping[str, Any],
    environ: Mapping[str, str],
    secrets: tuple[tuple[str, str], ...] = (),
) -> tuple[Source, ...]:
    """Return the sources that are right, in their order; what is wrong with the others goes to ``complaints``.

    raw, defaults: as written. context: the kinds and formats that exist. secrets: what all of them send.
    """
    if not isinstance(raw, list):  # an empty list is meant: what was read stays published
        wrong = (
            "must be a list of sources"
            if raw is not None
            else "no sources; write at least one, such as '- https://example.org/feed.xml'"
        )
        complaints.add(("sources",), wrong)
        return ()
    common = _defaults(defaults, complaints, context, environ)
    whole: list[tuple[int, dict[str, Any]]] = []
    for at, item in enumerate(raw):
        if isinstance(item, str):
            item = {"url": item}
        if isinstance(item, dict):
            whole.append((at, _written(common | item)))
        else:
            complaints.add(("sources", at), "must be a URL, or a mapping with a url or a path")
    named = _names(whole, complaints)
    rules = identity_rules(top.identity)
    found = []
    for at, item in whole:
        place = ("sources", at)
        shape, _ = _shape(item, place, complaints, context, environ)
        source = _source(shape, named[at], top, rules, folder)
        _check(source, item, place, complaints)
        for key in PUBLISHED_KEYS:
            if secret := names(str(item.get(key))):
                complaints.add((*place, key), f"is published, and ${{{secret[0]}}} is a secret: write it out")
        if "${" in str(item.get("url")):
            source = replace(source, written_url=str(item["url"]).strip())
        found.append(salted(replace(source, secrets=tuple(dict.fromkeys((*used(item, environ), *secrets))))))
    return tuple(found)


def identity_rules(shape: IdentityShape, general: IdentityRules | None = None) -> IdentityRules:
    """Return the rules as written, those of the general ones behind them."""
    general = general or IdentityRules()
    parameters = {one.name.lower(): Parameter(name=one.name, hosts=tuple(one.hosts)) for one in shape.parameters}
    patterns = {name: tuple(found) for name, found in shape.patterns.items()}
    for name, more in general.patterns:
        same = next((own for own in patterns if own.lower() == name.lower()), name)
        patterns[same] = tuple(dict.fromkeys((*patterns.get(same, ()), *more)))
    written = shape.model_fields_set
    return IdentityRules(
        parameters=(*parameters.values(), *(one for one in general.parameters if one.name.lower() not in parameters)),
        patterns=tuple(patterns.items()),
        near_duplicates=shape.near_duplicates if "near_duplicates" in written else general.near_duplicates,
        never=(*(tuple(pair) for pair in shape.never), *general.never),
        urls=shape.urls if "urls" in written else general.urls,
    )


def filters(shape: FilterShape | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return field -> patterns, only the fields that have any."""
    return tuple((field, tuple(patterns)) for field, patterns in shape or () if patterns)


def _defaults(
    raw: Any, complaints: Complaints, context: Mapping[str, Any], environ: Mapping[str, str]
) -> dict[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        complaints.add(("defaults",), "must be a mapping: keys of a source, each with a value")
        return {}
    for key in OWN_KEYS:
        if key in raw:
            complaints.add(("defaults", key), "cannot be a default; write it at each source")
    common = {key: value for key, value in raw.items() if key not in OWN_KEYS}
    _, unusable = _shape(_written(common), ("defaults",), complaints, context, environ)
    return {key: value for key, value in common.items() if all(place[:1] != (key,) for place in unusable)}


def _written(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if value is not None}


def _shape(
    item: dict[str, Any],
    place: Place,
    complaints: Complaints,
    context: Mapping[str, Any],
    environ: Mapping[str, str],
) -> tuple[SourceShape, list[Place]]:
    """Return the shape of a source without what cannot be used, and the places of that."""
    filled, unset = fill(item, environ)
    for step, name in unset:
        complaints.add((*place, *step), f"the environment has no variable {name}, which ${{{name}}} stands for")
    shape, wrong = complaints.read(SourceShape, filled, at=place, raw=item, context=context)
    return shape, [*wrong, *(step for step, _ in unset)]


def _names(whole: Sequence[tuple[int, Mapping[str, Any]]], complaints: Complaints) -> dict[int, str]:
    """Return position -> name; names and aliases that are written go first, so that none is made like them."""
    taken: dict[str, int] = {}
    names: dict[int, str] = {}
    for at, item in whole:
        name = item.get("name")
        if isinstance(name, str | int) and not isinstance(name, bool) and str(name).strip():
            names[at] = str(name).strip()
            _take(names[at], at, ("sources", at, "name"), taken, complaints)
    for at, item in whole:
        aliases = item.get("aliases")
        for alias in aliases if isinstance(aliases, list) else [aliases]:
            if isinstance(alias, str) and alias.strip() != names.get(at):
                _take(alias.strip(), at, ("sources", at, "aliases"), taken, complaints)
    for at, item in whole:
        if at not in names:
            names[at] = _made_name(item, taken)
            taken[names[at]] = at
    return names


def _take(name: str, at: int, place: Place, taken: dict[str, int], complaints: Complaints) -> None:
    if taken.setdefault(name, at) != at:
        first = complaints.lines.line(("sources", taken[name]))
        complaints.add(
            place, f"'{name}' already names the source in line {first}; a source is its name, so write another"
        )


def _made_name(item: Mapping[str, Any], taken: Mapping[str, int]) -> str:
    """Return host and path of a URL, or the folder of a path, made unique by a hash of the whole address.

    Counting would be nicer to read, but the first source that goes would pass its entries on to the next.
    Made from what is written: no secret comes into a name.
    """
    address = str(item.get("url") or item.get("path") or "source").strip()
    if "url" in item and not address.lower().startswith("file:"):
        bare = address.partition("://")[2] or address
        place = re.split(r"[?#]", bare, maxsplit=1)[0]
        host, slash, rest = place.partition("/")
        name = f"{host.rpartition('@')[2].lower()}{slash}{unquote(rest)}".rstrip("/")
    else:
        steps = [step for step in address.split("/") if step and not re.search(r"[*?\[]", step)]
        name = steps[-1] if steps else address
    unique, tries = name or address, 0
    while unique in taken:
        digest = hashlib.sha256(f"{address}{tries or ''}".encode()).hexdigest()
        unique, tries = f"{name}-{digest[:_NAME_SALT]}", tries + 1
    return unique


def _source(shape: SourceShape, name: str, top: TopShape, rules: IdentityRules, folder: str) -> Source:
    url, path = shape.url, shape.path
    if url is not None and url.startswith("file:"):
        url, path = None, unquote(urlsplit(url).path)
    path = values.local_path(path, folder) if path else None
    fields = _named(shape.fields)
    kind = shape.kind or _kind(shape.items, fields, url, path, (shape.path or path or "").endswith("/"))
    return Source(
        name=name,
        kind=kind,
        url=url,
        path=path,
        aliases=tuple(shape.aliases),
        title=shape.title,
        categories=("uncategorized",) if shape.category is None else tuple(dict.fromkeys(shape.category)),
        entry_categories=_entry_categories(shape),
        every=written_every(top.polling.every if shape.every is None else shape.every),
        priority=shape.priority,
        enabled=shape.enabled,
        headers=tuple(shape.headers.items()),
        method=shape.method or ("GET" if shape.body is None else "POST"),
        body=shape.body,
        timezone=shape.timezone or top.site.timezone,
        has_timezone=shape.timezone is not None,
        language=shape.language,
        items=shape.items,
        fields=fields,
        next=Paging(url=shape.next.url, pages=shape.next.pages, body=shape.next.body) if shape.next else None,
        article=_article(shape.article, kind) if shape.article else None,
        remove=tuple(shape.remove),
        include=filters(shape.include),
        exclude=filters(shape.exclude),
        backlog=shape.backlog,
        identity=identity_rules(shape.identity, rules) if shape.identity else rules,
        flood=shape.flood,
        updates=shape.updates,
        republish=max(shape.republish or "full", top.output.republish, key=_STRICTNESS.index),
        feed=shape.feed,
        private=shape.private,
        retention=lifetime(top.retention if shape.retention is None else shape.retention),
        allow_private=top.network.allow_private if shape.allow_private is None else shape.allow_private,
        max_bytes=shape.max_bytes or top.polling.max_bytes,
        robots=top.polling.robots if shape.robots is None else shape.robots,
    )


def _entry_categories(shape: SourceShape) -> EntryCategories | None:
    written = shape.entry_categories
    return EntryCategories(only=tuple(written.only), drop=tuple(written.drop)) if written else None


def lifetime(written: timedelta | Literal["forever"]) -> timedelta | None:
    """Return None for ``forever``."""
    return None if written == "forever" else written


def _named(fields: Mapping[str, FieldRule]) -> tuple[tuple[str, FieldRule], ...]:
    return tuple(("url" if name == "link" else name, rule) for name, rule in fields.items())


def written_every(written: Every | Literal["adaptive"]) -> Every | None:
    """Return None for ``adaptive``."""
    return None if written == "adaptive" else written


def _kind(
    items: str | None, fields: Sequence[tuple[str, FieldRule]], url: str | None, path: str | None, is_folder: bool
) -> str | None:
    """Return the kind that follows from what is written, or None: then the answer tells."""
    if items is not None and is_html_mapping(items, fields):
        return "html_list"
    if items is not None:
        return None
    if _SITEMAP.search(urlsplit(url).path if url else path or ""):
        return "sitemap"
    if path is None:
        return None
    if path.lower().endswith(_LIST_SUFFIX):
        return LIST
    posts = is_folder or re.search(r"[*?\[]", path) or path.lower().endswith(_POST_SUFFIXES) or Path(path).is_dir()
    return "jekyll_posts" if posts else None


def _article(shape: ArticleShape, kind: str | None) -> ArticleRule:
    as_ = shape.as_
    if as_ is None:
        # An API that says where its texts are has them in JSON, unless that is plainly a page.
        path = urlsplit(shape.url or "").path.lower()
        as_ = (
            "json"
            if kind == "json_api" and shape.url and not shape.auto and not path.endswith(_PAGE_SUFFIXES)
            else "html"
        )
    return ArticleRule(
        auto=shape.auto,
        url=shape.url,
        as_=as_,
        content=shape.content,
        remove=tuple(shape.remove),
        fields=_named(shape.fields),
        next=Paging(url=shape.next.url, pages=shape.next.pages) if shape.next else None,
    )


def _check(source: Source, item: Mapping[str, Any], place: Place, complaints: Complaints) -> None:
    for key, message in needs(item, source.kind):
        complaints.add((*place, key) if key else place, message)
    if source.kind in MAPPED_KINDS or source.article or source.remove:
        check_rules(source, item, place, complaints)


def salted(source: Source) -> Source:
    """Return the source with the digest of all that decides how its answer is read, whatever its secrets are now."""
    decisive = repr(all_hidden([getattr(source, name) for name in _SALTED], source.secrets))
    return replace(source, salt=hashlib.sha256(decisive.encode("utf-8", "surrogatepass")).hexdigest()[:32])
