"""What is said of a feeds.yaml that is wrong: everything at once, each with its line and what to do."""

import time

import pytest

from aggregator.config import load
from aggregator.errors import ConfigError
from tests.config.example import FORMATS, KINDS, complaint, problems, write

ONE = "sources: [https://example.org/feed.xml]"


def told(folder, text, environ=None):
    return [str(problem).removeprefix(f"{folder}/feeds.yaml:") for problem in problems(folder, text, environ)]


def test_a_misspelt_key_is_told_with_its_line_and_the_word_that_was_meant(tmp_path):
    text = """\
    sources:
      - https://a.example.org
      - https://b.example.org
      - https://c.example.org

      # a page without a feed
      - name: d
        kind: html_list
        url: https://d.example.org
        items: li
        fields: {title: a}
        itmes: li
    """

    assert complaint(tmp_path, text) == "feeds.yaml:12: sources[3].itmes: unknown key; did you mean 'items'?"


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_lines(tmp_path):
    found = told(
        tmp_path,
        """\
        sit: {}
        site:
          titel: x
          url: example.org
          timezone: Mars/Olympus
        polling:
          every: 5 minutes
          min: 13h
          max_bytes: lots
        output: {formats: [atom, pdf], limit: 0, index: 1}
        storage: mysql://me:secret@x
        identity: {patterns: {a: 'b'}, parameters: [{host: x}]}
        defaults: {langage: en}
        sources:
          - ftp://b.org
          - kind: html_lsit
            url: https://c.org
            fields: {title: [], url: a}
        """,
    )

    assert found == [
        "1: sit: unknown key; did you mean 'site'?",
        "3: site.titel: unknown key; did you mean 'title'?",
        "4: site.url: 'example.org' is not an http or https URL; did you mean 'https://example.org'?",
        "5: site.timezone: 'Mars/Olympus' is not a time zone; write it like Asia/Shanghai or UTC",
        "7: polling.every: '5 minutes' is no interval; write adaptive, a time span such as 30m, "
        "or a cron expression such as '*/15 8-20 * * *'",
        "8: polling.min: is longer than polling.max",
        "9: polling.max_bytes: 'lots' is not a size; write it like 20MB or 512KiB",
        "10: output.formats[1]: 'pdf' is not one of atom, html, jekyll, json_feed, opml, rss",
        "10: output.limit: must be at least 1",
        "10: output.index: must be true or false",
        "11: storage: cannot be mysql://…; write a path (SQLite), or postgresql://user@host/db",
        "12: identity.parameters[0].name: is missing",
        "12: identity.parameters[0].host: unknown key; did you mean 'hosts'?",
        "12: identity.patterns.a: 'b' has no group: put the part that names the article in ( )",
        "13: defaults.langage: unknown key; did you mean 'language'?",
        "15: sources[0].url: 'ftp://b.org' is not an http or https URL; did you mean 'https://b.org'?",
        "16: sources[1].kind: 'html_lsit' is not one of feed, html_list, jekyll_posts, json_api, opml, sitemap",
        "18: sources[1].fields.title: must name at least one place to read from",
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("url: 'https://example.org', priority: high", "priority: must be a whole number"),
        ("url: 'https://example.org', feed: 1", "feed: must be true or false"),
        ("url: 'https://example.org', title: [a]", "title: must be text"),
        ("url: 'https://example.org', title: ''", "title: must not be empty"),
        ("url: 'https://example.org', headers: a", "headers: must be a mapping: keys, each with a value"),
        ("url: 'https://example.org', next: [a]", "next: must be a mapping: keys, each with a value"),
        ("url: 'https://example.org', next: {url: true}", "next.url: must be text"),
        (
            "url: 'file://elsewhere/a.xml'",
            "url: 'file://elsewhere/a.xml' is a file on another machine; is it 'file:///elsewhere/a.xml'?",
        ),
        ("url: 'file:a.xml'", "url: 'file:a.xml' is no whole path; write path: a.xml"),
        ("url: 'https://example.org', items: li, next: {pages: 2}", "next: needs a url, which says where"),
        ("url: 'https://example.org', aliases: [1, true]", "aliases[1]: must be text"),
        ("url: 'https://example.org', flood: drop", "flood: must be one of hold, pass"),
        ("url: 'https://example.org', backlog: -1", "backlog: must be at least 0"),
        ("url: 'https://example.org', every: '60 * * * *'", "every: '60 * * * *' is not a cron expression: "),
        ("url: 'https://example.org', every: 0", "every: '0' is no interval; "),
        ("url: 'https://example.org', retention: 99999999d", "retention: '99999999d' is longer than a hundred years"),
        ("url: 'https://example.org', language: 中文", "language: '中文' is not a language; write it like zh-CN or en"),
        ("url: 'https://example.org', timezone: [a]", "timezone: must be text"),
        ("url: 'https://example.org', include: {titel: a}", "include.titel: unknown key; did you mean 'title'?"),
        ("url: 'https://example.org', exclude: {text: '('}", "exclude.text: '(' is not a regular expression: "),
        (
            "url: 'https://example.org', article: {contents: p}",
            "article.contents: unknown key; did you mean 'content'?",
        ),
        ("url: 'https://example.org', article: yes please", "article: must be a mapping: keys, each with a value"),
        ("url: 'https://example.org', article: {remove: 'p::'}", "article.remove: 'p::' is not a selector: "),
        (
            "url: 'https://example.org', article: {url: 'https://x/{id'}",
            "article.url: 'https://x/{id' has a { without ",
        ),
        ("url: 'https://example.org', headers: {'a b': c}", "headers.a b: 'a b' cannot be the name of a header"),
        (
            'url: "https://example.org", headers: {a: "b\\nc"}',
            "headers.a: the value of a header cannot hold a line break",
        ),
        ("url: 'https://exa mple.org/'", "url: 'https://exa mple.org/' has white space in it; write %20 for a space"),
        ("url: 'https:///feed'", "url: 'https:///feed' names no host"),
        ("url: 'https://example.org', path: a", "path: a source has either a url or a path, not both"),
        ("name: a", "has neither a url nor a path"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_plain_words(tmp_path, written, message):
    found = complaint(tmp_path, f"sources: [{{{written}}}]")

    assert found.removeprefix("feeds.yaml:1: sources[0]").lstrip(".: ").startswith(message)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("kind: html_list, items: 'li[', fields: {title: a}", "items: 'li[' is not a selector: "),
        (
            "kind: html_list, items: li, fields: {title: ['a', 'b:nope()@x']}",
            "fields.title: 'b:nope()@x' is not a selector: ",
        ),
        (
            "kind: json_api, items: a..b, fields: {title: a}",
            "items: 'a..b' is neither a key nor a JMESPath; it goes wrong at '.b'",
        ),
        (
            "kind: json_api, items: a, fields: {title: 'a['}",
            "fields.title: 'a[' is neither a key nor a JMESPath; it ends too early",
        ),
        (
            "kind: html_list, fields: {title: a}",
            "a source of kind html_list needs items: a selector that finds one element",
        ),
        ("kind: json_api, items: a", "a source of kind json_api needs fields, such as {title: …, url: …}"),
    ],
)
def test_a_selector_or_path_that_cannot_be_understood_is_told_before_anything_is_fetched(tmp_path, mapping, message):
    found = complaint(tmp_path, f"sources: [{{url: 'https://example.org', {mapping}}}]")

    assert found.removeprefix("feeds.yaml:1: sources[0]").lstrip(".: ").startswith(message)


