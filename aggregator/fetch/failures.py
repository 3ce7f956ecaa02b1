"""What went wrong with a request, in words that a person can act on.

No message holds more of an address than its host: paths and queries may hold secrets, and so may what a library says.
"""

import errno
import socket
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import aiohttp
from aiohttp.http_exceptions import BadHttpMessage, LineTooLong

from aggregator.errors import FetchError, Refused, TooLarge
from aggregator.fetch.guard import NotPublicError
from aggregator.fetch.wire import LONGEST_LINE_BYTES, MOST_FIELDS, MOST_HEAD_BYTES, TooMuchAroundError

REMEDIES = {
    400: "look whether the address is complete",
    401: "it wants a login; `headers` in feeds.yaml can hold one",
    402: "it wants to be paid",
    403: "the server turns us away; look whether the page needs a login, or ask its owner",
    404: "look whether the address is still right",
    405: "look whether `method` is right",
    406: "the server has nothing in a form that we read",
    410: "it is gone for good; remove the source, or name it in `refresh` to try again",
    429: "we asked too often; the source is left alone for a while",
    451: "withheld for legal reasons",
    503: "the server is busy; the source is left alone for a while",
}


def of_status(status: int, *, url: str, retry_after: timedelta | None, is_redirected: bool) -> FetchError:
    """Return the error that an answer's status is. is_redirected: another origin gave it than the one asked first."""
    try:
        name = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        name = str(status)
    if not 100 <= status <= 599:
        name = f"an answer with the status {status:03}, which HTTP does not know"
    remedy = REMEDIES.get(status)
    if remedy is None and status >= 500:
        remedy = "the fault is the server's; it will be asked again"
    if remedy is None and status < 200:
        remedy = "this is no ordinary web page; look whether the address is right"
    if status in (401, 403) and is_redirected:
        remedy = "after a redirect to another site, which `headers` are never sent to; write the new address"
    message = f"{name}: {remedy}" if remedy else name
    return FetchError(message, url=url, status=status, retry_after=retry_after)


def of_time(timeout: timedelta, *, url: str, host: str) -> TooLarge:
    """Return the error for an answer that was not whole in time."""
    message = f"timed out after {timeout.total_seconds():g} s: {host} is too slow, or does not answer at all"
    return TooLarge(message, url=url)


def of_private_address(address: str, *, url: str, host: str) -> Refused:
    """Return the error for a host that a stranger named and that is not one of the open internet."""
    leads = "is" if address == host else f"leads to {address}, which is"
    return Refused(
        f"{host} {leads} not a public address; write `allow_private: true` on the source if that is meant", url=url
    )


def of_bad_port(port: int, *, url: str, host: str) -> Refused:
    """Return the error for a port that a stranger named and at which something else than the web is at home."""
    return Refused(
        f"{host} is named with port {port}, where no web server is; write `allow_private: true` on the source if that "
        "is meant",
        url=url,
    )


def of_exception(error: BaseException, *, url: str, host: str) -> FetchError:
    """Return the error that an exception of the HTTP library, or the one it was raised from, is."""
    for find in (_of_size, _of_one):
        for cause in _causes(error):
            if (found := find(cause, url, host)) is not None:
                return found
    return FetchError(f"{host} gave no answer that is HTTP", url=url)


def is_answer(error: BaseException) -> bool:
    """Tell whether the exception comes of an answer, if a bad one, and not of there being none."""
    return any(isinstance(one, aiohttp.ClientResponseError | aiohttp.ClientPayloadError) for one in _causes(error))


def is_of_proxy(error: BaseException) -> bool:
    """Tell whether the proxy failed, and not the host that is asked through it."""
    return any(
        isinstance(one, aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError) for one in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _of_size(error: BaseException, url: str, host: str) -> FetchError | None:
    match error:
        case LineTooLong():
            what = f"a header with a line of more than {LONGEST_LINE_BYTES // 1024} kB"
        case TooMuchAroundError():
            what = f"more than {MOST_HEAD_BYTES // 1024} kB around its answer"
        case BadHttpMessage() if "Too many headers" in error.message:
            what = f"more than {MOST_FIELDS} header fields"
        case _:
            return None
    return TooLarge(f"{host} sends {what}; look whether the address is right, or tell its owner", url=url)


def _of_one(error: BaseException, url: str, host: str) -> FetchError | None:
    match error:
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return FetchError("the proxy of network.proxy does not let us through", url=url)
        case aiohttp.ClientConnectorDNSError():
            return FetchError(_name_message(error.os_error, host), url=url)
        case aiohttp.ClientConnectorCertificateError():
            reason = getattr(error.certificate_error, "verify_message", "") or "it cannot be verified"
            return FetchError(f"the certificate of {host} is not accepted: {reason}", url=url)
        case aiohttp.ClientSSLError():
            reason = getattr(error.os_error, "reason", None) or "the handshake failed"
            return FetchError(f"no secure connection to {host}: {reason}", url=url)
        case aiohttp.ClientConnectorError():
            return _of_connection(error.os_error, url, host, error.port)
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return FetchError(f"{host} closed the connection before it answered", url=url)
        case aiohttp.ClientPayloadError():
            return FetchError(f"the answer of {host} broke off in the middle; it will be asked again", url=url)
        case aiohttp.ClientResponseError():
            return FetchError(
                f"{host} gave an answer that is not proper HTTP; look whether a web server is meant, and its port",
                url=url,
            )
        case aiohttp.InvalidURL():
            return Refused("the address is not one that can be asked; look whether it is written right", url=url)
    return None


def _name_message(error: OSError, host: str) -> str:
    if isinstance(error.__cause__, socket.gaierror):
        error = error.__cause__
    if error.errno == socket.EAI_AGAIN:
        return f"no such host: {host} (the name server does not answer; is this machine online?)"
    return f"no such host: {host}; look whether the name is right and this machine has a network"


def _of_connection(error: OSError, url: str, host: str, port: int | None) -> FetchError:
    if isinstance(error, NotPublicError):
        return of_private_address(error.address, url=url, host=host)
    if error.errno == errno.ECONNREFUSED:
        return FetchError(f"connection refused by {host}, port {port}: nothing listens there", url=url)
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return FetchError(f"no way to {host}; is this machine online?", url=url)
    return FetchError(f"no connection to {host}, port {port}", url=url)
