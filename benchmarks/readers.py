"""Other readers, each as its own manual says it is run by cron: how it is set up, and the command of one round.

A reader is set up with nothing but the addresses; all else is as it comes. Where it is not installed it is left out.
"""

import configparser
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

OPML = '<?xml version="1.0"?><opml version="2.0"><head><title>Score</title></head><body>{}</body></opml>'


@dataclass(frozen=True, kw_only=True)
class Reader:
    """feeds: resource -> URL; two may have one. set_up: writes what it needs into a folder. command: of one round.

    is_scheduled: it keeps a due time for every feed, and polls before it only when told to. note: how it is run.
    """

    name: str
    version: str
    command: Callable[[Path], Sequence[str]]
    set_up: Callable[[Path, Sequence[tuple[str, str]]], None]
    note: str
    is_scheduled: bool = False
    is_ours: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)


def installed(reader_python: str | None) -> list[Reader]:
    """Return those that this machine has. reader_python: the interpreter that has the package ``reader``."""
    found = [_newsboat(), _sfeed(), _rss2email(), _reader(reader_python) if reader_python else None]
    return [one for one in found if one is not None]


def any_other(name: str, command: str) -> Reader:
    """Return a reader known by its command only; ``{feeds}`` is a file of URLs, ``{folder}`` where it may write."""

    def run(folder: Path) -> Sequence[str]:
        return ["sh", "-c", command.replace("{feeds}", str(folder / "feeds")).replace("{folder}", str(folder))]

    return Reader(name=name, version="", command=run, set_up=_write_urls("feeds"), note=f"`{command}`")


def _newsboat() -> Reader | None:
    if shutil.which("newsboat") is None:
        return None

    def command(folder: Path) -> Sequence[str]:
        files = (("-u", "urls"), ("-c", "cache.db"), ("-C", "config"))
        return ["newsboat", *(word for flag, name in files for word in (flag, str(folder / name))), "-x", "reload"]

    def set_up(folder: Path, feeds: Sequence[tuple[str, str]]) -> None:
        (folder / "config").touch()
        _write_urls("urls")(folder, feeds)

    return Reader(
        name="newsboat",
        version=_first_line("newsboat", "--version").removeprefix("newsboat ").partition(" ")[0],
        command=command,
        set_up=set_up,
        note="`newsboat -x reload`",
    )


def _sfeed() -> Reader | None:
    if shutil.which("sfeed_update") is None:
        return None

    def set_up(folder: Path, feeds: Sequence[tuple[str, str]]) -> None:
        lines = [f"  feed '{name}' '{url}'" for name, url in feeds]
        text = "\n".join([f"sfeedpath='{folder}/feeds'", "feeds() {", *lines, "}"])
        (folder / "sfeedrc").write_text(text)

    return Reader(
        name="sfeed",
        version=_first_line("dpkg-query", "-W", "-f", "${Version}", "sfeed"),
        command=lambda folder: ["sfeed_update", str(folder / "sfeedrc")],
        set_up=set_up,
        note="`sfeed_update sfeedrc`",
    )


def _rss2email() -> Reader | None:
    if shutil.which("r2e") is None:
        return None

    def r2e(folder: Path) -> list[str]:
        return ["r2e", "-c", str(folder / "rss2email.cfg"), "-d", str(folder / "rss2email.json")]

    def set_up(folder: Path, feeds: Sequence[tuple[str, str]]) -> None:
        outlines = "".join(f"<outline type='rss' text={quoteattr(n)} xmlUrl={quoteattr(url)}/>" for n, url in feeds)
        (folder / "feeds.opml").write_text(OPML.format(outlines))
        subprocess.run([*r2e(folder), "new", "reader@example.org"], check=True, capture_output=True)
        subprocess.run([*r2e(folder), "opmlimport", str(folder / "feeds.opml")], check=True, capture_output=True)
        (folder / "mail").mkdir()
        config = configparser.RawConfigParser()
        config.read(folder / "rss2email.cfg")
        config["DEFAULT"].update({"email-protocol": "maildir", "maildir-path": str(folder / "mail")})
        with (folder / "rss2email.cfg").open("w") as file:
            config.write(file)

    return Reader(
        name="rss2email",
        version=_first_line("r2e", "--version").split()[-1],
        command=lambda folder: [*r2e(folder), "run"],
        set_up=set_up,
        note="`r2e run`, mail into a folder",
    )


def _reader(python: str) -> Reader:
    def words(folder: Path) -> list[str]:
        return [python, "-m", "reader", "--db", str(folder / "reader.sqlite")]

    def set_up(folder: Path, feeds: Sequence[tuple[str, str]]) -> None:
        script = "import sys, reader\nr = reader.make_reader(sys.argv[1])\nfor url in sys.argv[2:]: r.add_feed(url)"
        urls = dict.fromkeys(url for _, url in feeds)  # it refuses to have one twice
        subprocess.run([python, "-c", script, str(folder / "reader.sqlite"), *urls], check=True)

    return Reader(
        name="reader",
        version=_first_line(python, "-m", "reader", "--version").split()[-1],
        command=lambda folder: [*words(folder), "update"],
        set_up=set_up,
        note="`python -m reader update`",
        is_scheduled=True,
    )


def _write_urls(name: str) -> Callable[[Path, Sequence[tuple[str, str]]], None]:
    def write(folder: Path, feeds: Sequence[tuple[str, str]]) -> None:
        (folder / name).write_text("".join(f"{url}\n" for _, url in feeds))

    return write


def ours(folder_of_feeds_yaml: Callable[[Path], None]) -> Reader:
    """Return ourselves as cron runs us. folder_of_feeds_yaml: writes feeds.yaml into a folder."""
    from aggregator import __version__

    def command(folder: Path) -> Sequence[str]:
        return [sys.executable, "-m", "aggregator", "refresh", "--due", "-c", str(folder / "feeds.yaml")]

    return Reader(
        name="aggregator-cron",
        version=__version__,
        command=command,
        set_up=lambda folder, _: folder_of_feeds_yaml(folder),
        note="`aggregator refresh --due`",
        is_scheduled=True,
        is_ours=True,
    )


def _first_line(*command: str) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (ran.stdout or ran.stderr).splitlines()
    return lines[0].strip() if lines else "unknown"
