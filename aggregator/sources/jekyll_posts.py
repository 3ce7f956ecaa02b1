"""Posts of a Jekyll site: a folder, a glob, or one file. Pure.

.. code-block:: yaml

    sources:
      - name: archive
        kind: jekyll_posts
        path: ../site/_posts
        entry_categories: true
        timezone: Asia/Shanghai
        fields:
          category: tags
          site: {const: "https://news.example.org"}
        remove: ["a:-soup-contains('返回')"]

What is read of the front matter: title, date, last_modified_at, categories and category, tags and tag, author, lang,
excerpt or description, image, permalink, guid or id, link or external_url. ``published: false`` leaves a post out.

``path`` (or ``url`` of one post)
    A folder is read with all below it. Where it holds a folder ``_posts``, only what is in one counts, as in Jekyll;
    names that begin with ``_`` or ``.`` (``_drafts``) are left out. A ``_config.yml`` in it tells the site's url.
``fields``
    A key of the front matter, a JMESPath or a template over it, ``{const: text}``, or a list of these, instead of
    what is read by itself. ``site``: where the site is published, for addresses. Default: nothing.
``remove``
    Selectors of what is cut from the text. Default: nothing.
``timezone``
    For dates without an offset.

A post's URL is its ``link`` or ``external_url``, else the URL that its text ends with, else the site's url and the
permalink. Its date is the front matter's, else that in the file's name; Jekyll leaves out a file without a date in its
name, we do not. Text is CommonMark with tables; Liquid tags are taken out, not run.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from aggregator.errors import ReadError
from aggregator.model import Const, Document, File, Person, RawEntry, RawText, Reading, Request, Source, SourceInfo
from aggregator.sources.parts import paths
from aggregator.sources.parts.article import without
from aggregator.sources.parts.asking import first_request
from aggregator.sources.parts.front_matter import (
    FrontMatterError,
    Post,
    name_parts,
    permalink,
    read_yaml,
    split_post,
    text_of,
    words_of,
)
from aggregator.sources.parts.mapping import find_fields, held_date, looks_like_markup, raw_entry
from aggregator.sources.parts.markdown import to_html
from aggregator.text.dates import read_date
from aggregator.text.decoding import decode
from aggregator.text.links import closing_url
from aggregator.text.urls import absolute

_MARKDOWN = (".md", ".markdown", ".mkdown", ".mkdn", ".mkd")
_HTML = (".html", ".htm")


@dataclass(frozen=True, kw_only=True)
class _Site:
    """What is known of the site. url: without a slash at its end."""

    url: str | None = None
    title: str | None = None
    language: str | None = None
    author: str | None = None
    permalink: str = "date"


def request(source: Source) -> Request:
    return first_request(source, is_page=False)


def read(document: Document, source: Source, *, now: datetime) -> Reading:
    """Return an entry per post, in the order of their paths. A post that cannot be read becomes a warning.

    Raises ReadError when there are no posts, or none that can be read.
    """
    files = document.files or (File(path=_name(document.url), body=document.body),)
    warnings: list[str] = []
    site = _site(files, source, warnings)
    posts = _posts(files) if document.files else files
    if not posts:
        raise ReadError(
            f"no posts in it: none of {len(files)} files is a .md or .html file outside names that begin with _ or .; "
            "check the path",
            url=document.url,
        )
    entries: list[RawEntry] = []
    broken: list[str] = []
    for file in posts:
        try:
            entry = _entry(file, site, source, document, now, warnings)
        except FrontMatterError as error:
            broken.append(
                f"{file.path}:{error.line}: the front matter is not YAML ({error}); put quotes around the value and \\ "
                "before quotes in it; left out"
            )
        else:
            entries += [entry] if entry is not None else []
    if broken and not entries:
        raise ReadError("; ".join(broken[:5]), url=document.url)
    if not document.files and not entries and warnings:
        raise ReadError(warnings[0], url=document.url)
    info = SourceInfo(
        title=site.title,
        url=f"{site.url}/" if site.url else None,
        language=site.language,
        authors=(Person(name=site.author),) if site.author else (),
    )
    return Reading(info=info, entries=tuple(entries), warnings=(*broken, *warnings))


def _name(url: str) -> str:
    name = re.split(r"[/\\]", re.split(r"[?#]", url)[0] if "://" in url else url)[-1]
    return unquote(name) if "://" in url else name


def _site(files: tuple[File, ...], source: Source, warnings: list[str]) -> _Site:
    config: Mapping[str, Any] = {}
    for file in files:
        if file.path in {"_config.yml", "_config.yaml"}:
            try:
                config = read_yaml(decode(file.body).replace("\r\n", "\n"))
            except FrontMatterError as error:
                warnings.append(f"{file.path}:{error.line}: not YAML ({error}); the site's url is not known from it")
    base = (text_of(config.get("baseurl")) or "").strip("/")
    url = (text_of(config.get("url")) or "").rstrip("/")
    given = next(
        (rule.text for name, rules in source.fields if name == "site" for rule in rules if isinstance(rule, Const)), ""
    )
    known = given or (f"{url}/{base}" if url and base else url)
    author = config.get("author")
    return _Site(
        url=(absolute(known) or "").rstrip("/") or None,
        title=text_of(config.get("title")),
        language=text_of(config.get("lang")) or text_of(config.get("language")),
        author=text_of(author.get("name")) if isinstance(author, dict) else text_of(author),
        permalink=text_of(config.get("permalink")) or "date",
    )


def _posts(files: tuple[File, ...]) -> tuple[File, ...]:
    """The files that are posts, by the names of their folders and their endings."""
    has_posts_folder = any("_posts" in file.path.split("/")[:-1] for file in files)
    found: list[File] = []
    for file in files:
        steps = file.path.split("/")
        hidden = [step for step in steps if step.startswith(("_", ".")) and step != "_posts"]
        in_place = "_posts" in steps[:-1] or not has_posts_folder
        if not hidden and in_place and file.path.lower().endswith(_MARKDOWN + _HTML):
            found.append(file)
    return tuple(found)


def _entry(
    file: File, site: _Site, source: Source, document: Document, now: datetime, warnings: list[str]
) -> RawEntry | None:
    post = split_post(decode(file.body))
    if post is None:
        warnings.append(f"{file.path}: no front matter between lines of ---, so it is no post; left out")
        return None
    head = post.head
    if (text_of(head.get("published")) or "").lower() == "false":
        return None

    def date_in(text: str | None) -> str | None:
        return held_date(text, timezone=source.timezone, now=now) if text else None

    named, slug = name_parts(file.path)
    written = text_of(head.get("date"))
    published = date_in(written)
    if written and published is None:
        instead = f"that of the file's name, {named}," if named else "no date"
        warnings.append(f"{file.path}: date {written!r} is no date; {instead} is taken")
    published = published or date_in(named)

    html = post.body.strip() if file.path.lower().endswith(_HTML) else to_html(post.body)
    categories = tuple(dict.fromkeys((*_folders(file.path), *words_of(head, "categories", "category"))))
    page = _page_url(post, slug, categories, published, site, source, now)
    base = page or (f"{site.url}/" if site.url else None)
    content = RawText(value=html, type="html", base=base) if html else None
    if content and source.remove:
        content = without(content, source.remove, url=document.url)
    url = text_of(head.get("link")) or text_of(head.get("external_url")) or closing_url(html) or page
    entry = RawEntry(
        id=text_of(head.get("guid")) or text_of(head.get("id")),
        url=url,
        base=base,
        title=_text(head, "title"),
        summary=_text(head, "excerpt") or _text(head, "description") or _text(head, "summary"),
        content=content if content and content.value else None,
        published=published,
        updated=next(
            (date for key in ("last_modified_at", "updated") if (date := date_in(text_of(head.get(key))))), None
        ),
        authors=_authors(head),
        categories=categories,
        tags=words_of(head, "tags", "tag"),
        image=next(iter(paths.as_texts(_image(head.get("image")))), None),
        language=text_of(head.get("lang")) or text_of(head.get("language")),
        file=file.path.rsplit("/", 1)[-1],
    )
    entry = _mapped(entry, head, source, document, now)
    if not (entry.url or entry.title or entry.summary or entry.content):
        warnings.append(f"{file.path}: neither title, text nor url in it; left out")
        return None
    return entry


def _folders(path: str) -> tuple[str, ...]:
    """The folders above ``_posts`` are categories (``news/_posts/…``), as in Jekyll."""
    steps = path.split("/")[:-1]
    return tuple(steps[: steps.index("_posts")]) if "_posts" in steps else ()


def _page_url(
    post: Post,
    slug: str,
    categories: tuple[str, ...],
    published: str | None,
    site: _Site,
    source: Source,
    now: datetime,
) -> str | None:
    """Where the site shows the post, or None when it is not known."""
    if site.url is None:
        return None
    when = read_date(published, timezone=source.timezone, now=now) if published else None
    path = permalink(
        text_of(post.head.get("permalink")) or site.permalink,
        slug=text_of(post.head.get("slug")) or slug,
        categories=categories,
        when=when,
        timezone=source.timezone,
    )
    return absolute(f"{site.url}{path}") if path else None


def _text(head: Mapping[str, Any], key: str) -> RawText | None:
    value = text_of(head.get(key))
    return RawText(value=value, type="html" if looks_like_markup(key, value) else "text") if value else None


def _authors(head: Mapping[str, Any]) -> tuple[Person, ...]:
    names: list[str] = []
    for key in ("author", "authors"):
        names += [name for name in paths.as_texts(head.get(key)) if text_of(name)]
    return tuple(Person(name=name) for name in dict.fromkeys(names))


def _image(value: Any) -> Any:
    return value.get("path") or value.get("url") if isinstance(value, dict) else value


def _mapped(entry: RawEntry, head: Mapping[str, Any], source: Source, document: Document, now: datetime) -> RawEntry:
    """The entry with what feeds.yaml maps from the front matter instead."""
    rules = [one for one in source.fields if one[0] != "site"]
    if not rules:
        return entry

    def read_one(_: str, rule: str) -> tuple[str, ...]:
        return tuple(text for text in paths.read_path(head, rule) if text_of(text))

    def date_in(text: str) -> str | None:
        return held_date(text, timezone=source.timezone, now=now)

    found = find_fields(rules, read_one, url=document.url, date_in=date_in)
    told = raw_entry(found, base=entry.base, is_markup=looks_like_markup, last_name=paths.last_name)
    own = {"base", "fields"}
    changed: dict[str, Any] = {
        name: value for name in told.__dataclass_fields__ if name not in own and (value := getattr(told, name))
    }
    return replace(entry, fields=told.fields, **changed)
