import gzip

import pytest

from tests.cli.conftest import Cli, rss
from tests.fetch.site import Answer

LIST = b"""<!doctype html><title>News</title><ul>
<li><a href="/1.html">boat found</a></li><li><a href="/2.html">cat elected</a></li>
<li><a href="/3.html">bridge sings</a></li><li><a href="/4.html">fog lifts</a></li></ul>"""
PAGE = "<!doctype html><main><small>2026年01月05日 08:30</small><p>The whole story.</p></main>".encode()


@pytest.fixture
def pages(web, written):
    """A list of four articles, the pages of the first two are there."""
    html = [("Content-Type", "text/html; charset=utf-8")]
    web.answers |= {"/list": Answer(headers=html, body=LIST)}
    web.answers |= {f"/{number}.html": Answer(headers=html, body=PAGE) for number in (1, 2)}
    written(
        f"{{name: harbour, kind: html_list, url: '{web.url}/list', items: li, fields: {{title: a, url: a@href}}, "
        "category: 吉林日报, article: {content: p, published: small}}"
    )
    return web


def test_the_preview_has_every_key_of_the_contract(cli: Cli, web, tmp_path):
    web.answers["/feed"] = rss("boat found", "cat elected")

    ended = cli("preview", f"{web.url}/feed", "--json")

    seen = ended.json
    assert ended.status == 0
    assert {"source", "kind", "requests", "entries", "warnings"} <= seen.keys()
    assert (seen["source"], seen["kind"], seen["warnings"], seen["error"]) == (f"{web.url}/feed", "feed", [], None)
    (request,) = seen["requests"]
    assert (request["url"], request["status"], request["error"]) == (f"{web.url}/feed", 200, None)
    assert request["size_bytes"] == len(web.answers["/feed"].body)
    entry = seen["entries"][0]
    assert (entry["title"], entry["url"]) == ("boat found", "https://harbour.example/boat-found")
    assert (entry["published"], entry["updated"]) == ("2026-01-05T23:00:00Z", None)
    assert entry["categories"] == ["uncategorized"]
    assert {"kind": "url", "value": "harbour.example/boat-found"} in entry["keys"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_named_by_its_path_or_its_file_url(cli: Cli, tmp_path):
    folder = tmp_path / "my feeds"
    folder.mkdir()
    (folder / "新.xml").write_bytes(rss("boat found").body)

    for word in (str(folder / "新.xml"), "my feeds/新.xml", (folder / "新.xml").as_uri()):
        seen = cli("preview", word, "--json").json
        assert [entry["title"] for entry in seen["entries"]] == ["boat found"]
        assert seen["error"] is None


def test_people_see_what_was_asked_and_what_was_read(cli: Cli, web):
    web.answers["/feed"] = rss("boat found")

    lines = cli("preview", f"{web.url}/feed").out.splitlines()

    assert lines[0].startswith(f"asked    {web.url}/feed  (200, ")
    assert lines[1:4] == [
        "kind     feed, called Harbour News",
        "found    1 entry",
        "told     title 1, url 1, date 1, author 0, text 1, image 0",
    ]
    assert lines[5] == "2026-01-05 23:00:00+00:00  boat found"
    assert lines[-1] == "  text     All about boat found."


def test_of_a_source_in_feeds_yaml_the_first_article_pages_are_read(cli: Cli, pages, tmp_path):
    ended = cli("preview", "harbour", "--json")

    seen = ended.json
    assert ended.status == 0
    assert [request["status"] for request in seen["requests"]] == [200, 200, 200, 404]
    assert [entry["html"] is not None for entry in seen["entries"]] == [True, True, False, False]
    assert seen["entries"][0]["published"] == "2026-01-05T08:30:00Z"
    assert seen["entries"][0]["categories"] == ["jilinribao"]
    assert any("bridge sings" in warning and "404" in warning for warning in seen["warnings"])
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_a_source_can_be_named_by_its_address(cli: Cli, pages):
    assert cli("preview", f"{pages.url}/list", "--json").json["source"] == "harbour"


def test_article_pages_of_which_none_can_be_read_are_a_failure(cli: Cli, pages):
    for number in (1, 2):
        pages.answers[f"/{number}.html"] = Answer(status=500)

    ended = cli("preview", "harbour")

    assert ended.status == 1
    assert "✗ harbour: the article page of boat found: 500" in ended.out


def test_a_page_that_names_its_feed_is_followed(cli: Cli, web):
    page = b"<!doctype html><link rel=alternate type='application/rss+xml' href='/feed'><p>Hello</p>"
    web.answers |= {"/": Answer(headers=[("Content-Type", "text/html")], body=page), "/feed": rss("boat found")}

    ended = cli("preview", f"{web.url}/")

    asked = [line.split()[1] for line in ended.out.splitlines() if line.startswith("asked")]
    assert asked == [f"{web.url}/", f"{web.url}/feed"]
    assert "boat found" in ended.out


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(body=b"<p>no feed</p>")])
def test_a_failure_is_told_beside_what_was_asked(cli: Cli, web, answer):
    web.answers["/feed"] = answer

    people, programs = cli("preview", f"{web.url}/feed"), cli("preview", f"{web.url}/feed", "--json")

    assert (people.status, programs.status) == (1, 1)
    assert people.out.startswith(f"asked    {web.url}/feed")
    assert people.out.splitlines()[-1].startswith(f"✗ {web.url}/feed: ")
    assert programs.json["error"]
    assert len(programs.json["requests"]) == 1


