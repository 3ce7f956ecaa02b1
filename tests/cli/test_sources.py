"""``aggregator sources``: feeds.yaml edited as a careful person would, OPML in and out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, rss
from tests.fetch.site import Answer, Site

Written = Callable[..., Path]
OPML = """<opml version="2.0"><body>
  <outline text="Tech"><outline text="A" type="rss" xmlUrl="https://a.example/feed"/></outline>
  <outline text="Bee" type="rss" xmlUrl="https://b.example/feed"/>
  <outline text="${HOME}" type="rss" xmlUrl="https://c.example/feed"/>
</body></opml>"""


def test_the_first_source_makes_the_file(cli: Cli, tmp_path: Path) -> None:
    ended = cli("sources", "add", "https://a.example/feed")

    assert (ended.status, ended.out) == (0, "+ a.example/feed: https://a.example/feed\n")
    assert (tmp_path / "feeds.yaml").read_text(encoding="utf-8") == "sources:\n  - https://a.example/feed\n"
    assert cli("check").status == 0
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_a_source_is_added_with_its_keys_and_all_else_stays(cli: Cli, written: Written) -> None:
    path = written("https://a.example/feed   # a good one")
    before = path.read_text(encoding="utf-8")

    ended = cli("sources", "add", "https://b.example/x?a=[1]", "--name", "b", "--category", "科技", "--json")

    assert ended.json == {"added": [{"source": "b", "url": "https://b.example/x?a=[1]"}], "skipped": []}
    assert path.read_text(encoding="utf-8").startswith(before)
    assert cli("sources", "--json").json["sources"][1]["categories"] == ["科技"]


@pytest.mark.parametrize("address", ["https://a.example/feed", "http://www.a.example/feed/"])
def test_an_address_that_is_there_is_not_added_again(cli: Cli, written: Written, address: str) -> None:
    path = written("{name: mine, url: https://a.example/feed}")
    before = path.read_bytes()

    ended = cli("sources", "add", address)

    assert ended.status == 2
    assert "already: mine" in ended.err
    assert path.read_bytes() == before


def test_what_would_be_wrong_is_told_with_its_line_and_nothing_is_written(cli: Cli, written: Written) -> None:
    path = written("https://a.example/feed")
    before = path.read_bytes()

    ended = cli("sources", "add", "https://b.example/", "--every", "often", "--name", "a.example/feed")

    assert ended.status == 2
    assert "feeds.yaml:5: sources[1].every" in ended.err
    assert ".unfinished" not in ended.err
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["feeds.yaml"]


def test_a_path_is_written_as_it_starts_at_the_folder_of_feeds_yaml(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = tmp_path / "site" / "_posts"
    posts.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "site")

    cli("-c", str(tmp_path / "feeds.yaml"), "sources", "add", "_posts/")

    assert (tmp_path / "feeds.yaml").read_text(encoding="utf-8") == "sources:\n  - {path: site/_posts/}\n"


@pytest.mark.parametrize("address", ["a.example/feed", "www.a.example", "_posts", "ftp://a.example/feed"])
def test_what_is_neither_a_url_nor_here_is_not_added(cli: Cli, written: Written, address: str) -> None:
    path = written("https://b.example/feed")
    before = path.read_bytes()

    ended = cli("sources", "add", address)

    assert (ended.status, ended.out) == (2, "")
    assert f"'{address}' is no file or folder here; a URL begins with https://" in ended.err
    assert path.read_bytes() == before


def test_sources_are_removed_by_name_or_address_and_comments_stay(cli: Cli, written: Written) -> None:
    path = written("https://a.example/feed", "{name: b, url: https://b.example/feed}", "https://c.example/feed  # last")

    ended = cli("sources", "remove", "b", "https://a.example/feed", "--json")

    assert ended.json == {"removed": ["b", "a.example/feed"]}
    assert path.read_text(encoding="utf-8").endswith("sources:\n  - https://c.example/feed  # last")
    assert cli("sources", "remove", "b").status == 2


def test_a_feed_of_a_list_is_not_removed_from_feeds_yaml(cli: Cli, written: Written, web: Site) -> None:
    written(f"{{name: blogs, url: '{web.url}/list', kind: opml}}")
    web.answers["/list"] = Answer(body=b'<opml><body><outline text="A" xmlUrl="/a"/></body></opml>')
    web.answers["/a"] = rss("One")
    cli("refresh")

    ended = cli("sources", "remove", "blogs/A")

    assert ended.status == 2
    assert "a feed of the list blogs" in ended.err


def test_a_list_is_imported_with_its_folders_and_what_is_there_stays_as_it_is(
    cli: Cli, written: Written, tmp_path: Path
) -> None:
    written("{name: mine, url: https://b.example/feed}")
    (tmp_path / "subs.opml").write_text(OPML, encoding="utf-8")

    ended = cli("sources", "import", "subs.opml", "--json").json
    again = cli("sources", "import", "subs.opml", "--json").json

    assert ended["added"] == [{"source": "a.example/feed", "url": "https://a.example/feed"}]
    assert [line.split(" ")[0] for line in ended["skipped"]] == ["Bee", "${HOME}"]
    assert again["added"] == []
    told = cli("sources", "list", "--json").json["sources"]
    assert [(one["title"], one["categories"]) for one in told] == [(None, ["uncategorized"]), ("A", ["Tech"])]


def test_a_list_on_the_web_is_imported_and_what_is_none_is_told(cli: Cli, web: Site) -> None:
    web.answers["/list"] = Answer(body=OPML.encode())
    web.answers["/page"] = Answer(body=b"<html><body>no</body></html>")

    assert len(cli("sources", "import", f"{web.url}/list", "--category", "All", "--json").json["added"]) == 2
    ended = cli("sources", "import", f"{web.url}/page")
    assert ended.status == 1
    assert "no OPML" in ended.err


def test_what_is_exported_is_imported_again_as_it_was(cli: Cli, written: Written, tmp_path: Path) -> None:
    written(
        "{url: https://a.example/feed, title: A & B, category: [Tech, 科技]}",
        "https://b.example/feed",
        "{name: secret, url: 'https://c.example/feed?token=abc'}",
        "{name: page, kind: html_list, url: 'https://d.example/', items: li, fields: {title: a}}",
    )

    ended = cli("sources", "export", "out.opml")
    (tmp_path / "feeds.yaml").unlink()
    cli("sources", "import", "out.opml")

    assert "2 feeds written; 2 others are" in ended.err
    told = cli("sources", "--json").json["sources"]
    assert [(one["url"], one["title"], one["categories"]) for one in told] == [
        ("https://a.example/feed", "A & B", ["Tech", "科技"]),
        ("https://b.example/feed", "b.example/feed", ["uncategorized"]),
    ]


def test_the_export_goes_to_standard_output_where_no_file_is_named(cli: Cli, written: Written) -> None:
    written("https://a.example/feed")

    assert cli("sources", "export").out.startswith("<?xml")
    assert cli("sources", "export", "--json").status == 2


def test_a_file_that_is_linked_to_stays_one(cli: Cli, tmp_path: Path) -> None:
    real = tmp_path / "kept" / "real.yaml"
    real.parent.mkdir()
    real.write_text("sources: []\n", encoding="utf-8")
    real.chmod(0o640)
    (tmp_path / "feeds.yaml").symlink_to(real)

    cli("sources", "add", "https://a.example/feed")

    assert (tmp_path / "feeds.yaml").is_symlink()
    assert "a.example" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640
