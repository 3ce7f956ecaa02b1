"""The head of a Jekyll post, and where the site publishes it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aggregator.model import File, Source
from aggregator.sources.parts.jekyll.front_matter import is_no, name_parts, split_post, text_of, words_of
from aggregator.sources.parts.jekyll.permalinks import permalink
from aggregator.sources.parts.jekyll.site import Site
from aggregator.sources.parts.mapping import held_date
from aggregator.text.dates import read_date
from aggregator.text.decoding import decode

MARKDOWN = (".md", ".markdown", ".mkdown", ".mkdn", ".mkd")
HTML = (".html", ".htm")
AS_WRITTEN = (".textile",)  # a notation of its own, which we do not read
FURTHEST_ZONE = timedelta(hours=14)  # the islands where a day begins first


@dataclass(frozen=True, kw_only=True)
class SitePost:
    """A post whose front matter was read. path: of its file. head: the site's defaults in it.

    published: as written. page: the path that the site publishes it under, or None where that needs a date.
    """

    path: str
    slug: str
    body: str
    head: Mapping[str, Any]
    published: str | None
    categories: tuple[str, ...]
    page: str | None


def read_post(file: File, top: str, site: Site, source: Source, now: datetime, warnings: list[str]) -> SitePost | None:
    """Return the post, or None where the file is none or is not published; why, is added to the warnings.

    top: what stands before the path in the site. Raises FrontMatterError.
    """
    post = split_post(decode(file.body))
    named, slug = name_parts(file.path)
    if not post.has_head and named is None:
        warnings.append(f"{file.path}: no front matter between lines of ---, so it is no post; left out")
        return None
    path = f"{top}{file.path}".removeprefix(site.root)
    head = _with_defaults(post.head, site.defaults(path))
    if is_no(head.get("published")):
        return None
    written = text_of(head.get("date"))
    published = date_in(written, site, source, now)
    if written and published is None:
        instead = f"that of the file's name, {named}," if named else "no date"
        warnings.append(f"{file.path}: date {written!r} is no date; {instead} is taken")
    published = published or date_in(named, site, source, now)
    categories = tuple(dict.fromkeys((*_folders(path), *words_of(head, "categories", "category"))))
    page = permalink(
        text_of(head.get("permalink")) or site.permalink,
        name=slug,
        slug=text_of(head.get("slug")),
        categories=categories,
        when=read_date(published, timezone=site.timezone, now=now) if published else None,
        timezone=site.timezone,
    )
    return SitePost(
        path=file.path, slug=slug, body=post.body, head=head, published=published, categories=categories, page=page
    )


def _with_defaults(head: Mapping[str, Any], defaults: dict[str, Any]) -> Mapping[str, Any]:
    """The front matter over the site's defaults; tags of its own replace theirs, whatever the key is called."""
    if not defaults:
        return head
    if {"tags", "tag"} & head.keys():
        defaults = {key: value for key, value in defaults.items() if key not in {"tags", "tag"}}
    return {**defaults, **head}


def date_in(text: str | None, site: Site, source: Source, now: datetime) -> str | None:
    """Return a date so that it will be read in the site's zone later on, as written where that is possible."""
    if not text:
        return None
    held = held_date(text, timezone=site.timezone, now=now)
    if held is None or site.timezone == source.timezone:
        return held
    when = read_date(held, timezone=site.timezone, now=now)
    return when.isoformat() if when else None


def is_ahead(post: SitePost, site: Site, now: datetime) -> bool:
    """Return whether the post waits for its date. In a zone only assumed, a day begins with the first."""
    when = read_date(post.published, timezone=site.timezone, now=now) if post.published else None
    if when is None or when <= now:
        return False
    elsewhere = read_date(post.published or "", timezone="Pacific/Kiritimati", now=now)
    is_assumed = not site.knows_timezone and when != elsewhere
    return when > now + (FURTHEST_ZONE if is_assumed else timedelta(0))


def _folders(path: str) -> tuple[str, ...]:
    """The folders above ``_posts`` are categories (``news/_posts/…``), as in Jekyll."""
    steps = path.split("/")[:-1]
    return tuple(steps[: steps.index("_posts")]) if "_posts" in steps else ()


class Addresses:
    """Where the posts of the site are published, for ``{% post_url %}`` and ``{% link %}``."""

    def __init__(self, site: Site, posts: Sequence[SitePost]) -> None:
        self.base = site.value("baseurl") or ""
        self.pages = {_stem(post.path): post.page for post in posts if post.page}

    def __call__(self, tag: str, name: str) -> str | None:
        if "{" in name or not name:
            return None
        page = self.pages.get(_stem(name))
        if page is None and tag == "link" and "_posts/" not in name:
            page = "/" + name.lstrip("/")  # a file that is published as it is
        return f"{self.base}{page}" if page else None


def _stem(path: str) -> str:
    name = path.strip("\"' ").rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[0] if name.lower().endswith(MARKDOWN + HTML + AS_WRITTEN) else name
