"""The shape of feeds.yaml: every key, what may stand there, and what it means. The editors' schema is made from it."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aggregator.config import values
from aggregator.config.written import (
    Address,
    Archive,
    Count,
    Formats,
    HeaderName,
    HeaderValue,
    Hub,
    Interval,
    Kind,
    Language,
    Lifetime,
    Listen,
    NamingPatterns,
    NearDuplicates,
    Patterns,
    Republish,
    Rule,
    SiteAddress,
    SiteAddresses,
    Size,
    SourceAddress,
    Span,
    Text,
    Texts,
    Timezone,
    Wait,
    as_written,
    one_or_many,
)


class Shape(BaseModel):
    """Keys that are not named here are mistakes; a key without a value is as good as not written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, written: Any) -> Any:
        if isinstance(written, dict):
            return {key: value for key, value in written.items() if value is not None}
        return written


class SiteShape(Shape):
    title: Text | None = None
    """What the whole site is called"""
    url: SiteAddress | None = None
    """Where the output is reached, path prefix included. Not set: no self links and no hub"""
    aliases: SiteAddresses = []
    """Where it was reached before"""
    description: Text | None = None
    """A sentence about the site"""
    language: Language | None = None
    """The language of the site, such as zh-CN"""
    timezone: Timezone = "UTC"
    """For scraped dates without an offset, for display, for month borders and file names"""
    author: Text | None = None
    """Who runs it"""


class PollingShape(Shape):
    every: Interval = "adaptive"
    """adaptive, a time span, or a cron expression; adaptive follows how often a source publishes, from min to max"""
    min: Wait = as_written("1h")
    """The shortest adaptive interval"""
    max: Wait = as_written("12h")
    """The longest adaptive interval"""
    concurrency: Count = 32
    """Requests under way"""
    per_host: Count = 2
    """Of these, to one host"""
    pause: Span = as_written("1s")
    """Between two requests to one host"""
    timeout: Wait = as_written("30s")
    """For a whole response"""
    max_bytes: Size = as_written("20MB")
    """The largest response, after decompression"""
    retry_after: Literal["host", "url"] | None = None
    """What a 429 or 503 silences; default: the host, but only the URL where that is in one's own network"""
    user_agent: Annotated[Text, AfterValidator(values.header_value)] | None = None
    """Who we say we are; default: aggregator/VERSION and the site's url"""
    robots: bool = True
    """Obey robots.txt for pages"""


class ParameterShape(Shape):
    name: Text
    """A query parameter whose value names an article"""
    hosts: Texts = []
    """Only on these hosts; none: on any"""


def _parameter(value: Any) -> Any:
    return {"name": value} if isinstance(value, str | int) else value


class IdentityShape(Shape):
    parameters: Annotated[
        list[Annotated[ParameterShape, BeforeValidator(_parameter)]],
        BeforeValidator(one_or_many, json_schema_input_type=Text | list[Text | ParameterShape]),
    ] = []
    """Query parameters whose value names an article, on whatever host, or {name, hosts}"""
    patterns: dict[Text, NamingPatterns] = {}
    """Parameter name: regular expressions that find it elsewhere; group 1 is the value"""
    near_duplicates: NearDuplicates = "off"
    """merge: the same text under different ids is one article"""
    never: list[Annotated[list[Text], Field(min_length=2)]] = []
    """Pairs of ids or URLs that are not one article"""
    urls: Literal["own", "any"] = "own"
    """any: a URL joins copies even where their texts differ"""


class OutputShape(Shape):
    directory: Text = "output"
    """Where the files are written"""
    formats: Formats = ["atom", "rss", "json_feed", "html", "opml"]
    """Which formats are written"""
    limit: Count = 50
    """A feed holds so many of its newest entries"""
    window: Span = as_written("2d")
    """And all that were first seen so long before its newest"""
    max: Count = 500
    """But no more than this"""
    archive: Archive = "off"
    """monthly: keep older entries in documents of a month each (RFC 5005)"""
    source_feeds: bool = False
    """A feed per source too"""
    entry_pages: bool = False
    """An HTML page per entry"""
    republish: Republish = "full"
    """How much of a text is published; also per category and per source, the strictest wins"""
    index: bool = False
    """May search engines index the pages"""
    health: bool = False
    """Publish health.atom, which names sources and their errors"""


