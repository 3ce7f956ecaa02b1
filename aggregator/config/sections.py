"""The sections of feeds.yaml that speak of the whole: every key, what may stand there, and what it means."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aggregator.config import values
from aggregator.config.written import (
    Address,
    Ages,
    Archive,
    Count,
    Formats,
    Hub,
    Interval,
    Language,
    Lifetime,
    Listen,
    NamingPatterns,
    NearDuplicates,
    Patterns,
    Republish,
    SiteAddress,
    SiteAddresses,
    Size,
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
    never: list[Annotated[Texts, Field(min_length=1, max_length=2)]] = []
    """Pairs of ids, URLs or keys that are not one article; a URL or key alone names none"""
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
    """Words are searched anywhere, case ignored; what has special characters is a regular expression."""

    @model_validator(mode="before")
    @classmethod
    def _of_fields(cls, written: Any) -> Any:
        if isinstance(written, list | str):
            raise ValueError("must say in which fields, such as {title: [word, another], text: [word]}")
        return written

    title: Patterns = []
    """In its title"""
    text: Patterns = []
    """In its text and summary, without the HTML"""
    url: Patterns = []
    """In its address"""
    author: Patterns = []
    """In each author's name and e-mail address"""
    category: Patterns = []
    """In each category that it stands under, and in its tags"""
    language: Patterns = []
    """In its language, such as zh-CN"""
    age: Ages = []
    """How old it is when it is first met: 30d means older in an exclude, at most so old in an include; or >30d, <2h"""


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
    """An entry stands here if any of these matches; where no source names this category, it is chosen among all"""
    exclude: FilterShape | None = None
    """An entry stands here if none of these matches"""
    of: Texts = []
    """Chosen among what stands in these categories; its own name: among what is filed under it"""
    per_source: Count | None = None
    """At most so many entries of one source"""
    retention: Lifetime | None = None
    """As the general retention"""
    republish: Republish | None = None
    """As output.republish"""
    private: bool = False
    """Not listed"""
