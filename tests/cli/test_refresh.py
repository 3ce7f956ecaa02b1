import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.store import Store
from aggregator.store.lock import only_writer
from tests.cli.conftest import Cli, rss, tree
from tests.fetch.site import Answer

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def two(web, written):
    """One source that has two stories, one whose server is broken."""
    web.answers["/feed"] = rss("boat found", "cat elected")
    web.answers["/broken"] = Answer(status=500)
    written(f"{{name: good, url: '{web.url}/feed', category: 吉林日报}}", f"{{name: bad, url: '{web.url}/broken'}}")
    return web


def test_the_report_has_every_key_of_the_contract(cli: Cli, two):
    ended = cli("refresh", "--json")

    report = ended.json
    assert ended.status == 0
    assert list(report) == [
        *("polled", "unchanged", "failed", "skipped", "new", "updated", "duplicates", "feeds_written", "seconds"),
        "sources",
    ]
    counts = {key: value for key, value in report.items() if key not in ("seconds", "sources", "feeds_written")}
    assert counts == {
        **{"polled": 2, "unchanged": 0, "failed": 1, "skipped": 0},
        **{"new": 2, "updated": 0, "duplicates": 0},
    }
    assert report["feeds_written"] >= 6
    assert isinstance(report["seconds"], float)
    good, bad = report["sources"]
    assert good.pop("seconds") > 0
    assert good == {
        **{"source": "good", "kind": "feed", "outcome": "fetched", "status": 200},
        **{"new": 2, "updated": 0, "duplicates": 0, "error": None, "until": None, "warnings": []},
    }
    assert bad.keys() == {*good, "seconds"}
    assert (bad["outcome"], bad["status"]) == ("failed", 500)
    assert "500" in bad["error"]
    assert TIME.fullmatch(bad["until"])


def test_a_second_refresh_finds_nothing_and_writes_nothing(cli: Cli, two, tmp_path):
    cli("refresh")
    before = tree(tmp_path / "output")

    report = cli("refresh", "--json").json

    assert (report["new"], report["updated"], report["feeds_written"]) == (0, 0, 0)
    assert (report["polled"], report["unchanged"], report["skipped"]) == (1, 1, 1)
    assert tree(tmp_path / "output") == before


def test_people_are_told_what_failed_and_what_came(cli: Cli, two):
    ended = cli("refresh")

    lines = ended.out.splitlines()
    assert len(lines) == 2
    assert re.match(r"✗ bad: 500 .*; next try .*\d\d:\d\d UTC$", lines[0])
    assert re.fullmatch(r"2 new, 0 updated, 0 duplicates; \d+ feeds written; 1 of 2 sources failed", lines[1])
    assert ended.err == ""


def test_quiet_says_only_what_needs_somebody(cli: Cli, two):
    ended = cli("refresh", "-q")

    assert [line[:6] for line in ended.out.splitlines()] == ["✗ bad:"]


def test_verbose_says_what_each_source_came_to(cli: Cli, two):
    assert "✓ good: 2 new, 0 updated" in cli("refresh", "-v").out


def test_a_failed_source_is_left_alone_until_it_is_named(cli: Cli, two):
    cli("refresh")
    asked = len(two.requests)

    skipped = cli("refresh", "--json").json["sources"][1]
    named = cli("refresh", "bad", "--json").json

    assert skipped["outcome"] == "skipped"
    assert "name the source" in skipped["error"]
    assert TIME.fullmatch(skipped["until"])
    assert [source["source"] for source in named["sources"]] == ["bad"]
    assert named["polled"] == 1
    assert two.paths()[asked:].count("/broken") == 1


def test_when_all_that_were_polled_failed_the_run_has_failed(cli: Cli, web, written):
    web.answers["/feed"] = [rss("boat found"), Answer(status=500)]
    written(f"{{name: a, url: '{web.url}/feed'}}")
    assert cli("refresh").status == 0

    ended = cli("refresh", "--force")

    assert ended.status == 1
    assert "1 of 1 source failed" in ended.out
    assert cli("entries", "--json").json["entries"][0]["title"] == "boat found"


def test_nobody_polled_is_no_failure(cli: Cli, two):
    cli("refresh")

    ended = cli("refresh", "--due", "--json")

    assert ended.status == 0
    assert (ended.json["polled"], ended.json["skipped"]) == (0, 2)


def test_strict_fails_with_any_source(cli: Cli, two):
    assert cli("refresh", "--strict").status == 1


def test_only_what_is_due_is_polled_with_due(cli: Cli, two):
    cli("refresh", "good")
    asked = len(two.requests)

    report = cli("refresh", "--due", "--json").json

    assert two.paths()[asked:] == ["/broken"]
    assert [source["outcome"] for source in report["sources"]] == ["skipped", "failed"]


def test_force_polls_all_but_what_is_disabled(cli: Cli, web, written):
    web.answers["/busy"] = Answer(status=429, headers=[("Retry-After", "3600")])
    written(f"{{name: busy, url: '{web.url}/busy'}}", f"{{name: off, url: '{web.url}/off', enabled: false}}")
    cli("refresh")

    left_alone = cli("refresh", "busy", "--json").json
    forced = cli("refresh", "--force", "--json").json

    assert left_alone["sources"][0]["error"] == "the server asked us to wait"
    assert [source["outcome"] for source in forced["sources"]] == ["failed", "skipped"]
    assert web.paths() == ["/busy", "/busy"]


