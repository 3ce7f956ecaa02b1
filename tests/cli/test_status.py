import re

from tests.cli.conftest import Cli, rss, tree
from tests.fetch.site import Answer

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
KEYS = [
    *("source", "title", "kind", "url", "state", "last_poll", "last_success", "next_poll", "failures", "error"),
    *("warnings", "entries", "warning_counts"),
    *("asked", "failing_since", "wait_until", "wait_reason", "moved_to", "moved_days", "has_validators"),
]


def test_before_the_first_refresh_all_is_new_and_no_store_is_made(cli: Cli, written, tmp_path):
    written("{name: a, url: 'https://user:word@a.example/feed'}", "{name: b, path: posts/, enabled: false}")

    ended = cli("status", "--json")

    assert ended.status == 0
    assert list(ended.json) == ["sources"]
    assert [list(source) for source in ended.json["sources"]] == [KEYS, KEYS]
    assert ended.json["sources"][0] == {
        **{"source": "a", "title": None, "kind": None, "url": "https://a.example/feed", "state": "new"},
        **{"last_poll": None, "last_success": None, "next_poll": None, "failures": 0, "error": None},
        **{"warnings": [], "entries": 0, "warning_counts": []},
        **{"asked": [], "failing_since": None, "wait_until": None, "wait_reason": None},
        **{"moved_to": None, "moved_days": [], "has_validators": None},
    }
    assert ended.json["sources"][1]["state"] == "disabled"
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_each_state_is_told_with_its_times(cli: Cli, web, written):
    web.answers |= {
        "/feed": rss("boat found", "cat elected"),
        "/broken": Answer(status=500),
        "/busy": Answer(status=429, headers=[("Retry-After", "3600")]),
        "/gone": Answer(status=410),
    }
    written(
        *(f"{{name: {name}, url: '{web.url}/{name}'}}" for name in ("feed", "broken", "busy", "gone")),
        f"{{name: off, url: '{web.url}/off', enabled: false}}",
    )
    cli("refresh")

    sources = {source["source"]: source for source in cli("status", "--json").json["sources"]}

    states = {name: source["state"] for name, source in sources.items()}
    assert states == {"feed": "ok", "broken": "failing", "busy": "waiting", "gone": "gone", "off": "disabled"}
    feed, broken, gone = sources["feed"], sources["broken"], sources["gone"]
    assert (feed["title"], feed["kind"], feed["entries"], feed["failures"]) == ("Harbour News", "feed", 2, 0)
    assert all(TIME.fullmatch(feed[key]) for key in ("last_poll", "last_success", "next_poll"))
    assert (broken["failures"], broken["last_success"]) == (1, None)
    assert "500" in broken["error"]
    assert TIME.fullmatch(broken["next_poll"])
    assert (gone["next_poll"], sources["off"]["next_poll"]) == (None, None)


def test_people_get_a_line_for_each_source_in_columns(cli: Cli, web, written):
    feed = rss("boat found")
    web.answers["/feed"] = Answer(headers=[*feed.headers, ("ETag", '"1"')], body=feed.body)
    web.answers["/busy"] = Answer(status=503, headers=[("Retry-After", "7200")])
    written(f"{{name: 春江日报, url: '{web.url}/feed'}}", f"{{name: busy, url: '{web.url}/busy'}}")
    cli("refresh")

    lines = cli("status").out.splitlines()

    assert [line.split()[:2] for line in lines[:3]] == [["state", "source"], ["ok", "春江日报"], ["waiting", "busy"]]
    assert "in 10 min" in lines[1]
    assert re.search(r"asked us to wait until .*\d\d:\d\d UTC \(503\)", lines[2])
    assert lines[0].index("entries") == lines[1].index("1  ") + 4  # four characters that take two columns each
    assert lines[3] == "2 sources: 1 ok, 1 waiting"


def test_status_reads_while_another_process_writes(cli: Cli, web, written, tmp_path):
    from aggregator.store.lock import only_writer

    web.answers["/feed"] = rss("boat found")
    written(f"{{name: a, url: '{web.url}/feed'}}")
    cli("refresh")
    output = tree(tmp_path / "output")

    with only_writer(tmp_path / "aggregator.db.lock", who="aggregator run", patience=0):
        ended = cli("status", "--json")

    assert ended.json["sources"][0]["state"] == "ok"
    assert tree(tmp_path / "output") == output


