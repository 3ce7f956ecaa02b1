"""What a reader sees of an entry, and a digest of it. Pure."""

import re
from hashlib import blake2b
from urllib.parse import urlsplit, urlunsplit

from aggregator.model import Content
from aggregator.text.references import unescaped

# In clean HTML `<` and `>` stand for nothing but tags, in attributes too.
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|"
    r"h[1-6]|header|hgroup|hr|legend|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")

# "阅读 1234", "12 comments": they change with every poll, the article does not
_COUNTED = (
    r"(?:阅读量?|閱讀|浏览量?|播放量?|评论|評論|跟贴|点击量?|點擊|点赞|转发|收藏|views?|comments?|likes?|replies)"
)
_NUMBER = r"\d[\d,.]*\s*[kKmM万萬千]?\+?"
_COUNTER = re.compile(
    rf"{_COUNTED}[\s:：（(\[]*{_NUMBER}[）)\]]?|(?<![\d,.]){_NUMBER}\s*[次条條个個]?\s*{_COUNTED}", re.IGNORECASE
)
_COUNTED_WORD = re.compile(_COUNTED, re.IGNORECASE)
_QUERY = re.compile(r"(https?://[^\s?#]+)[?#][^\s]*", re.IGNORECASE)


def visible(html: str | None) -> str:
    """Return the text that a reader sees, a line for each block, without empty lines.

    html: clean, as in ``Content``; plain text passes.
    """
    if not html:
        return ""
    if "<" in html:
        html = _TAG.sub("", _BLOCK.sub("\n", " ".join(html.split())))
    if "&" in html:
        html = unescaped(html)
    return "\n".join(line for part in html.split("\n") if (line := " ".join(part.split())))


def digest(content: Content) -> str:
    """Return 32 hex digits; the same ones mean that a reader sees the same.

    Title, text, authors and enclosures count; white space, counters (``12 comments``) and the parameters of URLs,
    in which tokens live, do not.
    """
    text = visible(content.html) or content.summary or ""
    if "://" in text:
        text = _QUERY.sub(r"\1", text)
    if _COUNTED_WORD.search(text):  # far cheaper than to look for a number before each of them
        text = _COUNTER.sub("", text)
    parts = [content.title or "", text]
    parts.extend(person.name or person.email or person.url or "" for person in content.authors)
    parts.append("")
    parts.extend(_without_query(enclosure.url) for enclosure in content.enclosures)
    hashed = blake2b(digest_size=16)
    for part in parts:
        hashed.update("".join(part.split()).encode("utf-8", "replace"))
        hashed.update(b"\0")
    return hashed.hexdigest()


def _without_query(url: str) -> str:
    try:
        return urlunsplit(urlsplit(url)._replace(query="", fragment=""))
    except ValueError:
        return url