def test_files_and_folders_here_are_previewed_as_well(cli: Cli, tmp_path):
    (tmp_path / "feed.xml").write_bytes(rss("boat found").body)
    (tmp_path / "_posts").mkdir()
    post = "---\ntitle: cat elected\ndate: 2026-01-05 08:00:00 +0800\n---\nAt last.\n"
    (tmp_path / "_posts" / "2026-01-05-cat.md").write_text(post)

    feed, folder = cli("preview", "feed.xml", "--json"), cli("preview", "_posts", "--json")

    assert [entry["title"] for entry in feed.json["entries"]] == ["boat found"]
    assert folder.json["kind"] == "jekyll_posts"
    assert folder.json["entries"][0]["published"] == "2026-01-05T00:00:00Z"


def test_a_word_that_means_nothing_is_wrong_usage(cli: Cli, pages):
    ended = cli("preview", "nobody", "--json")

    assert (ended.status, ended.out) == (2, "")
    assert "'nobody'" in ended.err
    assert pages.requests == []


def test_rules_are_tried_out_with_what_each_of_them_keeps_and_drops(cli: Cli, web, written):
    web.answers["/feed"] = rss("boat found", "cat elected", "cat found")
    written(
        f"{{name: a, url: '{web.url}/feed', category: pets, include: {{title: [cat, dog]}}, exclude: {{title: elec}}}}",
        head="categories: {pets: {exclude: {text: [about cat f]}}, top: {include: {title: [FOUND]}}}",
    )

    seen = cli("preview", "a", "--json").json
    lines = cli("preview", "a").out.splitlines()

    assert [[entry["title"], entry["categories"]] for entry in seen["entries"]] == [["cat found", ["top"]]]
    rules = [[one[key] for key in ("category", "rule", "field", "pattern", "kept", "dropped")] for one in seen["rules"]]
    assert rules == [
        [None, "exclude", "title", "elec", 2, 1],
        [None, "include", "title", "cat", 2, 1],
        [None, "include", "title", "dog", 0, 3],
        ["pets", "exclude", "text", "about cat f", 0, 1],
        ["top", "include", "title", "FOUND", 1, 0],
    ]
    assert seen["rules"][1]["matched"] == ["cat elected", "cat found"]
    by = [
        {"rule": "exclude", "field": field, "pattern": word}
        for field, word in [("title", "elec"), ("text", "about cat f")]
    ]
    assert [[one["title"], one["category"], one["by"]] for one in seen["dropped"]] == [
        ["boat found", None, None],
        ["cat elected", None, by[0]],
        ["cat found", "pets", by[1]],
    ]
    assert "found    3 entries, of which 1 would be kept: rules leave out 2" in lines
    start = lines.index("rules    exclude title elec  drops 1 of 3")
    assert lines[start : start + 9] == [
        "rules    exclude title elec  drops 1 of 3",
        "         include title cat  keeps 2 of 3",
        "         include title dog  keeps 0 of 3",
        "         pets: exclude text about cat f  drops 1 of 1",
        "         top: include title FOUND  keeps 1 of 1",
        "dropped  boat found  (no include matches)",
        "         cat elected  (exclude title elec)",
        "         cat found  (exclude text about cat f in pets)",
        "",
    ]


def test_a_password_in_an_address_is_not_shown(cli: Cli, web):
    web.answers["/feed"] = rss("boat found")
    address = web.url.replace("http://", "http://user:word@") + "/feed"

    ended = cli("preview", address)

    assert ended.status == 0
    assert "word" not in ended.out
    assert web.requests[0].header("authorization") is not None