def test_a_renamed_source_is_known_before_it_is_polled_again(cli: Cli, web, written):
    web.answers["/feed"] = rss("boat found")
    written(f"{{name: old, url: '{web.url}/feed'}}")
    cli("refresh")
    written(f"{{name: now, aliases: [old], url: '{web.url}/feed'}}")

    (source,) = cli("status", "--json").json["sources"]

    assert (source["source"], source["state"], source["entries"]) == ("now", "ok", 1)


def test_quiet_shows_only_what_needs_somebody(cli: Cli, web, written):
    web.answers["/feed"] = rss("boat found")
    written(f"{{name: good, url: '{web.url}/feed'}}", f"{{name: bad, url: '{web.url}/nothing'}}")
    cli("refresh")

    ended = cli("status", "-q")

    assert "good" not in ended.out
    assert "bad" in ended.out


def test_what_is_held_back_or_not_believed_is_told_with_what_to_do(cli: Cli, web, written):
    def items(*numbers: int, date: str) -> Answer:
        told = "".join(
            f"<item><title>Story {n} of the harbour</title><link>https://harbour.example/{n}</link>"
            f"<guid isPermaLink='false'>{n}</guid><pubDate>{date}</pubDate><description>{'ab cd ' * n}"
            f"</description></item>"
            for n in numbers
        )
        body = f"<rss version='2.0'><channel><title>Harbour</title>{told}</channel></rss>".encode()
        return Answer(headers=[("Content-Type", "application/rss+xml")], body=body)

    def churning(poll: int) -> Answer:
        answer = items(1, 2, 3, date="Mon, 05 Jan 2026 10:00:00 GMT")
        body = answer.body.replace(b"'false'>", f"'false'>{poll}-".encode())
        return Answer(headers=answer.headers, body=body)

    written(f"{{name: flood, url: '{web.url}/flood'}}", f"{{name: liar, url: '{web.url}/liar'}}")
    for poll, numbers in enumerate((range(20), range(20, 40), range(20, 40))):
        web.answers["/flood"] = items(*numbers, date="Mon, 01 Jan 2024 10:00:00 GMT")
        web.answers["/liar"] = churning(poll)
        cli("refresh", "--force")

    flood, liar = cli("status", "--json").json["sources"]
    assert (flood["entries"], len(flood["warnings"])) == (20, 1)
    assert "20 entries are held back" in flood["warnings"][0]
    assert "`flood: pass`" in flood["warnings"][0]
    assert liar["warnings"] == ["its guids are not believed: articles come under others at every poll"]
    lines = cli("status", "-v").out.splitlines()
    assert "20 entries held back" in lines[1]
    assert any(line.startswith("flood: 20 entries are held back") for line in lines)
    assert any(line.startswith("liar: its guids are not believed") for line in lines)
    written(f"{{name: flood, url: '{web.url}/flood', flood: pass}}")
    cli("refresh", "--force")
    (flood,) = cli("status", "--json").json["sources"]
    assert (flood["entries"], flood["warnings"]) == (40, [])


def test_what_was_guessed_is_counted_by_its_sort_with_examples_and_since_when(cli: Cli, web, written):
    def feed(*dates: str) -> Answer:
        told = "".join(
            f"<item><title>Story of {date}</title><link>https://a.example/{n}</link><pubDate>{date}</pubDate></item>"
            for n, date in enumerate(dates)
        )
        body = f"<rss version='2.0'><channel><title>Harbour</title>{told}</channel></rss>".encode()
        return Answer(headers=[("Content-Type", "application/rss+xml")], body=body)

    written(f"{{name: a, url: '{web.url}/feed'}}")
    for dates in (["soonish"], ["soonish", *(f"someday {n}" for n in "abcdefg")]):
        web.answers["/feed"] = feed(*dates)
        cli("refresh", "--force")

    (source,) = cli("status", "--json").json["sources"]
    lines = cli("status").out.splitlines()
    more = cli("status", "-v").out.splitlines()

    (counted,) = source["warning_counts"]
    assert (counted["count"], counted["polls"]) == (8, 2)
    assert counted["since"] <= counted["last"]
    assert "Story of someday a" in counted["text"]
    assert source["warnings"][0] == counted["text"]
    assert source["warnings"][-1].startswith("… and 3 more like this: ")
    assert "8 warnings, such as: Story of someday a: published" in lines[1]
    assert any(line.startswith("a: 8 × Story of someday a: published") and "(since " in line for line in more)
    assert any(line.startswith("a: … Story of someday b: published") for line in more)
