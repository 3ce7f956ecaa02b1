"""What the list of sources comes to: names, defaults, kinds that follow, rules that are merged."""

from datetime import timedelta

import pytest

from aggregator.model import (
    ArticleRule,
    Const,
    EntryCategories,
    IdentityRules,
    Paging,
    Parameter,
    Source,
)
from tests.config.example import FULL, read


def sources(folder, text, environ=None) -> list[Source]:
    return list(read(folder, text, environ).sources)


def only(folder, written, **environ) -> Source:
    (source,) = sources(folder, f"sources: [{{{written}}}]", environ)
    return source


def test_a_page_is_read_by_its_selectors(tmp_path):
    source = sources(tmp_path, FULL)[0]

    assert source.kind == "html_list"
    assert source.items == "section ul li"
    assert source.fields == (("title", ("a",)), ("url", ("a@href",)))
    assert source.article == ArticleRule(
        content=("section",),
        remove=("section > small", "section > h1", "a:-soup-contains('返回')"),
        fields=(("published", ("section > small",)),),
    )


def test_an_api_that_says_where_its_texts_are_has_them_in_json(tmp_path):
    source = sources(tmp_path, FULL)[1]

    assert source.article == ArticleRule(
        url="https://news.example.org/GetNewsText.do?id={infocode}", as_="json", content=("text",)
    )


@pytest.mark.parametrize(
    "article", ["{url: 'https://example.org/{id}.html'}", "{content: section}", "{as: html, url: '/{id}'}"]
)
def test_the_pages_of_an_api_are_html(tmp_path, article):
    source = only(
        tmp_path, f"url: 'https://example.org', kind: json_api, items: a, fields: {{id: b}}, article: {article}"
    )

    assert source.article is not None
    assert source.article.as_ == "html"


@pytest.mark.parametrize(
    ("written", "expected"), [("auto", ArticleRule(auto=True)), ("true", ArticleRule(auto=True)), ("false", None)]
)
def test_articles_may_be_read_without_rules_or_not_at_all(tmp_path, written, expected):
    assert only(tmp_path, f"url: 'https://example.org', article: {written}").article == expected


def test_fields_are_texts_constants_or_lists_of_them_and_link_is_another_word_for_url(tmp_path):
    source = only(
        tmp_path, "url: 'https://example.org', fields: {link: a, author: [b, {const: Desk}], category: {const: 5}}"
    )

    assert source.fields == (
        ("url", ("a",)),
        ("author", ("b", Const(text="Desk"))),
        ("category", (Const(text="5"),)),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ("uncategorized",)),
        ("category: []", ()),
        ("category: 科技", ("科技",)),
        ("category: [a, b, a]", ("a", "b")),
    ],
)
def test_a_source_stands_in_one_category_in_several_or_in_none(tmp_path, written, expected):
    assert only(tmp_path, f"url: 'https://example.org', {written}").categories == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("true", EntryCategories()),
        ("false", None),
        ("{only: [a], drop: b}", EntryCategories(only=("a",), drop=("b",))),
    ],
)
def test_entries_may_bring_their_categories(tmp_path, written, expected):
    assert only(tmp_path, f"url: 'https://example.org', entry_categories: {written}").entry_categories == expected


def test_defaults_give_any_key_and_a_source_takes_it_back(tmp_path):
    found = sources(
        tmp_path,
        """
        defaults: {language: de, category: [news], every: 30m, article: auto, title: T}
        sources:
          - https://a.example.org
          - {url: https://b.example.org, language: fr, category: [], every: adaptive, article: false, title: }
        """,
    )

    assert found[0].language == "de"
    assert found[0].categories == ("news",)
    assert found[0].article == ArticleRule(auto=True)
    second = found[1]
    assert (second.language, second.categories, second.every, second.article, second.title) == (
        "fr",
        (),
        None,
        None,
        None,
    )


def test_a_source_without_a_language_does_not_take_the_sites(tmp_path):
    assert sources(tmp_path, "site: {language: zh-CN}\nsources: [https://example.org]")[0].language is None


