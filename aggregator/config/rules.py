"""Selectors, JMESPaths and templates of a source: are they what they should be, before anything is fetched."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from aggregator.config.complaints import Complaints, unknown_key, value_at
from aggregator.config.lines import Place
from aggregator.config.shape import ARTICLE_KEYS
from aggregator.config.values import UnfitError
from aggregator.model import ArticleRule, FieldRule, Source
from aggregator.text.json_paths import quoted

# What entries are made of. Other names may be mapped as well: their values can name an article.
ENTRY_FIELDS = (
    *("id", "url", "title", "summary", "content", "published", "updated", "author", "category", "image"),
    *("language", "enclosure", "comments", "rights"),
)

MAPPED_KINDS = ("html_list", "json_api")  # those that are told where everything stands

_ATTRIBUTE = re.compile(r"@[\w:.-]+$")
_NAME = re.compile(r"\{[^{}]+\}")
_KEY = re.compile(r"[\w .:/@-]+")


def check_rules(source: Source, raw: Mapping[str, Any], place: Place, complaints: Complaints) -> None:
    """Note every selector, path and template of a source that cannot be understood. raw: the source as written."""
    article = source.article or ArticleRule()
    html, json = "selector", "path"
    language = {"html_list": html, "json_api": json}.get(source.kind or "")
    checks: list[tuple[Place, str | None, FieldRule]] = [
        (("items",), language, (source.items or "",)),
        *((("fields", name), language, rule) for name, rule in source.fields),
        (("next", "url"), language, ((source.next.url or "") if source.next else "",)),
        (("remove",), html, source.remove),
        (("article", "remove"), html, article.remove),
        (("article", "next", "url"), html, ((article.next.url or "") if article.next else "",)),
        (("article", "content"), html if article.as_ == "html" else json, article.content),
        *((("article", name), html if article.as_ == "html" else json, rule) for name, rule in article.fields),
    ]
    for step, words, rule in checks:
        for text in rule:
            if isinstance(text, str) and text and words and (wrong := _wrong(text, words)):
                complaints.add_unfit((*place, *step), wrong, value_at(raw, step))
    for name, _ in article.fields:
        if name not in ENTRY_FIELDS and difflib.get_close_matches(name, ARTICLE_KEYS, n=1, cutoff=0.8):
            complaints.add((*place, "article", name), unknown_key(name, ARTICLE_KEYS))
    if article.next and not article.next.url:
        complaints.add((*place, "article", "next"), "needs a url: a selector, or a template that may hold {page}")
    elif article.next and (article.as_ == "json" or not (article.content or article.auto)):
        complaints.add(
            (*place, "article", "next"), "needs a content: selectors of the text, by which several pages are joined"
        )
    if article.auto and article.as_ == "json":
        complaints.add(
            (*place, "article", "as"), "auto finds texts in pages; write content: PATH instead of auto: true"
        )
    if article.url and not _NAME.search(article.url) and "{" in article.url:
        wrong = UnfitError(article.url, "has a { without its }")
        complaints.add_unfit((*place, "article", "url"), wrong, value_at(raw, ("article", "url")))


def needs(raw: Mapping[str, Any], kind: str | None) -> Iterator[tuple[str, str]]:
    """Yield each key that a source lacks, or has too much, and what to say of it."""
    if "url" in raw and "path" in raw:
        yield "path", "a source has either a url or a path, not both"
    elif "url" not in raw and "path" not in raw:
        yield "", "has neither a url nor a path"
    yield from _needs_of_paging(raw, kind)
    if kind in MAPPED_KINDS:
        what = "a selector" if kind == "html_list" else "a JMESPath"
        if "items" not in raw:
            yield "", f"a source of kind {kind} needs items: {what} that finds one element per entry"
        if "fields" not in raw:
            yield "", f"a source of kind {kind} needs fields, such as {{title: …, url: …}}"


def _needs_of_paging(raw: Mapping[str, Any], kind: str | None) -> Iterator[tuple[str, str]]:
    following = raw.get("next")
    if not isinstance(following, Mapping) or following.get("url"):
        return
    is_feed = kind in (None, "feed") and not {"items", "fields"} & raw.keys()
    if is_feed and not following.get("body"):
        return  # which names its next page itself
    counts = following.get("body") or "{page}" in str(raw.get("body"))
    if kind == "html_list" or not counts:
        yield "next", "needs a url, which says where the following page is; or, in a json_api, a body with {page} in it"


def is_html_mapping(items: str, fields: Sequence[tuple[str, FieldRule]]) -> bool:
    """Tell whether these are selectors for certain: no JMESPath is written like them."""
    texts = [items, *(text for _, rule in fields for text in rule if isinstance(text, str) and "{" not in text)]
    return any(_wrong(text, "path") for text in texts if not _KEY.fullmatch(text)) or any(
        _ATTRIBUTE.search(text) and not text.startswith("@") for text in texts
    )


@cache
def _wrong(text: str, words: str) -> UnfitError | None:
    return _wrong_selector(text) if words == "selector" else _wrong_path(text)


def _wrong_selector(text: str) -> UnfitError | None:
    import soupsieve

    selector = _ATTRIBUTE.sub("", text).strip()
    if not selector or _NAME.search(text):  # the element itself, or a template
        return None
    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
        return UnfitError(text, "is not a selector", ": " + str(error).splitlines()[0].split(". ")[0].rstrip(":"))
    return None


def _wrong_path(text: str) -> UnfitError | None:
    import jmespath
    from jmespath.exceptions import JMESPathError

    if _NAME.search(text) and ("://" in text or text.startswith("/")):
        return None
    path = quoted(text)
    try:
        jmespath.compile(path)
    except JMESPathError as error:
        if _KEY.fullmatch(text) and ".." not in text and text.strip(".") == text:
            return None  # a key that JMESPath cannot say, such as 来源
        at = getattr(error, "lex_position", None)
        hint = "; it ends too early" if at is None or at >= len(path) else f"; it goes wrong at '{path[at:]}'"
        return UnfitError(text, "is neither a key nor a JMESPath", hint)
    return None
