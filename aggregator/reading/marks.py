"""By what a raw entry is known to have been read before. Pure."""

from hashlib import blake2b

from aggregator.model import RawEntry, Source

READER = 2  # raise it when the same bytes read differently than before: all is read once more, and nothing is an update


def reading_salt(source: Source) -> str:
    """Return what a fingerprint depends on beside the raw entry: feeds.yaml's words on reading, and our reader."""
    return f"{READER}:{source.salt}"


def fingerprint(raw: RawEntry, salt: str) -> int:
    """Return a number for a raw entry, 0 to 2**63 - 1; another one means that it has to be looked at again."""
    mark = blake2b(f"{salt}\x00{raw!r}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(mark, "big") >> 1