@pytest.mark.parametrize(
    "field", ["来源", "'标签[].名'", "pub-date", "'https://x.org/{id}?a=[1]'", "'/a/{b}'", "'[].a | [0]'", "'@id'"]
)
def test_keys_of_any_script_paths_and_templates_are_all_right(tmp_path, field):
    text = f"sources: [{{url: 'https://e.org', kind: json_api, items: '@', fields: {{title: {field}}}}}]"

    assert load(write(tmp_path, text), kinds=KINDS, formats=FORMATS, environ={}).sources


# --- names, categories ---------------------------------------------------------------------------


def test_two_sources_cannot_bear_one_name(tmp_path):
    text = """\
    sources:
      - {name: a, url: https://a.example.org}
      - {name: b, url: https://b.example.org, aliases: [c, a]}
      - {name: a, url: https://c.example.org}
    """

    assert told(tmp_path, text) == [
        "3: sources[1].aliases: 'a' already names the source in line 2; a source is its name, so write another",
        "4: sources[2].name: 'a' already names the source in line 2; a source is its name, so write another",
    ]


def test_two_categories_cannot_have_one_slug(tmp_path):
    text = f"""\
    {ONE}
    categories:
      top:
      一: {{slug: first}}
      二: {{slug: first}}
      三: {{slug: top}}
      四: {{aliases: [first, own]}}
      五: {{slug: No Slug}}
    """

    assert told(tmp_path, text) == [
        "5: categories.二.slug: the slug 'first' is that of the category '一' already",
        "6: categories.三.slug: the slug 'top' is that of the category 'top' already",
        "7: categories.四.aliases: the slug 'first' is that of the category '一' already",
        "8: categories.五.slug: 'No Slug' is not a slug: lower-case letters a-z, digits and single hyphens, at most 80",
    ]


