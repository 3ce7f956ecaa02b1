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
excerpt or description, image, permalink, slug, guid or id, link or external_url. ``published: false`` leaves a post
out, and so does a date in the future until it has come, unless the site says ``future: true``.

``path`` (or ``url`` of one post)
    A folder is read with all below it. Where it holds a folder ``_posts``, only what is in one counts, as in Jekyll;
    names that begin with ``_`` or ``.`` (``_site_posts``) are left out, and what belongs to programs (``_site``,
    ``node_modules``, ``vendor``). A ``_config.yml`` in it, above it, or beside the posts, tells the site's url,
    baseurl, title, lang, author, timezone, permalink, defaults, future, excerpt_separator, source and collections_dir.
``fields``
    A key of the front matter, a JMESPath or a template over it, ``{const: text}``, or a list of these, instead of
    what is read by itself. ``site``: where the site is published, for addresses. Default: nothing.
``remove``
    Selectors of what is cut from the text. Default: nothing.
``timezone``
    For dates without an offset. Default: the site's, from its ``_config.yml``.

A post's URL is its ``link`` or ``external_url``, else the URL that its text ends with, else the site's url and the
permalink. Its date is the front matter's, else that in the file's name; its title the front matter's, else the file's
name in words. Its summary is the excerpt: the front matter's, else the text up to the first empty line or the
``excerpt_separator``. Jekyll leaves out a file without a date in its name, we do not.

Markdown is read as kramdown does, on a CommonMark parser. HTML is kept. Of Liquid, what can be known without building
the site is filled in (``site.url``, ``page.title``, ``post_url``, ``link``, ``raw``, ``highlight``); other tags are
taken out, their names post in a warning. ``render_with_liquid: false`` leaves it alone. Textile is shown as written.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from aggregator.errors import ReadError
from aggregator.model import Document, File, Person, RawEntry, RawText, Reading, Request, Source, SourceInfo
from aggregator.sources.parts import paths
from aggregator.sources.parts.asking import first_request
from aggregator.sources.parts.jekyll import liquid
from aggregator.sources.parts.jekyll.excerpts import excerpt_of
from aggregator.sources.parts.jekyll.front_matter import FrontMatterError, is_no, text_of, words_of
from aggregator.sources.parts.jekyll.markdown import LONGEST, as_paragraphs, to_html
from aggregator.sources.parts.jekyll.permalinks import titled
from aggregator.sources.parts.jekyll.post import (
    AS_WRITTEN,
    HTML,
    MARKDOWN,
    Addresses,
    SitePost,
    date_in,
    is_ahead,
    read_post,
)
from aggregator.sources.parts.jekyll.site import Site, site_of
from aggregator.sources.parts.mapping import RuleError, find_fields, held_date, looks_like_markup, raw_entry
from aggregator.sources.parts.page.article import without
from aggregator.text.links import closing_url
from aggregator.text.urls import absolute

_FOR_PROGRAMS = frozenset({"node_modules", "vendor"})
_NAMED = 5  # posts that one warning names


def request(source: Source) -> Request:
    return first_request(source, is_page=False)


def read(document: Document, source: Source, *, now: datetime) -> Reading:
    """Return an entry per post, in the order of their paths. A post that cannot be read becomes a warning.

    Raises ReadError when there are no posts, or none that can be read. While a post waits for its date, the reading is
    not whole: the folder will be read again though nothing changes in it.
    """
    files = document.files or (File(path=_name(document.url), body=document.body),)
    warnings: list[str] = []
    site = site_of(files, source, warnings)
    posts = _posts(files) if document.files else files
    if not posts:
        raise ReadError(
            f"no posts in it: none of {len(files)} files is a .md or .html file outside names that begin with _ or .; "
            "check the path",
            url=document.url,
        )
    top = "_posts/" if _is_posts_folder(document) else ""
    site_posts: list[SitePost] = []
    broken: list[str] = []
    waiting: list[str] = []
    for file in posts:
        try:
            post = read_post(file, top, site, source, now, warnings)
        except FrontMatterError as error:
            broken.append(
                f"{file.path}:{error.line}: the front matter is not YAML ({error}); put quotes around the value and \\ "
                "before quotes in it; left out"
            )
            continue
        if post is not None and not site.shows_future and is_ahead(post, site, now):
            waiting.append(file.path)
        elif post is not None:
            site_posts.append(post)
    if waiting:
        warnings.append(
            f"{_listed(waiting)}: dated in the future, left out until then as Jekyll does; `future: true` in "
            "_config.yml shows such posts"
        )
    addresses = Addresses(site, site_posts)
    unrun: dict[str, list[str]] = {}
    entries = [
        entry
        for post in site_posts
        if (entry := _entry(post, site, addresses, unrun, source, document, now, warnings)) is not None
    ]
    warnings += [f"Liquid {tag} is not run and is left out: {_listed(where)}" for tag, where in unrun.items()]
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
    return Reading(info=info, entries=tuple(entries), warnings=(*broken, *warnings), is_whole=not waiting)


