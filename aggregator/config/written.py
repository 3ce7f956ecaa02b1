"""What may stand at a key of feeds.yaml: texts, spans, addresses, patterns, as types for its models."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)

from aggregator.config import values
from aggregator.model import Every, FieldRule


def _text(value: Any) -> Any:
    # A name such as 2024 is a number to YAML. A bool or a list is a mistake.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else value


def one_or_many(value: Any) -> Any:
    """Return a list: where one is asked for, a single value will do."""
    return value if isinstance(value, list) or value is None else [value]


def _off(value: Any) -> Any:
    return "off" if value is False else value  # YAML 1.1 reads off as false


def _known(name: str) -> Callable[[str, ValidationInfo], str]:
    def check(value: str, info: ValidationInfo) -> str:
        known = sorted(info.context[name]) if info.context else [value]
        if value not in known:
            raise values.UnfitError(value, f"is not one of {', '.join(known)}")
        return value

    return check


def _parsed(read: Callable[[Any], Any], **schema: Any) -> tuple[PlainValidator, WithJsonSchema]:
    return PlainValidator(read), WithJsonSchema(schema)


def _lifetime(value: Any) -> timedelta | Literal["forever"]:
    return "forever" if value == "forever" else values.positive_duration(value)


def _hub(value: Any) -> str:
    return "self" if value == "self" else values.web_address(value)


def _interval(value: Any) -> Every | Literal["adaptive"]:
    return values.every(value) or "adaptive"


def as_written(text: str) -> Any:
    """Return a default as people write it: the schema shows it, and it is read like any other value."""
    return Field(default=text, validate_default=True)


_SPAN: dict[str, Any] = {"type": ["string", "integer"], "examples": ["90d", "2h", "1h30m", "500ms"]}
_FIELD: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "properties": {"const": {"type": "string"}}, "required": ["const"]},
        {"type": "array", "items": {}},
    ],
    "description": "A key, a JMESPath, a selector with an optional @attribute, a template where it has {…}, "
    "{const: text}, or a list of these, of which the first that yields counts",
}

Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Texts = Annotated[list[Text], BeforeValidator(one_or_many, json_schema_input_type=Text | list[Text])]
Count = Annotated[int, Field(ge=1)]
Span = Annotated[timedelta, *_parsed(values.duration, **_SPAN)]
Wait = Annotated[timedelta, *_parsed(values.positive_duration, **_SPAN)]
Lifetime = Annotated[timedelta | Literal["forever"], *_parsed(_lifetime, **(_SPAN | {"examples": ["90d", "forever"]}))]
Interval = Annotated[
    Every | Literal["adaptive"],
    *_parsed(_interval, type="string", examples=["adaptive", "30m", "*/15 8-20 * * *"]),
]
Size = Annotated[int, *_parsed(values.size_bytes, type=["string", "integer"], examples=["20MB", "512KiB"])]
Address = Annotated[str, *_parsed(values.web_address, type="string", format="uri")]
SourceAddress = Annotated[str, *_parsed(values.source_address, type="string", format="uri")]
SiteAddress = Annotated[str, *_parsed(values.site_address, type="string", format="uri")]
SiteAddresses = Annotated[
    list[SiteAddress], BeforeValidator(one_or_many, json_schema_input_type=SiteAddress | list[SiteAddress])
]
Hub = Annotated[str, *_parsed(_hub, type="string", examples=["self", "https://hub.example.org/"])]
Listen = Annotated[str, *_parsed(values.listen_address, type="string", examples=["127.0.0.1:8080", "unix:/run/a.sock"])]
Timezone = Annotated[Text, AfterValidator(values.timezone)]
Language = Annotated[Text, AfterValidator(values.language)]
Pattern = Annotated[Text, AfterValidator(values.pattern)]
Patterns = Annotated[list[Pattern], BeforeValidator(one_or_many, json_schema_input_type=Pattern | list[Pattern])]
Age = Annotated[str, *_parsed(values.age, type="string", examples=["30d", ">30d", "<2h"])]
Ages = Annotated[list[Age], BeforeValidator(one_or_many, json_schema_input_type=Age | list[Age])]
NamingPattern = Annotated[Text, AfterValidator(values.naming_pattern)]
NamingPatterns = Annotated[
    list[NamingPattern], BeforeValidator(one_or_many, json_schema_input_type=NamingPattern | list[NamingPattern])
]
Rule = Annotated[FieldRule, *_parsed(values.field_rule, **_FIELD)]
HeaderName = Annotated[Text, AfterValidator(values.header_name)]
HeaderValue = Annotated[Text, AfterValidator(values.header_value)]
Kind = Annotated[Text, AfterValidator(_known("kinds")), Field(json_schema_extra={"known": "kinds"})]
Format = Annotated[Text, AfterValidator(_known("formats")), Field(json_schema_extra={"known": "formats"})]
Formats = Annotated[list[Format], BeforeValidator(one_or_many, json_schema_input_type=Format | list[Format])]
NearDuplicates = Annotated[Literal["off", "merge"], BeforeValidator(_off)]
Archive = Annotated[Literal["off", "monthly"], BeforeValidator(_off)]
Republish = Literal["full", "excerpt", "title"]