class ServerShape(Shape):
    listen: Listen = "127.0.0.1:8080"
    """host:port or unix:/path; AGGREGATOR_LISTEN goes before it"""


class NetworkShape(Shape):
    allow_private: bool = False
    """Addresses that content names may lead into private networks"""
    proxy: Address | None = None
    """The URL of a proxy for all requests"""


class WebSubShape(Shape):
    hub: Hub | None = None
    """The URL of a hub, or self"""
    subscribe: bool = False
    """Ask the hubs of sources to tell us; site.url must be reachable from outside"""


class FilterShape(Shape):
    title: Patterns = []
    text: Patterns = []
    url: Patterns = []
    author: Patterns = []
    category: Patterns = []
    language: Patterns = []


class CategoryShape(Shape):
    slug: Text | None = None
    """Its part of the address; default: made from the name"""
    title: Text | None = None
    """What readers see"""
    description: Text | None = None
    """A sentence about it"""
    limit: Count | None = None
    """As output.limit"""
    window: Span | None = None
    """As output.window"""
    max: Count | None = None
    """As output.max"""
    aliases: Texts = []
    """Slugs it had before"""
    include: FilterShape | None = None
    """An entry stays if any of these matches; with none, the category is not chosen by rule"""
    exclude: FilterShape | None = None
    """An entry stays if none of these matches"""
    of: Texts = []
    """Chosen from these categories only"""
    per_source: Count | None = None
    """At most so many entries of one source"""
    retention: Lifetime | None = None
    """As the general retention"""
    republish: Republish | None = None
    """As output.republish"""
    private: bool = False
    """Not listed"""


def _only_these(value: Any) -> Any:
    if value is False:
        return None
    return {} if value is True else value


class EntryCategoriesShape(Shape):
    only: Texts = []
    """Only these; none: all"""
    drop: Texts = []
    """Not these"""


def _following(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


class PagingShape(Shape):
    url: Text
    """Where the next page is: a selector, a path or a template"""
    pages: Count = 10
    """At most so many pages in all"""


ARTICLE_KEYS = ("auto", "url", "as", "content", "remove")


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
    remove: Texts = []
    """Selectors of what does not belong to the text"""
    fields: dict[str, Rule] = {}
    """published, author, title, …"""


class SourceShape(Shape):
    name: Text | None = None
    """The handle it is known by; default: host and path of the url"""
    aliases: Texts = []
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
    headers: dict[HeaderName, HeaderValue] = {}
    """Sent with each request"""
    method: Literal["GET", "POST"] | None = None
    """GET, or POST where there is a body"""
    body: str | None = None
    """Sent with each request"""
    timezone: Timezone | None = None
    """For dates without an offset; default: the site's"""
    language: Language | None = None
    """For entries that do not say theirs"""
    items: Text | None = None
    """One element per entry: a selector (html_list) or JMESPath (json_api)"""
    fields: dict[str, Rule] = {}
    """Where in an item its parts stand"""
    next: Annotated[PagingShape, BeforeValidator(_following, json_schema_input_type=str | PagingShape)] | None = None
    """The following pages of the list"""
    article: Annotated[
        ArticleShape | None,
        BeforeValidator(_article, json_schema_input_type=Literal["auto"] | bool | ArticleShape | None),
    ] = None
    """How the page of an article is read; auto, or where its parts stand"""
    remove: Texts = []
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
    ] = {}
    """By name or slug: names, slugs, limits and rules of their own"""
    takedown: Texts = []
    """Ids, URLs or keys that must vanish and stay away"""


class FileShape(TopShape):
    defaults: SourceShape = Field(default_factory=SourceShape)
    """Any key of a source"""
    sources: list[SourceShape | SourceAddress]
    """Whom we read"""
