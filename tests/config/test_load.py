"""What feeds.yaml comes to: the general part."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config import FOREVER, notes
from aggregator.model import Every, IdentityRules, Parameter, Polling
from tests.config.example import FULL, read

ONE = "sources: [https://example.org/feed.xml]\n"


def test_the_shortest_file_has_a_default_for_everything_else(tmp_path):
    config = read(tmp_path, ONE)

    assert config.folder == tmp_path
    assert config.storage == str(tmp_path / "aggregator.db")
    assert config.retention == timedelta(days=90)
    assert config.polling == Polling()
    assert config.identity == IdentityRules()
    assert config.site.url is None
    assert config.site.timezone == "UTC"
    assert config.output.directory == tmp_path / "output"
    assert config.output.formats == ("atom", "rss", "json_feed", "html", "opml")
    assert (config.output.limit, config.output.window, config.output.max_entries) == (50, timedelta(days=2), 500)
    assert config.server.listen == "127.0.0.1:8080"
    (source,) = config.sources
    assert (source.name, source.url, source.kind) == ("example.org/feed.xml", "https://example.org/feed.xml", None)
    assert source.categories == ("uncategorized",)


def test_the_full_example_is_read_whole(tmp_path):
    config = read(tmp_path, FULL)

    assert config.site.title == "金融消息"
    assert config.site.url == "https://feeds.example.org/"
    assert config.identity.parameters == (Parameter(name="infoCode"),)
    assert config.identity.patterns == (("infoCode", (r"\b(?:NW)?(\d{18})\b",)),)
    first, top = config.categories
    assert (first.name, first.title, first.limit, first.aliases) == ("吉林日报", "吉林日报新闻", 100, ("jilin",))
    assert (top.include, top.of, top.per_source) == ((("title", ("招商", "项目")),), ("吉林日报", "科技"), 5)
    assert [source.name for source in config.sources] == [
        "吉林日报",
        "要闻",
        "archive",
        "example.com/sitemap.xml",
        "example.com/reading-list.opml",
    ]
    assert {source.timezone for source in config.sources} == {"Asia/Shanghai"}
    assert {source.language for source in config.sources} == {"zh-CN"}
    assert notes(config) == ()


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("90d", timedelta(days=90)),
        ("1h30m", timedelta(minutes=90)),
        ("500ms", timedelta(milliseconds=500)),
        ("2w", timedelta(weeks=2)),
        ("0.5s", timedelta(milliseconds=500)),
        ("1.5h", timedelta(minutes=90)),
        ("0", timedelta(0)),
    ],
)
def test_a_time_span_is_a_number_with_its_unit(tmp_path, written, span):
    assert read(tmp_path, f"polling: {{pause: {written}}}\n{ONE}").polling.pause == span


@pytest.mark.parametrize(
    ("written", "size"), [("20MB", 20_000_000), ("512KiB", 524_288), ("1000", 1000), ("1 gb", 10**9)]
)
def test_a_size_is_in_bytes(tmp_path, written, size):
    assert read(tmp_path, f"polling: {{max_bytes: {written}}}\n{ONE}").sources[0].max_bytes == size


def test_retention_may_be_forever_everywhere(tmp_path):
    config = read(
        tmp_path,
        """
        retention: forever
        categories: {a: {retention: forever}, b: {retention: 3d}, c: {}}
        sources: [https://a.example.org, {url: https://b.example.org, retention: 1d}]
        """,
    )

    assert config.retention is None
    assert [category.retention for category in config.categories] == [FOREVER, timedelta(days=3), None]
    assert [source.retention for source in config.sources] == [None, timedelta(days=1)]


def test_paths_start_at_the_folder_of_the_file(tmp_path):
    config = read(tmp_path, f"storage: data/my.db\noutput: {{directory: ../public}}\n{ONE}")

    assert config.storage == str(tmp_path / "data" / "my.db")
    assert config.output.directory == tmp_path.parent / "public"


def test_a_tilde_is_the_home(tmp_path):
    assert read(tmp_path, f"storage: ~/my.db\n{ONE}").storage == str(Path("~/my.db").expanduser())


def test_a_database_server_is_named_by_its_url_and_its_password_by_the_environment(tmp_path):
    text = f"storage: 'postgres://me:${{PASSWORD}}@db.example.org/feeds'\n{ONE}"

    assert read(tmp_path, text, {"PASSWORD": "x"}).storage == "postgresql://me:x@db.example.org/feeds"


def test_the_environment_says_where_to_listen(tmp_path):
    text = f"server: {{listen: '[::1]:80'}}\n{ONE}"

    assert read(tmp_path, text).server.listen == "[::1]:80"
    assert read(tmp_path, text, {"AGGREGATOR_LISTEN": "unix:/run/a.sock"}).server.listen == "unix:/run/a.sock"


def test_site_addresses_end_with_a_slash(tmp_path):
    config = read(tmp_path, f"site: {{url: 'https://example.org/news', aliases: 'http://old.example.org'}}\n{ONE}")

    assert config.site.url == "https://example.org/news/"
    assert config.site_aliases == ("http://old.example.org/",)


def test_a_hub_is_announced_once_the_site_has_an_address(tmp_path):
    hub = "websub: {hub: 'https://hub.example.org/'}\n"

    assert read(tmp_path, hub + ONE).site.hub is None
    assert read(tmp_path, f"site: {{url: 'https://example.org'}}\n{hub}{ONE}").site.hub == "https://hub.example.org/"


def test_identity_knows_parameters_of_some_hosts_and_pairs_that_are_never_one(tmp_path):
    config = read(
        tmp_path,
        r"""
        identity:
          parameters: [infoCode, {name: id, hosts: [news.example.org]}]
          patterns: {infoCode: '(\d{18})'}
          near_duplicates: merge
          never: [[urn:a, urn:b]]
        sources: [https://example.org]
        """,
    )

    assert config.identity == IdentityRules(
        parameters=(Parameter(name="infoCode"), Parameter(name="id", hosts=("news.example.org",))),
        patterns=(("infoCode", (r"(\d{18})",)),),
        near_duplicates="merge",
        never=(("urn:a", "urn:b"),),
    )


def test_a_polling_interval_holds_for_sources_without_their_own(tmp_path):
    config = read(
        tmp_path,
        """
        polling: {every: 30m}
        sources:
          - https://a.example.org
          - {url: https://b.example.org, every: adaptive}
          - {url: https://c.example.org, every: '*/15 8-20 * * *'}
        """,
    )

    half_hour = Every(interval=timedelta(minutes=30))
    assert config.polling.every == half_hour
    assert [source.every for source in config.sources] == [half_hour, None, Every(cron="*/15 8-20 * * *")]


def test_a_key_without_a_value_is_as_good_as_not_written(tmp_path):
    config = read(tmp_path, f"site:\noutput: {{limit: }}\ncategories: {{tech: }}\n{ONE}")

    assert config.output.limit == 50
    assert config.categories[0].name == "tech"


def test_names_that_are_numbers_to_yaml_are_taken_as_written(tmp_path):
    config = read(
        tmp_path,
        """
        takedown: 202202252288940718
        categories: {2024: {title: 1.10}, 007: {}}
        sources: [{url: https://example.org, name: 2026-11-01, category: [2024, 007]}]
        """,
    )

    assert config.takedown == ("202202252288940718",)
    assert [category.name for category in config.categories] == ["2024", "007"]
    assert config.categories[0].title == "1.10"
    assert config.sources[0].name == "2026-11-01"
    assert config.sources[0].categories == ("2024", "007")


def test_what_may_not_be_meant_is_noted(tmp_path):
    config = read(
        tmp_path,
        """
        output: {limit: 50, max: 10}
        websub: {subscribe: true}
        sources:
          - {url: https://example.org, enabled: false, kind: json_api, items: x, fields: {titel: x, infoCode: y}}
        """,
    )

    assert notes(config) == (
        "site.url is not set: the feeds have no self links and name no hub",
        "websub.subscribe needs site.url; hubs could not reach us",
        "every source has enabled: false; nothing is polled",
        "output.max (10) is less than output.limit (50), and wins",
        "websub has no effect yet: this version does not know it",
        "source example.org: 'titel' is no field of an entry; did you mean 'title'?",
    )


@pytest.mark.parametrize(
    ("written", "unread"),
    [
        ("kind: feed, items: li, fields: {title: a}", ["items", "fields"]),
        ("kind: sitemap, fields: {title: a}, next: a", ["fields", "next"]),
        ("kind: opml, items: li", ["items"]),
        ("kind: jekyll_posts, items: li, fields: {title: name}", ["items"]),
        ("kind: html_list, items: li, fields: {title: a}, next: a.more@href", []),
        ("kind: json_api, items: li, fields: {title: a}, next: more", []),
        ("kind: feed, next: {pages: 3}", []),
        ("items: li, fields: {title: a}", []),
    ],
)
def test_a_place_that_no_reader_of_the_kind_looks_at_is_noted(tmp_path, written, unread):
    config = read(tmp_path, f"sources: [{{url: https://example.org, {written}}}]")

    assert [note.split()[2] for note in notes(config) if "says nothing" in note] == unread


def test_name_of_an_anchor_may_come_twice():
    from aggregator.config.lines import Lines

    assert Lines("a: &x 1\nb: &x 2\nc: *x\n", file="feeds.yaml").data == {"a": 1, "b": 2, "c": 2}