def test_what_a_source_leaves_open_is_as_the_general_part_says(tmp_path):
    found = sources(
        tmp_path,
        """
        site: {timezone: Asia/Shanghai}
        retention: 5d
        polling: {max_bytes: 1MB, robots: false}
        network: {allow_private: true}
        sources:
          - https://a.example.org
          - {url: https://b.example.org, timezone: UTC, retention: forever, max_bytes: 2MB, robots: true,
             allow_private: false}
        """,
    )

    def general(source):
        return source.timezone, source.retention, source.max_bytes, source.robots, source.allow_private

    assert general(found[0]) == ("Asia/Shanghai", timedelta(days=5), 1_000_000, False, True)
    assert general(found[1]) == ("UTC", None, 2_000_000, True, False)


@pytest.mark.parametrize(("overall", "own", "expected"), [("excerpt", "full", "excerpt"), ("full", "title", "title")])
def test_the_strictest_word_on_republishing_wins(tmp_path, overall, own, expected):
    text = f"output: {{republish: {overall}}}\nsources: [{{url: 'https://example.org', republish: {own}}}]"

    assert sources(tmp_path, text)[0].republish == expected


def test_a_sources_own_identity_stands_before_the_general_one(tmp_path):
    found = sources(
        tmp_path,
        r"""
        identity: {parameters: [infoCode, id], patterns: {infoCode: '(\d{18})'}, near_duplicates: merge}
        sources:
          - url: https://example.org
            identity: {parameters: {name: ID, hosts: x.org}, patterns: {infocode: 'NW(\d+)', a: '(b)'}, urls: any}
        """,
    )

    assert found[0].identity == IdentityRules(
        parameters=(Parameter(name="ID", hosts=("x.org",)), Parameter(name="infoCode")),
        patterns=(("infocode", (r"NW(\d+)", r"(\d{18})")), ("a", ("(b)",))),
        near_duplicates="merge",
        urls="any",
    )


def test_filters_are_patterns_by_field(tmp_path):
    source = only(tmp_path, "url: 'https://example.org', include: {title: [a, b], text: c}, exclude: {author: d}")

    assert source.include == (("title", ("a", "b")), ("text", ("c",)))
    assert source.exclude == (("author", ("d",)),)


def test_a_list_may_have_further_pages(tmp_path):
    assert only(tmp_path, "url: 'https://example.org', next: 'a.next@href'").next == Paging(url="a.next@href", pages=10)
    assert only(tmp_path, "url: 'https://example.org', next: {url: '/{page}', pages: 3}").next == Paging(
        url="/{page}", pages=3
    )


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("body: q=1", "q=1"),
        ("body: {q: 早春, n: [1, true, null]}", '{"q": "早春", "n": [1, true, null]}'),
        ("body: [{a: ${KEY}}]", '[{"a": "k3y"}]'),
    ],
)
def test_a_body_may_be_written_as_what_its_json_says(tmp_path, written, sent):
    source = only(tmp_path, f"url: 'https://example.org/api', {written}".replace("${KEY}", '"${KEY}"'), KEY="k3y")

    assert (source.body, source.method) == (sent, "POST")


def test_pages_that_a_body_counts_need_no_address(tmp_path):
    api = "kind: json_api, url: 'https://example.org/api', items: list, fields: {title: t}"
    source = only(tmp_path, f"{api}, body: {{page: '{{page}}', size: 20}}, next: {{pages: 3}}")

    assert source.next == Paging(pages=3)
    assert source.body == '{"page": "{page}", "size": 20}'


def test_a_feed_names_its_further_pages_itself(tmp_path):
    assert only(tmp_path, "url: 'https://example.org/feed', next: {pages: 3}").next == Paging(pages=3)
    assert only(tmp_path, "url: 'https://example.org/feed', kind: feed, next: {pages: 3}").next == Paging(pages=3)


def test_a_body_is_posted_unless_the_method_is_written(tmp_path):
    assert only(tmp_path, "url: 'https://example.org', body: '{}'").method == "POST"
    assert only(tmp_path, "url: 'https://example.org', body: '{}', method: GET").method == "GET"


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("url: 'https://Example.org/Feed/'", "example.org/Feed"),
        ("url: 'https://me:secret@example.org:8080/a%20b?token=t#x'", "example.org:8080/a b"),
        ("path: ../finews/_posts/", "_posts"),
        ("path: 'posts/*.md'", "posts"),
        ("path: saved/feed.xml", "feed.xml"),
    ],
)
def test_a_source_is_named_after_its_address(tmp_path, written, name):
    assert only(tmp_path, written).name == name