def test_what_is_taken_of_a_page_that_nobody_described_is_told_and_what_not_and_why(cli: Cli, web, written):
    text = "".join(
        f"<p>The boat was found on the {n}th beach that the coast guard searched that day.</p>" for n in range(9)
    )
    web.answers["/feed"] = rss(*(f"{name} found" for name in ("boat", "cat", "dog", "fox")))
    body = web.answers["/feed"].body.replace(b"https://harbour.example", web.url.encode())
    web.answers["/feed"] = Answer(headers=[("Content-Type", "application/rss+xml")], body=body)
    html = [("Content-Type", "text/html; charset=utf-8")]
    for name, end in (("boat", ""), ("cat", "<div><p>Subscribe to continue reading</p></div>")):
        page = f"<!doctype html><title>{name} found</title><h1>{name} found</h1>{text}{end}"
        web.answers[f"/{name}-found"] = Answer(headers=html, body=page.encode())
    web.answers["/dog-found"] = Answer(headers=[("Content-Type", "application/pdf")], body=b"%PDF-1.7")
    written(f"{{name: harbour, url: '{web.url}/feed', article: auto}}")

    programs, people = cli("preview", "harbour", "--json"), cli("preview", "harbour")

    notes = [entry["page"] for entry in programs.json["entries"]]
    assert notes[0].startswith("taken: ")
    assert notes[1] == "not taken: it is not for everybody: 'Subscribe to continue reading'"
    assert notes[2:] == [None, None]
    assert programs.json["entries"][0]["html"].count("<p>") == 9
    assert any("dog found" in warning and "application/pdf" in warning for warning in programs.json["warnings"])
    assert "page     taken: " in people.out


# --- what each selector matches ----------------------------------------------------------------------


def test_each_selector_tells_what_it_matches(cli: Cli, pages):
    seen = cli("preview", "harbour", "--json").json

    matched = [(one["place"], one["rule"], one["matched"], one["of"], one["example"]) for one in seen["matched"]]
    assert matched == [
        ("items", "li", 4, None, "boat found"),
        ("fields.title", "a", 4, 4, "boat found"),
        ("fields.url", "a@href", 4, 4, "/1.html"),
        ("article.published", "small", 2, 2, "2026年01月05日 08:30"),
        ("article.content", "p", 2, 2, "The whole story."),
    ]
    lines = cli("preview", "harbour").out.splitlines()
    assert "matched  items: li  matches 4, boat found" in lines
    assert "         fields.url: a@href  matches 4 of 4, /1.html" in lines


def test_selectors_that_match_nothing_or_not_everywhere_are_seen(cli: Cli, web, written):
    html = [("Content-Type", "text/html; charset=utf-8")]
    body = (
        b"<ul><li><a href=/1>one</a><i>5 Jan 2026</i><div>text <b class=ad>x</b></div></li>"
        b"<li>two <i>soon</i></li></ul><a rel=next href=/2>"
    )
    web.answers |= {"/list": Answer(headers=html, body=body)}
    written(
        f"{{name: n, kind: html_list, url: '{web.url}/list', items: ul > li, remove: [.ad, .no], next: 'a[rel=next]', "
        "fields: {title: [h2, a], url: a@href, published: i, content: div}}"
    )

    seen = cli("preview", "n", "--json").json

    matched = {f"{one['place']} {one['rule']}": (one["matched"], one["of"]) for one in seen["matched"]}
    assert matched == {
        "items ul > li": (2, None),
        "fields.title h2": (0, 2),
        "fields.title a": (1, 2),
        "fields.url a@href": (1, 2),
        "fields.published i": (1, 2),
        "fields.content div": (1, 2),
        "remove .ad": (1, None),
        "remove .no": (0, None),
        "next a[rel=next]": (1, None),
    }
    assert any("two" in warning and "left out" in warning for warning in seen["warnings"])


def test_where_no_item_is_found_the_selectors_are_still_told(cli: Cli, pages, written):
    written(f"{{name: n, kind: html_list, url: '{pages.url}/list', items: ol li, fields: {{title: a}}}}")

    ended = cli("preview", "n", "--json")

    assert ended.status == 1
    assert [(one["place"], one["matched"]) for one in ended.json["matched"]][:1] == [("items", 0)]


def test_paths_of_an_api_tell_what_they_match(cli: Cli, web, written):
    body = b'{"list": [{"t": "one", "at": {"day": "2026-01-05"}}, {"t": "two"}]}'
    web.answers["/api"] = Answer(headers=[("Content-Type", "application/json")], body=body)
    written(
        f"{{name: n, kind: json_api, url: '{web.url}/api', items: list, "
        "fields: {title: t, published: at.day, url: 'https://a.example/{t}'}}"
    )

    matched = cli("preview", "n", "--json").json["matched"]

    assert [(one["place"], one["matched"], one["of"], one["example"]) for one in matched[1:]] == [
        ("fields.title", 2, 2, "one"),
        ("fields.published", 1, 2, "2026-01-05"),
        ("fields.url", 2, 2, "https://a.example/one"),
    ]


