"""Whatever names sources bring: nothing is written or removed but what we publish, and that within the output."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from tests.fakes import World

NAMES = (
    "../../../escaped", "..", ".", "/etc/escaped", "a/../../b", "..\\..\\escaped", "C:\\escaped", "\\\\host\\share",
    "nul\0byte", "con", "aux.atom", "%2e%2e%2fescaped", "%252e%252e/escaped", "．．／escaped", "․․/escaped",
    "‥/escaped",
    "~/escaped", "$HOME", "`id`", "; rm -rf /", "-rf", "--help", ".hidden", "_posts", "index", "all", "feeds.opml",
    "a" * 5_000, "é" * 3_000, "\u202e../gpj", "\ud800", "a\nb", "a\rb", "\x1b[2J", " ", "", "…", "🦝" * 400,
    "archive/x",
    ".unfinished-1-all.atom", "category/../../all", "assets/style.css", "all.html\0.png", "|ls", "a:b", "file:///escaped",
)  # fmt: skip
PUBLISHED = re.compile(
    r"(?:index\.html|feeds\.opml|sources\.opml|(?:all|category/[a-z0-9]+(?:-[a-z0-9]+)*)\.(?:html|atom|rss|json)"
    r"|assets/[a-z0-9.-]+)"
)


def outside(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "output" not in path.relative_to(folder).parts and not path.name.startswith("aggregator.db")
    }


def spoil(world: World, statement: str, value: str) -> None:
    with closing(sqlite3.connect(world.config.storage)) as store:
        assert store.execute(statement, (value,)).rowcount == 1
        store.commit()


def test_no_name_of_a_category_source_or_entry_leads_out_of_the_output(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    text = """
    sources:
      - {name: ../../api, aliases: [../old], kind: json_api, url: "https://a.example/api", items: x, fields: {title: t,
         id: i, url: u, category: c, author: t}}
      - {name: list, kind: opml, url: "https://a.example/opml", entry_categories: true}
    """
    with World(deep, text) as world:
        records = [{"t": name, "i": name, "u": f"https://a.example/{n}", "c": name} for n, name in enumerate(NAMES)]
        world.site.put("https://a.example/api", json.dumps({"x": records}))
        lines = "".join(
            f'<outline text="{title}"><outline text="{title}" xmlUrl="https://a.example/{n}.xml"/></outline>'
            for n, title in enumerate(("../../../escaped", "/etc/escaped", "..", "a/../../b"))
        )
        world.site.put("https://a.example/opml", f'<opml version="2.0"><body>{lines}</body></opml>')
        before = outside(tmp_path)

        world.refresh()
        world.publish()

        assert len(world.entries) > 40
        assert outside(tmp_path) == before
        assert [path for path in world.tree() if not PUBLISHED.fullmatch(path)] == []
        assert not [path for path in tmp_path.rglob("*") if "escaped" in path.name and path.suffix == ""]


@pytest.mark.parametrize("slug", ["../../escaped", "/escaped", "a/../../../escaped", "a\0b"])
def test_a_store_that_somebody_spoilt_is_no_way_out_either(tmp_path: Path, slug: str) -> None:
    with World(tmp_path / "a", 'sources: [{url: "https://a.example/feed", category: one}]') as world:
        world.publish()
        before = outside(tmp_path)
        spoil(world, "UPDATE categories SET slug = ?, touched = touched + 1 WHERE slug = 'one'", slug)

        with pytest.raises(StoreError, match="is not a place in the output"):
            world.publish()

        assert outside(tmp_path) == before


def test_files_noted_by_a_spoilt_store_are_not_removed(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    with World(tmp_path / "a", "sources: []") as world:
        world.publish()
        spoil(world, "UPDATE files SET path = ? WHERE path = 'all.atom'", "../../theirs")

        with pytest.raises(StoreError, match="is not a place in the output"):
            world.publish()

    assert (tmp_path / "theirs").read_bytes() == b"theirs"
