"""What a kind of hostile input is, and what a source of that kind says when all is well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.fetch.site import Answer

FEED = "kind: feed"
LIST = "kind: html_list, items: li, fields: {title: a, url: a@href, published: .date}"
API = "kind: json_api, items: list, fields: {id: id, title: t, url: u}"
SITEMAP = "kind: sitemap"
OPML = "kind: opml"
POSTS = "kind: jekyll_posts"

Make = Callable[[int], bytes | Answer]


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """One kind. make: a size in bytes -> what is sent, about so large; to some the size means nothing.

    keys: how feeds.yaml reads it. small: the size at which tests send it. paths: what else the server answers, by path.
    """

    name: str
    make: Make
    keys: str = FEED
    small: int = 10_000
    paths: Mapping[str, Make] = field(default_factory=dict)


def good(keys: str, number: int) -> bytes:
    """Return what such a source answers before it turns hostile: one entry, called Before and its number."""
    url, title = f"https://bad.example/before-{number}", f"Before {number}"
    if keys == LIST:
        text = f"<ul><li><a href='{url}'>{title}</a></li></ul>"
    elif "json_api" in keys:
        deeper = f'[{{"list": [{{"t": "{title}"}}]}}]'
        text = f'{{"list": [{{"id": "b{number}", "t": "{title}", "u": "{url}", "list": {deeper}}}]}}'
    elif keys == POSTS:
        text = f"---\ntitle: {title}\nlink: {url}\n---\nText\n"
    elif keys == SITEMAP:
        text = (
            '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
            f"<loc>http://10.0.0.1/before-{number}</loc><news:news><news:title>{title}</news:title></news:news>"
            "</url></urlset>"
        )
    elif keys == OPML:
        text = '<opml version="2.0"><body><outline type="rss" text="a" xmlUrl="http://10.0.0.1/feed"/></body></opml>'
    else:
        text = (
            f"<rss version='2.0'><channel><title>Bad {number}</title><item><title>{title}</title>"
            f"<guid>before-{number}</guid><link>{url}</link></item></channel></rss>"
        )
    return text.encode()
