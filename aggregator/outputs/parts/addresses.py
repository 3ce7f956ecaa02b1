"""Addresses that may stand in a document of ours. Pure."""

import re
from urllib.parse import quote

from aggregator.model import Enclosure

# what a reader may follow; javascript:, data:, file: and relatives of theirs are left out, and what hides them (feed:…)
_ABSOLUTE = re.compile(
    r"""https?://[^/?#\s] | (?: ftps? | sftp | mailto | tel | sms | magnet | ed2k | ipfs | ipns | gemini
    | gopher | irc | ircs | matrix | xmpp | sip | sips | news | nntp | mms | rtmp | rtsp | urn
    ) : \S | (?: feed | podcast | webcal ) : (?: // | https?:// ) [^/?#\s]""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f]')  # RFC 3987, section 2.2
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MEDIA_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+", re.ASCII)

# By the ending of an address. Ours, because the tables that Python reads differ between machines.
_TYPES = {
    "aac": "audio/aac",
    "avif": "image/avif",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m3u8": "application/vnd.apple.mpegurl",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "torrent": "application/x-bittorrent",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "zip": "application/zip",
}


def followable(url: str | None) -> str | None:
    """Return the address fit to be written as a link, or None when it is relative or nothing that one may follow.

    It stays as it came, but for characters that no address may hold: they are percent-encoded.
    """
    if url is None or not _ABSOLUTE.match(url := url.strip()):
        return None
    return _NOT_IN_IRI.sub(lambda found: quote(found[0], safe=""), url)


def is_iri(text: str | None) -> bool:
    """The text is an absolute IRI (RFC 3987), as an id must be."""
    return text is not None and _IRI.fullmatch(text) is not None and not _NOT_IN_IRI.search(text)


def is_language(text: str | None) -> bool:
    """The text has the form of a language tag (BCP 47)."""
    return text is not None and _LANGUAGE.fullmatch(text) is not None


def is_email(text: str | None) -> bool:
    """The text has the form of a mail address, as RFC 4287, section 3.2.3 wants it."""
    return text is not None and _EMAIL.fullmatch(text) is not None


def is_media_type(text: str | None) -> bool:
    """The text has the form of a media type without parameters (RFC 6838)."""
    return text is not None and _MEDIA_TYPE.fullmatch(text) is not None


def media_type(enclosure: Enclosure) -> str:
    """Return what kind of file it is: as told, else by the ending of its address, else ``application/octet-stream``."""
    told = (enclosure.type or "").partition(";")[0].strip()
    if _MEDIA_TYPE.fullmatch(told):
        return told.lower()
    path = re.split(r"[?#]", enclosure.url, maxsplit=1)[0]
    return _TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")