def _name(url: str) -> str:
    name = re.split(r"[/\\]", re.split(r"[?#]", url)[0] if "://" in url else url)[-1]
    return unquote(name) if "://" in url else name


def _is_posts_folder(document: Document) -> bool:
    """Whether the folder that was read is itself the site's ``_posts``."""
    has_one = any("_posts" in file.path.split("/")[:-1] for file in document.files)
    return bool(document.files) and not has_one and _name(document.url.rstrip("/")) == "_posts"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _posts(files: tuple[File, ...]) -> tuple[File, ...]:
    """The files that are posts, by the names of their folders and their endings."""
    has_posts_folder = any("_posts" in file.path.split("/")[:-1] for file in files)
    found: list[File] = []
    for file in files:
        steps = file.path.split("/")
        hidden = [step for step in steps if step.startswith(("_", ".")) and step != "_posts"]
        in_place = "_posts" in steps[:-1] or (not has_posts_folder and _FOR_PROGRAMS.isdisjoint(steps[:-1]))
        if not hidden and in_place and file.path.lower().endswith(MARKDOWN + HTML + AS_WRITTEN):
            found.append(file)
    return tuple(found)


# --- text ------------------------------------------------------------------------------------------


def _entry(
    post: SitePost,
    site: Site,
    addresses: Addresses,
    unrun: dict[str, list[str]],
    source: Source,
    document: Document,
    now: datetime,
    warnings: list[str],
) -> RawEntry | None:
    head = post.head
    page = absolute(f"{site.url}{post.page}") if site.url and post.page else None
    base = page or (f"{site.url}/" if site.url else None)
    title = _text(head, "title") or (None if head.get("title") is not None else _titled(post))

    def value_of(path: str) -> str | None:
        scope, _, rest = path.partition(".")
        if scope == "site":
            return site.value(rest)
        if path in {"page.url", "page.title"}:
            return post.page if path == "page.url" else (title.value if title else None)
        return paths.first_text(head, rest) if scope == "page" and rest else None

    def shown(text: str) -> str:
        if not is_no(head.get("render_with_liquid")):
            text, left_out = liquid.run(text, value_of=value_of, address_of=addresses)
            for tag in left_out:
                if post.path not in unrun.setdefault(tag, []):
                    unrun[tag].append(post.path)
        return _as_html(text, post.path, site)

    html = shown(post.body)
    if post.path.lower().endswith(AS_WRITTEN):
        warnings.append(f"{post.path}: Textile is not read; its text is shown as it is written")
    elif len(post.body) > LONGEST:
        warnings.append(f"{post.path}: {len(post.body)} characters are too many to format; shown as written")
    content = RawText(value=html, type="html", base=base) if html else None
    if content and source.remove:
        try:
            content = without(content, source.remove, url=document.url)
        except ReadError as error:
            if isinstance(error.__cause__, RuleError):  # the operator's mistake, in all posts alike
                raise
            warnings.append(f"{post.path}: nothing of `remove` is taken out of its text: {error}")
    excerpt = _excerpt(post, site, base, shown)
    url = text_of(head.get("link")) or text_of(head.get("external_url")) or closing_url(html) or page
    entry = RawEntry(
        id=text_of(head.get("guid")) or text_of(head.get("id")),
        url=url,
        base=base,
        title=title,
        summary=excerpt,
        content=content if content and content.value else None,
        published=post.published,
        updated=next(
            (
                date
                for key in ("last_modified_at", "updated")
                if (date := date_in(text_of(head.get(key)), site, source, now))
            ),
            None,
        ),
        authors=_authors(head),
        categories=post.categories,
        tags=words_of(head, "tags", "tag"),
        image=next(iter(paths.as_texts(_image(head.get("image")))), None),
        language=text_of(head.get("lang")) or text_of(head.get("language")),
        file=post.path.rsplit("/", 1)[-1],
    )
    entry = _mapped(entry, head, source, document, now)
    if not (entry.url or entry.title or entry.summary or entry.content):
        warnings.append(f"{post.path}: neither title, text nor url in it; left out")
        return None
    return entry


def _as_html(text: str, path: str, site: Site) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if path.lower().endswith(HTML):
        return text.strip()
    if path.lower().endswith(AS_WRITTEN):
        return as_paragraphs(text)
    return to_html(text, is_typographic=site.is_typographic)


def _titled(post: SitePost) -> RawText | None:
    """The title of a post that says none: its file's name in words, as in Jekyll. A lone number says nothing."""
    words = titled(post.slug)
    return RawText(value=words) if words and re.search(r"[^\W\d_]", words) else None


def _excerpt(post: SitePost, site: Site, base: str | None, shown: Callable[[str], str]) -> RawText | None:
    for key in ("excerpt", "description", "summary"):
        if (told := _text(post.head, key)) is not None:
            return told
    if len(post.body) > LONGEST:
        return None
    own = post.head.get("excerpt_separator")
    end = own if isinstance(own, str) and own else site.excerpt_end
    html = shown(excerpt_of(post.body, end))
    return RawText(value=html, type="html", base=base) if html else None


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
