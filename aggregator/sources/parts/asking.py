"""What a source is asked: the first request of a poll, and those that an answer leads to. Pure."""

from aggregator.model import Request, Source
from aggregator.sources.parts.paging import first_body
from aggregator.text.secrets import filled
from aggregator.text.urls import origin


def first_request(source: Source, *, is_page: bool) -> Request:
    """Return what to ask first: the address of the source. is_page: robots.txt binds it."""
    return Request(
        url=source.url,
        path=source.path,
        method=source.method,
        headers=source.headers,
        body=first_body(source),
        is_trusted=source.is_trusted,
        is_page=is_page,
        robots=source.robots,
        allow_private=source.allow_private,
        max_bytes=source.max_bytes,
        trusted_origin=trusted_origin(source),
    )


def further_request(
    url: str, source: Source, *, is_page: bool, trusted: str | None = None, body: str | None = None
) -> Request:
    """Return a request for an absolute address that an answer names.

    The operator's headers and body, which may hold secrets, go to the source's own origin only. trusted: an address
    whose origin the operator wrote; None: the source's. body: what is sent; then the method is the source's.
    """
    own = origin(source.url or "")
    is_own = own is not None and origin(url) == own
    return Request(
        url=asked(url, source),
        method=source.method if is_own and body is not None else "GET",
        body=body if is_own else None,
        headers=source.headers if is_own else (),
        is_page=is_page,
        robots=source.robots,
        allow_private=source.allow_private,
        max_bytes=source.max_bytes,
        trusted_origin=origin(trusted) if trusted else trusted_origin(source),
    )


def asked(url: str, source: Source) -> str:
    """Return an address as it is asked: with the secrets for which ``${NAME}`` was kept in it.

    Only at the source's own origin, and only those that it is sent anyway: a document may hold ``${NAME}``, too.
    """
    own = origin(source.url or "")
    if "$" not in url or own is None or origin(url) != own:
        return url
    sent = (source.url or "", source.body or "", *(value for _, value in source.headers))
    return filled(url, [(name, value) for name, value in source.secrets if any(value in text for text in sent)])


def trusted_origin(source: Source) -> str | None:
    """Return the origin that the operator vouches for; none where a list on another one names the source."""
    return origin(source.url or "") if source.is_trusted else None
