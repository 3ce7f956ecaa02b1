"""What ``_config.yml`` says of the posts of a Jekyll site. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.model import Const, File, Source
from aggregator.sources.parts import paths
from aggregator.sources.parts.jekyll.front_matter import FrontMatterError, is_no, read_yaml, text_of
from aggregator.sources.parts.jekyll.permalinks import STYLES
from aggregator.text.decoding import decode
from aggregator.text.urls import absolute

CONFIG_NAMES = frozenset({"_config.yml", "_config.yaml"})


@dataclass(frozen=True, kw_only=True)
class Site:
    """What is known of the site. url: without a slash at its end, ``baseurl`` in it.

    root: what stands before its posts in the paths of files. permalink: a pattern. timezone: for dates without an
    offset, and for those in addresses; knows_timezone: somebody wrote it for this site. shows_future: posts are
    published before their date. excerpt_end: what parts a post's first words from the rest. is_typographic: Markdown
    makes quotes curly. config: all of it, every value a text as written.
    """

    url: str | None = None
    title: str | None = None
    language: str | None = None
    author: str | None = None
    root: str = ""
    permalink: str = STYLES["date"]
    timezone: str = "UTC"
    knows_timezone: bool = True
    shows_future: bool = False
    excerpt_end: str = "\n\n"
    is_typographic: bool = True
    config: Mapping[str, Any] = field(default_factory=dict)

    def defaults(self, path: str) -> dict[str, Any]:
        """Return what ``defaults`` gives a post as front matter, where the longest path counts most."""
        written = self.config.get("defaults")
        found: list[tuple[int, Mapping[str, Any]]] = []
        for one in written if isinstance(written, list) else ():
            scope, given = (one.get("scope"), one.get("values")) if isinstance(one, dict) else (None, None)
            scope = scope if isinstance(scope, dict) else {}
            start = (text_of(scope.get("path")) or "").strip("/")
            is_ours = text_of(scope.get("type")) in {None, "posts", "post"}
            if isinstance(given, dict) and is_ours and _is_within(path, start):
                found.append((len(start), given))
        merged: dict[str, Any] = {}
        for _, given in sorted(found, key=lambda pair: pair[0]):
            merged |= given
        return merged

    def value(self, path: str) -> str | None:
        """Return what ``site.PATH`` stands for in a text, or None: address and base are known as one where given."""
        if path in {"url", "baseurl"}:
            base = _base(self.config)
            whole = self.url or ""
            start = whole.removesuffix(f"/{base}") if base else whole
            return start if path == "url" else whole[len(start) :]
        return paths.first_text(self.config, path)


def site_of(files: Sequence[File], source: Source, warnings: list[str]) -> Site:
    """Return what is known of the site that these files are of. What cannot be used is added to the warnings."""
    config: Mapping[str, Any] = {}
    root = ""
    for file in files:
        if file.path.rsplit("/", 1)[-1] in CONFIG_NAMES:
            root = file.path.rpartition("/")[0]
            try:
                config = read_yaml(decode(file.body).replace("\r\n", "\n"))
            except FrontMatterError as error:
                warnings.append(f"{file.path}:{error.line}: not YAML ({error}); the site's url is not known from it")
    base, url = _base(config), (text_of(config.get("url")) or "").rstrip("/")
    given = next(
        (rule.text for name, rules in source.fields if name == "site" for rule in rules if isinstance(rule, Const)), ""
    )
    known = given or (f"{url}/{base}" if url and base else url)
    author = config.get("author")
    steps = (root, text_of(config.get("source")), text_of(config.get("collections_dir")))
    kramdown = config.get("kramdown")
    zone = None if source.has_timezone else _timezone(config, source, warnings)
    return Site(
        url=(absolute(known) or "").rstrip("/") or None,
        title=text_of(config.get("title")) or text_of(config.get("name")),
        language=text_of(config.get("lang")) or text_of(config.get("language")) or text_of(config.get("locale")),
        author=text_of(author.get("name")) if isinstance(author, dict) else text_of(author),
        root="".join(f"{step.strip('./')}/" for step in steps if step and step.strip("./")),
        permalink=_permalink(config),
        timezone=zone or source.timezone,
        knows_timezone=source.has_timezone or zone is not None,
        shows_future=bool(text_of(config.get("future"))) and not is_no(config.get("future")),
        excerpt_end=_separator(config.get("excerpt_separator")) or "\n\n",
        is_typographic=(text_of(config.get("markdown")) or "kramdown").lower() == "kramdown"
        and not (isinstance(kramdown, dict) and text_of(kramdown.get("smart_quotes")) == "apos,apos,quot,quot"),
        config=config,
    )


def _separator(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _base(config: Mapping[str, Any]) -> str:
    return (text_of(config.get("baseurl")) or "").strip("/")


def _permalink(config: Mapping[str, Any]) -> str:
    collections = config.get("collections")
    posts = collections.get("posts") if isinstance(collections, dict) else None
    own = text_of(posts.get("permalink")) if isinstance(posts, dict) else None
    written = own or text_of(config.get("permalink")) or "date"
    return STYLES.get(written, written)


def _timezone(config: Mapping[str, Any], source: Source, warnings: list[str]) -> str | None:
    written = text_of(config.get("timezone"))
    if written is None:
        return None
    try:
        ZoneInfo(written)
    except (KeyError, ValueError, OSError):
        warnings.append(f"_config.yml: timezone {written[:40]!r} is not known; {source.timezone} is taken instead")
        return None
    return written


def _is_within(path: str, start: str) -> bool:
    """Whether a file is in a scope: a folder, a file, or either with stars."""
    if not start or path == start or path.startswith(f"{start}/"):
        return True
    steps = path.split("/")
    return "*" in start and any(
        fnmatchcase("/".join(steps[:count]), re.sub(r"\*\*/", "*", start)) for count in range(1, len(steps) + 1)
    )