def test_what_every_source_has_of_its_own_is_no_default(tmp_path):
    text = f"defaults: {{url: 'https://example.org'}}\n{ONE}"

    assert complaint(tmp_path, text) == "feeds.yaml:1: defaults.url: cannot be a default; write it at each source"


def test_a_mistake_in_the_defaults_is_told_once(tmp_path):
    assert len(problems(tmp_path, "defaults: {every: 5, feed: x}\nsources: ['https://a.org', 'https://b.org']")) == 2


# --- secrets -------------------------------------------------------------------------------------


def test_a_secret_that_is_not_set_is_told_with_its_line(tmp_path):
    text = "sources:\n  - url: https://example.org/${TOKEN}\n    headers:\n      X: ${TOKEN}"

    assert told(tmp_path, text) == [
        "2: sources[0].url: the environment has no variable TOKEN, which ${TOKEN} stands for",
        "4: sources[0].headers.X: the environment has no variable TOKEN, which ${TOKEN} stands for",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "url: 'https://me:${SECRET}@example.org/'",
        "url: '${SECRET}'",
        "url: 'https://example.org', every: '${SECRET}'",
        "url: 'https://example.org', kind: '${SECRET}'",
        "url: 'https://example.org', exclude: {title: '${SECRET}('}",
        "url: 'https://example.org', article: {url: 'https://x.org/?t=${SECRET}&i={id'}",
        "url: 'https://example.org', kind: html_list, items: 'a[${SECRET}', fields: {title: a}",
    ],
)
def test_no_part_of_a_secret_is_ever_shown(tmp_path, written):
    found = told(tmp_path, f"sources: [{{{written}}}]", {"SECRET": "hush#[1/abc:secret-part"})

    assert found
    assert not any(part in message for part in ("hush", "secret-part", "abc") for message in found)
    assert all("${SECRET}" in message for message in found)


def test_an_address_to_listen_on_is_checked_wherever_it_comes_from(tmp_path):
    assert complaint(tmp_path, ONE, {"AGGREGATOR_LISTEN": "nowhere"}) == (
        "feeds.yaml:1: server.listen: AGGREGATOR_LISTEN: 'nowhere' is not an address to listen on; "
        "write 127.0.0.1:8080, [::1]:8080 or unix:/path"
    )


