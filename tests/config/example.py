"""A feeds.yaml with every part that the contract shows, and a way to load a text as one."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from aggregator.config import Config, load
from aggregator.errors import ConfigError, Problem

KINDS = ("feed", "html_list", "json_api", "jekyll_posts", "sitemap", "opml")
FORMATS = ("atom", "rss", "json_feed", "html", "opml", "jekyll")

FULL = r"""
site:
  title: 金融消息
  url: https://feeds.example.org/      # where output/ is reached
  aliases: []
  description: Finance news, merged
  language: zh-CN
  timezone: Asia/Shanghai
  author: Example

storage: aggregator.db
retention: 90d

polling:
  every: adaptive
  min: 1h
  max: 12h
  concurrency: 32
  per_host: 2
  pause: 1s
  timeout: 30s
  max_bytes: 20MB
  retry_after: host
  user_agent: null
  robots: true

identity:
  parameters: [infoCode]
  patterns:
    infoCode: ['\b(?:NW)?(\d{18})\b']
  near_duplicates: off
  never: []

output:
  directory: output
  formats: [atom, rss, json_feed, html, opml]
  limit: 50
  window: 2d
  max: 500
  archive: off
  source_feeds: false
  entry_pages: false
  republish: full
  index: false
  health: false

server:
  listen: 127.0.0.1:8080
network:
  allow_private: false
  proxy: null
websub:
  hub: null
  subscribe: false

categories:
  吉林日报: {title: 吉林日报新闻, limit: 100, aliases: [jilin]}
  top: {include: {title: [招商, 项目]}, of: [吉林日报, 科技], per_source: 5}

takedown: []

defaults:
  language: zh-CN

sources:
  - name: 吉林日报
    kind: html_list
    url: https://news.example.org/category/jilinribao.html
    category: 吉林日报
    items: section ul li
    fields: {title: a, url: a@href}
    article:
      published: section > small
      content: section
      remove: [section > small, section > h1, "a:-soup-contains('返回')"]

  - name: 要闻
    kind: json_api
    every: 5m
    url: https://news.example.org/webapi?type=45&count=100
    items: nodeList
    fields:
      id: infocode
      title: title
      published: showtime
      category: from
      url: "https://news.example.org/NewsShare.html?infoCode={infocode}"
    article: {url: "https://news.example.org/GetNewsText.do?id={infocode}", content: text}

  - name: archive
    kind: jekyll_posts
    path: ../finews/_posts
    entry_categories: true

  - {url: https://example.com/sitemap.xml, kind: sitemap, category: 科技, article: auto}
  - {url: https://example.com/reading-list.opml, kind: opml, category: blogs}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "feeds.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def read(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    """Return the Config of a text, as if it stood in ``folder``."""
    return load(write(folder, text), kinds=KINDS, formats=FORMATS, environ=environ or {})


def problems(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> list[Problem]:
    """Return what is wrong with a text."""
    with pytest.raises(ConfigError) as caught:
        read(folder, text, environ)
    return list(caught.value.problems)


def complaint(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the only problem of a text, without the path of its folder."""
    (problem,) = problems(folder, text, environ)
    return str(problem).removeprefix(f"{folder}/")