def test_what_a_server_asked_for_holds_for_its_other_sources_in_the_next_run(cli: Cli, web, written):
    web.answers["/busy"] = Answer(status=429, headers=[("Retry-After", "3600")])
    web.answers["/feed"] = rss("boat found")
    head = "site: {url: https://feeds.example/}\nnetwork: {}"
    path = written(
        f"{{name: busy, url: '{web.url}/busy'}}", f"{{name: other, url: '{web.url}/feed', enabled: false}}", head=head
    )
    path.write_text(path.read_text().replace("min: 10m", "min: 10m, retry_after: host"))
    cli("refresh")
    path.write_text(path.read_text().replace("enabled: false", "enabled: true"))

    report = cli("refresh", "--json").json

    assert web.paths() == ["/busy"]
    assert "asked us to wait" in report["sources"][1]["error"]


def test_an_unknown_name_is_told_and_nothing_has_run(cli: Cli, two, tmp_path):
    ended = cli("refresh", "good", "nobody", "--json")

    assert (ended.status, ended.out) == (2, "")
    assert "'nobody'" in ended.err
    assert two.requests == []
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_what_is_stored_is_published_also_when_every_source_fails(cli: Cli, web, written, tmp_path):
    web.answers["/feed"] = [rss("boat found"), Answer(status=500)]
    written(f"{{name: a, url: '{web.url}/feed'}}")
    cli("refresh")
    (tmp_path / "output" / "all.atom").unlink()

    ended = cli("refresh", "--force")

    assert ended.status == 1
    assert "boat found" in (tmp_path / "output" / "all.atom").read_text()


def test_an_output_that_cannot_be_written_is_a_failure_and_loses_nothing(cli: Cli, two, tmp_path):
    (tmp_path / "output").write_text("a file stands where the folder should")

    ended = cli("refresh", "--json")
    (tmp_path / "output").unlink()
    again = cli("refresh", "--json")

    assert ended.status == 1
    assert (ended.json["new"], ended.json["feeds_written"]) == (2, 0)
    assert "output" in ended.err
    assert again.json["feeds_written"] >= 6


def test_a_store_that_another_process_writes_is_told(cli: Cli, two, tmp_path):
    with only_writer(tmp_path / "aggregator.db.lock", who="aggregator run", patience=0):
        begun = time.monotonic()
        code = "import sys; from aggregator.cli import main; sys.exit(main(['refresh']))"
        ended = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=_environ(), capture_output=True, text=True
        )

    assert ended.returncode == 1
    assert "aggregator run (process" in ended.stderr
    assert time.monotonic() - begun < 30
    assert two.requests == []


def test_notes_are_told_once_and_not_to_the_quiet(cli: Cli, web, written):
    web.answers["/feed"] = rss("boat found")
    written(f"{{name: a, url: '{web.url}/feed'}}", head="site: {title: News}")

    assert cli("refresh", "--json").err.count("site.url is not set") == 1
    assert cli("refresh", "-q").err == ""


def test_a_story_that_two_sources_tell_is_a_duplicate(cli: Cli, web, written):
    web.answers["/one"], web.answers["/two"] = rss("boat found"), rss("boat found", "cat elected", title="Tide")
    written(f"{{name: one, url: '{web.url}/one'}}", f"{{name: two, url: '{web.url}/two'}}")

    report = cli("refresh", "--json").json

    assert (report["new"], report["duplicates"]) == (2, 1)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_refresh_cleanly(cli: Cli, web, written, tmp_path, number, status):
    web.answers["/feed"] = rss("boat found")
    web.answers["/slow"] = Answer(hold=60)
    written(f"{{name: a, url: '{web.url}/feed'}}", f"{{name: slow, url: '{web.url}/slow'}}")
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "refresh"],
        cwd=tmp_path,
        env=_environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_interrupts,
    )
    try:
        deadline = time.monotonic() + 30
        while "/slow" not in web.paths() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()

    assert process.returncode == status
    assert "Traceback" not in err
    web.answers["/slow"] = rss("cat elected")
    again = cli("refresh", "--force", "--json").json
    assert again["failed"] == 0
    assert len(cli("entries", "--json").json["entries"]) == 2


def _hear_interrupts() -> None:
    """Where the tests run behind a shell's ``&``, they and what they start are deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _environ() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}


def test_a_source_that_is_asked_elsewhere_from_now_on_is_told_once_and_to_everybody(cli: Cli, web, written, tmp_path):
    feed = rss("boat found")
    web.answers |= {"/old": Answer(status=301, headers=[("Location", "/new")]), "/new": feed}
    written(f"{{name: a, url: '{web.url}/old'}}")
    cli("refresh")
    with closing(Store(str(tmp_path / "aggregator.db"), now=datetime.now(UTC))) as store:
        state = store.state("a")
        store.save_state(replace(state, moved_days=("2026-01-01", "2026-01-02"), last_poll=datetime.now(UTC)))
    sentence = f"~ a: its address has moved to {web.url}/new, as its server said on 3 days"

    told, later = cli("refresh"), cli("refresh")

    assert [line for line in told.out.splitlines() if line.startswith(sentence)]
    assert "warning" not in told.out
    assert "~ a" not in later.out
    assert web.paths() == ["/old", "/new", "/old", "/new", "/new"]
    (source,) = cli("status", "--json").json["sources"]
    assert "seen on 3 days; asked there since " in source["asked"][0]
