"""Files, folders and globs."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import FetchError, TooLarge
from aggregator.fetch.local import read
from aggregator.model import Document, Polling, Request

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def look(path: Path, *, etag: str | None = None, max_bytes: int = 1000) -> Document:
    return read(Request(path=str(path), etag=etag, max_bytes=max_bytes), now=NOW)


def write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(document: Document) -> list[str]:
    return [file.path for file in document.files]


def test_file_is_the_body(tmp_path):
    document = look(write(tmp_path / "新 feed.xml", "<rss/>"))

    assert document.body == b"<rss/>"
    assert document.url == f"file://{tmp_path}/%E6%96%B0%20feed.xml"
    assert document.files == ()


def test_folder_is_read_with_all_below_it_sorted(tmp_path):
    for name in ("b.md", "a/z.html", "a/y.markdown", "c.txt", ".git/d.md", ".e.md", "F.MD"):
        write(tmp_path / "_posts" / name)

    assert names(look(tmp_path / "_posts")) == ["F.MD", "a/y.markdown", "a/z.html", "b.md"]


def test_settings_of_the_site_come_along_from_the_folder_or_the_one_above(tmp_path):
    write(tmp_path / "_config.yml", "above")
    write(tmp_path / "_posts" / "a.md")
    above = look(tmp_path / "_posts")
    write(tmp_path / "_posts" / "_config.yml", "within")
    within = look(tmp_path / "_posts")

    assert [(file.path, file.body) for file in above.files] == [("a.md", b"text"), ("_config.yml", b"above")]
    assert within.files[-1].body == b"within"


def test_settings_of_the_site_come_along_with_one_of_its_posts(tmp_path):
    post = write(tmp_path / "_posts" / "2026" / "a.md", "post")
    page = write(tmp_path / "a.md")
    alone = look(post)
    write(tmp_path / "_config.yml", "above")
    document = look(post, etag=alone.headers["etag"])

    assert (alone.body, alone.files) == (b"post", ())
    assert (document.status, document.body) == (200, b"post")
    assert [(file.path, file.body) for file in document.files] == [("a.md", b"post"), ("_config.yml", b"above")]
    assert look(page).files == ()


def test_glob_is_read_for_what_it_matches(tmp_path):
    for name in ("a.html", "b.txt", "deep/c.html"):
        write(tmp_path / "old" / name)

    assert names(look(tmp_path / "old" / "*.html")) == ["a.html"]
    assert names(look(tmp_path / "old" / "**" / "*.html")) == ["a.html", "deep/c.html"]
    assert names(look(tmp_path / "*" / "b.txt")) == ["old/b.txt"]


@pytest.mark.parametrize("name", ["", "*.md", "a.md"])
def test_what_did_not_change_is_unchanged_until_it_does(tmp_path, name):
    file = write(tmp_path / "a.md")
    first = look(tmp_path / name)
    second = look(tmp_path / name, etag=first.headers["etag"])
    os.utime(file, ns=(0, 1))
    third = look(tmp_path / name, etag=first.headers["etag"])

    assert (first.status, second.status, third.status) == (200, 304, 200)
    assert second.files == ()
    assert second.body == b""
    assert second.headers == first.headers


def test_new_file_and_changed_settings_are_changes(tmp_path):
    write(tmp_path / "a.md")
    first = look(tmp_path)
    write(tmp_path / "b.md")
    second = look(tmp_path, etag=first.headers["etag"])
    write(tmp_path / "_config.yml")
    third = look(tmp_path, etag=second.headers["etag"])

    assert [document.status for document in (second, third)] == [200, 200]


def test_links_are_followed_within_the_folder_and_not_out_of_it(tmp_path):
    secret = write(tmp_path / "secret.md")
    folder = tmp_path / "_posts"
    write(folder / "a.md")
    (folder / "in.md").symlink_to(folder / "a.md")
    (folder / "out.md").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    (folder / "nowhere.md").symlink_to(tmp_path / "nothing")

    assert names(look(folder)) == ["a.md", "in.md"]
    assert names(look(folder / "*.md")) == ["a.md", "in.md"]
    with pytest.raises(FetchError):
        look(folder / "*" / "secret.md")


def test_checkout_of_a_site_is_read_for_its_posts_alone(tmp_path):
    for name in ("_posts/a.md", "news/_posts/deep/b.md", "about.md", "_site/a.html", ".git/c.md", "vendor/_posts/d.md"):
        write(tmp_path / name)
    write(tmp_path / "node_modules" / "x" / "_posts" / "e.md")
    write(tmp_path / "_config.yml")

    assert names(look(tmp_path)) == ["_posts/a.md", "news/_posts/deep/b.md", "_config.yml"]


def test_settings_of_a_site_that_is_a_part_of_the_checkout_are_found(tmp_path):
    write(tmp_path / "docs" / "news" / "_posts" / "a.md")
    write(tmp_path / "docs" / "_config.yml")

    assert names(look(tmp_path)) == ["docs/news/_posts/a.md", "docs/_config.yml"]


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.mkd", "a.mkdown", "a.html", "a.textile"])
def test_every_suffix_that_posts_have_is_read(tmp_path, name):
    write(tmp_path / name)

    assert names(look(tmp_path)) == [name]


def test_pipe_is_not_waited_for(tmp_path):
    write(tmp_path / "a.md")
    os.mkfifo(tmp_path / "b.md")

    assert names(look(tmp_path)) == ["a.md"]


def test_empty_folder_has_no_files(tmp_path):
    assert look(tmp_path).files == ()


@pytest.mark.parametrize("name", ["nothing", "nothing/*.md", "*.md"])
def test_missing_path_is_told_with_what_to_do(tmp_path, name):
    with pytest.raises(FetchError, match=r"relative paths in feeds\.yaml start at its folder"):
        look(tmp_path / name)


@pytest.mark.parametrize("name", ["", "*.md", "a.md"])
def test_file_past_max_bytes_is_too_large(tmp_path, name):
    write(tmp_path / "a.md", "x" * 1001)

    with pytest.raises(TooLarge, match="max_bytes"):
        look(tmp_path / name)


def test_fetcher_reads_paths_too(tmp_path):
    from aggregator.fetch import Fetcher

    async def fetch() -> Document:
        async with Fetcher(Polling(), now=lambda: NOW) as send:
            return await send(Request(path=str(write(tmp_path / "a.md"))))

    assert asyncio.run(fetch()).body == b"text"