def test_made_names_are_unique_and_do_not_hang_on_the_others(tmp_path):
    one, two, three = (
        "https://example.org/api?type=1",
        "https://example.org/api?type=2",
        "https://example.org/api?type=3",
    )

    names = [source.name for source in sources(tmp_path, f"sources: ['{one}', '{two}', '{three}']")]

    assert len(set(names)) == 3
    assert names[0] == "example.org/api"
    assert [source.name for source in sources(tmp_path, f"sources: ['{one}', '{three}']")] == [names[0], names[2]]


def test_no_made_name_takes_a_written_name_or_alias(tmp_path):
    found = sources(
        tmp_path,
        """
        sources:
          - https://example.org/a
          - https://example.org/b
          - {name: example.org/a, url: https://example.org/c, aliases: example.org/b}
        """,
    )

    assert found[2].name == "example.org/a"
    assert len({source.name for source in found} | {"example.org/b"}) == 4


def test_one_address_may_be_read_several_times(tmp_path):
    found = sources(tmp_path, f"sources: {['https://example.org'] * 3}")

    assert len({source.name for source in found}) == 3


# --- kinds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("path: posts/", "jekyll_posts"),
        ("path: 'posts/*.xml'", "jekyll_posts"),
        ("path: a.md", "jekyll_posts"),
        ("path: a.HTML", "jekyll_posts"),
        ("path: a.xml", None),
        ("path: there", "jekyll_posts"),
        ("path: not-there", None),
        ("path: sitemap.xml", "sitemap"),
        ("url: 'https://example.org/sitemaps/news-sitemap2.xml.gz?x=1'", "sitemap"),
        ("url: 'https://example.org/sitemap-of-the-moon.html'", None),
        ("path: a.html, items: li, fields: {title: a@title}", "html_list"),
        ("url: 'https://example.org'", None),
        ("url: 'https://example.org', items: 'div > li', fields: {url: a@href}", "html_list"),
        ("url: 'https://example.org', items: data.list, fields: {title: title}", None),
    ],
)
def test_the_kind_is_known_where_it_follows_from_what_is_written(tmp_path, written, kind):
    (tmp_path / "there").mkdir()

    assert only(tmp_path, written).kind == kind


def test_a_path_starts_at_the_folder_of_the_file_and_may_be_a_file_url(tmp_path):
    assert only(tmp_path, "path: ../a/*.md").path == str(tmp_path.parent / "a" / "*.md")
    source = only(tmp_path, "url: 'file:///srv/my%20feeds/a.xml'")
    assert (source.url, source.path, source.kind) == (None, "/srv/my feeds/a.xml", None)
    for written in ("FILE:///srv/a.xml", "file:/srv/a.xml", "file://localhost/srv/a.xml"):
        assert only(tmp_path, f"url: '{written}'").path == "/srv/a.xml"


# --- secrets -------------------------------------------------------------------------------------


def test_secrets_come_from_the_environment_and_stay_out_of_names(tmp_path):
    source = only(
        tmp_path,
        "url: 'https://example.org/${TOKEN}/feed', headers: {Authorization: 'Bearer ${TOKEN}'}, body: 'a=${OTHER}'",
        TOKEN="hush",
        OTHER="x",
    )

    assert source.url == "https://example.org/hush/feed"
    assert source.headers == (("Authorization", "Bearer hush"),)
    assert source.body == "a=x"
    assert source.name == "example.org/${TOKEN}/feed"


# --- salt ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["items: b", "timezone: Asia/Tokyo", "article: auto", "include: {title: x}", "remove: p"]
)
def test_what_decides_how_an_answer_is_read_changes_the_salt(tmp_path, change):
    assert (
        only(tmp_path, "url: 'https://example.org'").salt
        != only(tmp_path, f"url: 'https://example.org', {change}").salt
    )


@pytest.mark.parametrize(
    "change", ["name: b", "title: b", "category: b", "every: 5m", "priority: 3", "headers: {A: b}"]
)
def test_what_does_not_leaves_the_salt(tmp_path, change):
    assert (
        only(tmp_path, "url: 'https://example.org'").salt
        == only(tmp_path, f"url: 'https://example.org', {change}").salt
    )
