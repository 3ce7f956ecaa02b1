"""The shape of feeds.yaml: a source, and the whole file. The editors' schema is made from it."""

import json
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from aggregator.config.sections import (
    CategoryShape,
    FilterShape,
    IdentityShape,
    NetworkShape,
    OutputShape,
    PollingShape,
    ServerShape,
    Shape,
    SiteShape,
    WebSubShape,
)
from aggregator.config.written import (
    Count,
    HeaderName,
    HeaderValue,
    Interval,
    Kind,
    Language,
    Lifetime,
    Republish,
    Rule,
    Size,
    SourceAddress,
    Text,
    Texts,
    Timezone,
    as_written,
)


def _only_these(value: Any) -> Any:
    if value is False:
        return None
    return {} if value is True else value


class EntryCategoriesShape(Shape):
    only: Texts = Field(default_factory=list)
    """Only these; none: all"""
    drop: Texts = Field(default_factory=list)
    """Not these"""


def _following(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


def _sent(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


# What is sent: a text as it is, anything else as JSON
Sent = Annotated[str | None, BeforeValidator(_sent, json_schema_input_type=str | dict[str, Any] | list[Any] | None)]


class PagingShape(Shape):
    url: Text | None = None
    """Where the next page is: a selector, a path or a template; default: what a feed says, else the source's url"""
    body: Sent = None
    """What is sent for the next page: a template, such as {"page": {page}}; default: the source's body"""
    pages: Count = 10
    """At most so many pages in all"""


ARTICLE_KEYS = ("auto", "url", "as", "content", "remove", "next")


def _article(value: Any) -> Any:
    if value is False:
        return None
    if value is True or value == "auto":
        return {"auto": True}
    if isinstance(value, dict):
        own = {key: value[key] for key in value if key in ARTICLE_KEYS}
        return own | {"fields": {key: value[key] for key in value if key not in own}}
    return value


def _open_to_fields(schema: dict[str, Any]) -> None:
    schema["additionalProperties"] = schema["properties"].pop("fields")["additionalProperties"]


class ArticleShape(Shape):
    """auto, or where in the page of an article its parts stand; any other key is a further field of the entry."""

    model_config = ConfigDict(json_schema_extra=_open_to_fields)

    auto: bool = False
    """Find title, date and text by itself"""
    url: Text | None = None
    """A template for the page's address; default: the entry's own url"""
    as_: Annotated[Literal["html", "json"] | None, Field(alias="as")] = None
    """What the answer is"""
    content: Rule = ()
    """Where the text stands"""
    remove: Texts = Field(default_factory=list)
    """Selectors of what does not belong to the text"""
    next: Annotated[PagingShape, BeforeValidator(_following, json_schema_input_type=str | PagingShape)] | None = None
    """The further pages of one article"""
    fields: dict[str, Rule] = Field(default_factory=dict)
    """published, author, title, …"""


class SourceShape(Shape):
    name: Text | None = None
    """The handle it is known by; default: host and path of the url"""
    aliases: Texts = Field(default_factory=list)
    """Names it had before"""
    url: SourceAddress | None = None
    """Where it is polled"""
    path: Text | None = None
    """A folder, a glob or a file on this machine"""
    kind: Kind | None = None
    """How it is read; default: found out"""
    title: Text | None = None
    """What readers see; default: what the source calls itself"""
    category: Texts | None = None
    """One or a list; [] for none"""
    entry_categories: Annotated[
        EntryCategoriesShape | None,
        BeforeValidator(_only_these, json_schema_input_type=bool | EntryCategoriesShape | None),
    ] = None
    """true: the categories that entries carry; or {only: […], drop: […]}"""
    every: Interval | None = None
    """adaptive, a time span, or a cron expression"""
    priority: int = 0
    """Which copy of an article speaks for it: the highest"""
    enabled: bool = True
    """false: not polled"""
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict)
    """Sent with each request"""
    method: Literal["GET", "POST"] | None = None
    """GET, or POST where there is a body"""
    body: Sent = None
    """Sent with each request"""
    timezone: Timezone | None = None
    """For dates without an offset; default: the site's"""
    language: Language | None = None
    """For entries that do not say theirs"""
    items: Text | None = None
    """One element per entry: a selector (html_list) or JMESPath (json_api)"""
    fields: dict[str, Rule] = Field(default_factory=dict)
    """Where in an item its parts stand"""
    next: Annotated[PagingShape, BeforeValidator(_following, json_schema_input_type=str | PagingShape)] | None = None
    """The following pages of the list"""
    article: Annotated[
        ArticleShape | None,
        BeforeValidator(_article, json_schema_input_type=Literal["auto"] | bool | ArticleShape | None),
    ] = None
    """How the page of an article is read; auto, or where its parts stand"""
    remove: Texts = Field(default_factory=list)
    """Selectors of what does not belong to a text"""
    include: FilterShape | None = None
    """An entry stays if any of these matches"""
    exclude: FilterShape | None = None
    """An entry stays if none of these matches"""
    backlog: Annotated[int, Field(ge=0)] | None = None
    """How many of its old entries a new source brings; default: all"""
    identity: IdentityShape | None = None
    """As the general identity, and before it"""
    flood: Literal["hold", "pass"] = "hold"
    """What happens when all its ids change at once"""
    updates: Literal["text", "all", "none"] = "text"
    """Which changes of an entry are an update"""
    republish: Republish | None = None
    """As output.republish"""
    feed: bool = False
    """Write a feed of this source"""
    private: bool = False
    """Not named in what is published"""
    retention: Lifetime | None = None
    """As the general retention"""
    allow_private: bool | None = None
    """As network.allow_private"""
    max_bytes: Size | None = None
    """As polling.max_bytes"""
    robots: bool | None = None
    """As polling.robots"""


def _category(value: Any) -> Any:
    return {} if value is None else value


class TopShape(Shape):
    site: SiteShape = Field(default_factory=SiteShape)
    """What is published"""
    storage: Text = "aggregator.db"
    """A path (SQLite), or postgresql://user@host/db"""
    retention: Lifetime = as_written("90d")
    """So long after it was last seen an entry leaves the store; forever keeps all"""
    polling: PollingShape = Field(default_factory=PollingShape)
    """How sources are polled"""
    identity: IdentityShape = Field(default_factory=IdentityShape)
    """How an article is known wherever it turns up"""
    output: OutputShape = Field(default_factory=OutputShape)
    """What is written"""
    server: ServerShape = Field(default_factory=ServerShape)
    """Where it is served"""
    network: NetworkShape = Field(default_factory=NetworkShape)
    """How requests leave this machine"""
    websub: WebSubShape = Field(default_factory=WebSubShape)
    """Telling readers at once, and being told"""
    categories: dict[
        Text, Annotated[CategoryShape, BeforeValidator(_category, json_schema_input_type=CategoryShape | None)]
    ] = Field(default_factory=dict)
    """By name or slug: names, slugs, limits and rules of their own"""
    takedown: Texts = Field(default_factory=list)
    """Ids, URLs or keys that must vanish and stay away"""


class FileShape(TopShape):
    defaults: SourceShape = Field(default_factory=SourceShape)
    """Any key of a source"""
    sources: list[SourceShape | SourceAddress]
    """Whom we read"""