def put_sitemap(web):
    """An index, its list compressed, and two of the five pages that it names."""
    days = "".join(
        f"<url><loc>{web.url}/{number}.html</loc><lastmod>2026-01-0{number}</lastmod></url>" for number in range(1, 6)
    )
    packed = gzip.compress(f"<urlset>{days}</urlset>".encode())
    index = f"<sitemapindex><sitemap><loc>{web.url}/list.xml.gz</loc></sitemap></sitemapindex>".encode()
    page = b"<title>Fog lifts</title><meta name=description content='At noon.'><h1>Fog lifts</h1>"
    web.answers["/list.xml.gz"] = Answer(headers=[("Content-Type", "application/gzip")], body=packed)
    web.answers["/index.xml"] = Answer(headers=[("Content-Type", "application/xml")], body=index)
    web.answers |= {f"/{number}.html": Answer(headers=[("Content-Type", "text/html")], body=page) for number in (4, 5)}


def test_a_sitemap_is_previewed_with_its_newest_pages(cli: Cli, web):
    put_sitemap(web)

    seen = cli("preview", f"{web.url}/index.xml", "--json").json

    assert (seen["kind"], seen["error"], seen["found"]) == ("sitemap", None, 5)
    asked = [request["url"].removeprefix(web.url) for request in seen["requests"]]
    assert asked == ["/index.xml", "/list.xml.gz", "/5.html", "/4.html", "/3.html"]
    assert [entry["title"] for entry in seen["entries"]][:2] == ["Fog lifts", "Fog lifts"]
    assert seen["entries"][0]["summary"] == "At noon."


def test_robots_txt_binds_sitemaps_their_lists_and_pages(cli: Cli, web, written):
    put_sitemap(web)
    robots = [("Content-Type", "text/plain")]
    written(f"{{name: n, kind: sitemap, url: '{web.url}/index.xml'}}")

    web.answers["/robots.txt"] = Answer(headers=robots, body=b"User-agent: *\nDisallow: /5")
    page = cli("preview", "n", "--json").json
    web.answers["/robots.txt"] = Answer(headers=robots, body=b"User-agent: *\nDisallow: /list")
    of_index = cli("preview", "n", "--json")
    web.answers["/robots.txt"] = Answer(headers=robots, body=b"User-agent: *\nDisallow: /")
    whole = cli("preview", "n", "--json")

    assert any("robots.txt" in warning and "/5.html" in warning for warning in page["warnings"])
    for forbidden in (of_index, whole):
        assert forbidden.status == 1
        assert "robots.txt" in forbidden.json["error"]


def test_a_page_that_was_not_asked_for_bears_no_status_of_the_robots_txt_that_forbids_it(cli: Cli, web, written):
    written(f"{{name: n, kind: html_list, url: '{web.url}/list', items: li, fields: {{title: a, url: a@href}}}}")

    for status in (200, 500):
        web.answers["/robots.txt"] = Answer(status=status, body=b"User-agent: *\nDisallow: /")
        (asked,) = cli("preview", "n", "--json").json["requests"]
        assert asked["status"] is None
        assert f"skipped  {web.url}/list" in cli("preview", "n").out


def test_a_request_that_is_led_to_where_nobody_may_go_was_made_all_the_same(cli: Cli, web):
    web.answers["/away"] = Answer(status=302, headers=[("Location", "http://127.0.0.9:1/")])
    web.answers["/nowhere"] = Answer(status=302, headers=[("Location", "ftp://a.example/")])

    for path in ("/away", "/nowhere"):
        assert f"asked    {web.url}{path}" in cli("preview", f"{web.url}{path}").out


def test_an_address_that_leads_elsewhere_for_good_is_told_with_what_to_write(cli: Cli, web):
    web.answers |= {
        "/old": Answer(status=301, headers=[("Location", "/feed")]),
        "/today": Answer(status=302, headers=[("Location", "/feed")]),
        "/feed": rss("boat found"),
    }

    (told,) = cli("preview", f"{web.url}/old", "--json").json["warnings"]

    assert told == f"{web.url}/old leads to {web.url}/feed for good (301 or 308): write that address in feeds.yaml"
    assert cli("preview", f"{web.url}/today", "--json").json["warnings"] == []
