"""Slugs: the part of an address that names a category or a source. Pure."""

import hashlib
import re
import unicodedata
from functools import lru_cache

LONGEST_SLUG = 80  # characters; leaves room for suffixes in a file name of 255 bytes

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ASCII_MARKS = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")


def is_slug(name: str) -> bool:
    """Tell whether the name can stand in an address as it is: a-z, 0-9 and single hyphens, 80 characters at most."""
    return len(name) <= LONGEST_SLUG and _SLUG.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """Return the slug of a name: 吉林日报 is ``jilinribao``, ``BBC News 中文`` is ``bbc-news-zhongwen``.

    Chinese characters become joined pinyin, other scripts are transliterated, every other run of characters is one
    hyphen. Where nothing is left it is ``c-`` and eight hex digits of the name's hash. Two names may share a slug.
    A reading of a Chinese character may change with a new dictionary, so a slug that was published has to be kept.
    """
    if is_slug(name):
        return name
    plain = unicodedata.normalize("NFKC", name)
    words = _ASCII_MARKS.sub(" ", plain)
    shortened = _latin(words)[:LONGEST_SLUG].strip("-")
    return shortened or "c-" + hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _latin(words: str) -> str:
    from slugify import slugify

    if not words.isascii():  # the dictionary of readings takes 0.14 s to load
        from pypinyin import lazy_pinyin

        words = "".join(lazy_pinyin(words, errors=lambda other: other))
    return slugify(
        words, entities=False, decimal=False, hexadecimal=False, backend="text-unidecode", algorithm="modern"
    )