# --- the file itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: is empty; write at least: sources: [https://example.org/feed.xml]"),
        ("# nothing yet\n", "1: is empty; write at least: sources: [https://example.org/feed.xml]"),
        ("- https://example.org", "1: must be a mapping that begins with keys, such as sources:"),
        ("site: {title: a}", "1: sources: no sources; write at least one, such as '- https://example.org/feed.xml'"),
        ("sources:", "1: sources: no sources; write at least one, such as '- https://example.org/feed.xml'"),
        ("sources: {a: b}", "1: sources: must be a list of sources"),
        ("sources:\n  - 5", "2: sources[0]: must be a URL, or a mapping with a url or a path"),
        ("sources: [posts/]", "1: sources[0].url: 'posts/' is not an http or https URL; for a folder or a file, "),
        (f"site: 5\n{ONE}", "1: site: must be a mapping: keys, each with a value"),
        (f"defaults: [a]\n{ONE}", "1: defaults: must be a mapping: keys of a source, each with a value"),
        (f"{ONE}\nsources: []", "2: sources: the key stands here a second time; it was in line 1 first"),
        ("sources:\n\t- a", "2: a tab stands here; YAML is indented with spaces"),
        ("site: {title: a\nsources: [x]", "2: not YAML: expected ',' or '}', but got ':'; between [ ] or { }, "),
        ("sources:\n  - {title: [a, b}", "2: not YAML: expected ',' or ']', but got '}'; between [ ] or { }, "),
        ("sources: [", "1: not YAML: the [ or { in this line has no end"),
        ("site:\n  title: a: b", "2: not YAML: ': ' where none can be; look at the indentation, or put "),
        ("sources:\n  - title: 'a\n\nsite: b\n", "2: not YAML: while scanning a quoted scalar: found unexpected end"),
        ("sources:\n  - url: @href", "2: not YAML: a text that begins with @ has to stand in quotes"),
        ("sources:\n  - *a", "2: not YAML: found undefined alias 'a'; a text that begins with * "),
        ("a: 1\n---\nb: 2", "2: a second document (---) begins here; one file holds one"),
        ("site:\n  title: \x07", "2: a control character stands here, which YAML does not allow"),
        ("site: " + "[" * 100, "1: nested more than 64 levels deep"),
        (f"{ONE}\nsite: &a {{x: *a}}", "2: the aliases (*name) in this file unfold without end"),
        (f"{ONE}\nsite: &a {{<<: *a}}", "2: the aliases (*name) in this file unfold without end"),
        (f"{ONE}\n? [a]\n: b", "2: a key must be text"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path, text, message):
    (tmp_path / "feeds.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "feeds.yaml", kinds=KINDS, formats=FORMATS, environ={})

    assert str(caught.value.problems[0]).removeprefix(f"{tmp_path}/feeds.yaml:").startswith(message)


def test_aliases_of_aliases_do_not_fill_the_memory(tmp_path):
    levels = [f"  l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]" for level in range(1, 12)]
    text = "\n".join([ONE, "site:", "  l0: &l0 [x, x]", *levels])
    began = time.monotonic()

    assert "unfold without end" in complaint(tmp_path, text)
    assert time.monotonic() - began < 20


def test_aliases_and_merges_are_followed_and_blamed_where_they_stand(tmp_path):
    text = """\
    defaults: &d {language: de}
    sources:
      - {<<: *d, url: 'https://a.example.org', titel: x}
      - <<: [*d, {every: 5}]
        url: https://b.example.org
    """

    assert [line.partition(";")[0] for line in told(tmp_path, text)] == [
        "3: sources[0].titel: unknown key",
        "4: sources[1].every: '5' is no interval",
    ]


def test_a_file_that_is_not_there_not_a_file_or_not_utf_8_is_told_apart(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"site:\n  title: caf\xe9\n")

    def message(path):
        with pytest.raises(ConfigError) as caught:
            load(path, kinds=KINDS, formats=FORMATS, environ={})
        return str(caught.value)

    assert message(tmp_path / "none.yaml").startswith(f"{tmp_path}/none.yaml:1: there is no such file")
    assert message(tmp_path).startswith(f"{tmp_path}:1: cannot be read: ")
    assert message(latin) == f"{latin}:2: must be saved as UTF-8"


def test_rules_that_are_wrong_are_told_all_at_once_each_with_its_line(tmp_path):
    text = """\
    sources:
      - url: https://a.example
        include:
          titel: [a]
          title:
            - fine
            - '*广告*'
            - 'C++ (new'
          age: [7 days]
        exclude:
          age: [30, '>> 3d', 200000d]
          text: '(a{1000}){1000}'
      - {url: 'https://b.example', include: [招商]}
    categories:
      top: {include: {titles: x, age: soon}, per_source: 0}
      a: {of: [b]}
      b: {of: [c]}
      c: {of: [a, c]}
    """

    assert told(tmp_path, text) == [
        "4: sources[0].include.titel: unknown key; did you mean 'title'?",
        "7: sources[0].include.title[1]: '*广告*' is not a regular expression: nothing to repeat at position 0; "
        "a word is searched anywhere, so write '广告'",
        "8: sources[0].include.title[2]: 'C++ (new' is not a regular expression: missing ) at position 8; "
        r"to find these very characters, write 'C\+\+ \(new'",
        "9: sources[0].include.age[0]: '7 days' is not an age; write it like 30d, >30d or <2h",
        "11: sources[0].exclude.age[0]: '30' is not an age; write it like 30d, >30d or <2h",
        "11: sources[0].exclude.age[1]: '>> 3d' is not an age; write it like 30d, >30d or <2h",
        "11: sources[0].exclude.age[2]: '200000d' is longer than a hundred years",
        "12: sources[0].exclude.text: '(a{1000}){1000}' is not a regular expression: "
        "its repetitions come to more than 10000 characters at position 9; "
        r"to find these very characters, write '\(a\{1000\}\)\{1000\}'",
        "13: sources[1].include: must say in which fields, such as {title: [word, another], text: [word]}",
        "15: categories.top.include.age: 'soon' is not an age; write it like 30d, >30d or <2h",
        "15: categories.top.include.titles: unknown key; did you mean 'title'?",
        "15: categories.top.per_source: must be at least 1",
        "16: categories.a.of: leads back to this category itself by way of others",
        "17: categories.b.of: leads back to this category itself by way of others",
        "18: categories.c.of: leads back to this category itself by way of others",
    ]


def test_texts_that_are_found_by_themselves_are_found_in_pages(tmp_path):
    source = "{url: https://a.example.org/x, article: {auto: true, as: json}}"

    assert complaint(tmp_path, f"sources: [{source}]").startswith(
        "feeds.yaml:1: sources[0].article.as: auto finds texts"
    )
