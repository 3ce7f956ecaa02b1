"""A share that falls to a name: what would come together is spread without dice, and alike in every run. Pure."""

from hashlib import blake2b


def share(name: str) -> float:
    """Return a number from 0 up to 1, always the same for a name and much different for the next one."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") / 2**32
