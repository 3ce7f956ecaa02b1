import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator import __version__
from aggregator import cli as cli_package
from tests.cli.conftest import Cli, rss

NO_COMMANDS = {"context", "healths", "matched", "parser", "signals", "words"}
COMMANDS = sorted({module.name for module in pkgutil.iter_modules(cli_package.__path__)} - NO_COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(cli: Cli, command):
    ended = cli(command, "--help")

    assert ended.status == 0
    assert f"example: aggregator {command}" in ended.out
    assert "--config" in ended.out


def test_help_names_every_command(cli: Cli):
    ended = cli("--help")

    assert ended.status == 0
    assert all(f"\n    {command} " in ended.out for command in COMMANDS)


def test_version_is_told(cli: Cli):
    ended = cli("--version")

    assert (ended.status, ended.out) == (0, f"aggregator {__version__}\n")


def test_without_a_command_the_help_is_shown_as_an_error(cli: Cli):
    ended = cli()

    assert (ended.status, ended.out) == (2, "")
    assert "COMMAND" in ended.err


@pytest.mark.parametrize(
    "argv",
    [("refesh",), ("refresh", "--hurry"), ("refresh", "--stri"), ("preview",), ("entries", "--limit", "0"), ("-x",)],
)
def test_wrong_usage_is_told_in_one_line(cli: Cli, argv):
    ended = cli(*argv)

    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert "--help" in ended.err


@pytest.mark.parametrize("command", ["serve", "run", "demo"])
def test_what_reports_nothing_has_no_json(cli: Cli, command):
    ended = cli("--json", command)

    assert (ended.status, ended.out) == (2, "")
    assert command in ended.err


@pytest.mark.parametrize("argv", [("-c", "other.yaml", "check"), ("check", "--config", "other.yaml")])
def test_the_configuration_may_be_named_before_or_after_the_command(cli: Cli, written, argv):
    written("{name: a, url: 'https://a.example/feed'}").rename("other.yaml")

    assert cli(*argv).status == 0


@pytest.mark.parametrize("argv", [("--json", "-q", "check"), ("check", "-q", "--json"), ("-q", "check", "--json")])
def test_options_count_wherever_they_stand(cli: Cli, written, argv):
    written("{name: a, url: 'https://a.example/feed'}", head="site: {}")

    ended = cli(*argv)

    assert ended.json == {"problems": []}
    assert ended.err == ""


def test_environment_names_the_configuration_and_the_option_wins(cli: Cli, written, monkeypatch):
    written("{name: a, url: 'https://a.example/feed'}").rename("other.yaml")
    monkeypatch.setenv("AGGREGATOR_CONFIG", "other.yaml")

    assert cli("check").status == 0
    assert cli("check", "-c", "third.yaml").status == 2


@pytest.mark.parametrize("command", ["refresh", "status", "entries", "publish", "serve", "run", "check"])
def test_a_wrong_feeds_yaml_is_told_whole_before_anything_runs(cli: Cli, written, tmp_path, command):
    written("{name: a, url: 'https://a.example/feed', itmes: li}", "{name: b}")

    ended = cli(command)

    assert ended.status == 2
    lines = (ended.out + ended.err).splitlines()
    assert lines[0].startswith("feeds.yaml:4: sources[0].itmes: unknown key")
    assert lines[1].startswith("feeds.yaml:5: sources[1]")
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_a_feeds_yaml_that_is_not_there_is_told(cli: Cli):
    ended = cli("refresh", "-c", "nowhere.yaml")

    assert ended.status == 2
    assert ended.err.startswith("nowhere.yaml:1: there is no such file")


def test_a_store_that_cannot_be_opened_is_told_in_one_line(cli: Cli, written, tmp_path):
    written("{name: a, url: 'https://a.example/feed'}")
    (tmp_path / "aggregator.db").write_bytes(b"this is no database, but long enough to look at" * 50)

    ended = cli("refresh")

    assert ended.status == 1
    assert ended.err.count("\n") == 1
    assert "aggregator.db" in ended.err


def test_starting_up_imports_nothing_heavy():
    code = (
        "import sys; from aggregator.cli import main; main(['--version'])\n"
        "heavy = {'pydantic', 'sqlalchemy', 'httpx', 'aiohttp', 'rich', 'feedparser', 'bs4', 'asyncio'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_reader_that_goes_away_gets_no_traceback(cli: Cli, web, written, tmp_path):
    web.answers["/feed"] = rss(*(f"story {number}" for number in range(800)))
    written(f"{{name: a, url: '{web.url}/feed'}}")
    assert cli("refresh").status == 0

    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed:  # noqa: PTH123
        ended = subprocess.run(
            [sys.executable, "-m", "aggregator", "entries", "--json"],
            stdout=closed,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            timeout=60,
        )

    assert ended.returncode == 141
    assert ended.stderr == b""


def test_a_terminal_without_chinese_characters_does_not_end_us(cli: Cli, written, tmp_path):
    written("{name: 吉林日报, url: 'https://a.example/feed'}")
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "ascii"}

    for argv in (["status"], ["status", "--json"]):
        ended = subprocess.run(
            [sys.executable, "-m", "aggregator", *argv], capture_output=True, cwd=tmp_path, env=environ, timeout=60
        )

        assert ended.returncode == 0, ended.stderr
        assert b"\\u5409\\u6797" in ended.stdout
