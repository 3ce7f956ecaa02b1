"""All commands and their options, in one place.

A new command is a few lines here and a module of the same name beside this one.
"""

import argparse
from typing import Any, NoReturn

from aggregator import __version__

ABOUT = """\
Polls feeds, pages, APIs and folders, knows an article wherever it turns up, and publishes merged feeds, one per
category. What is polled stands in feeds.yaml, what is published in output/.

  aggregator demo               a small world to look at, no network needed
  aggregator check              is feeds.yaml right?
  aggregator refresh            poll once, publish what changed
  aggregator run                keep polling, publish and serve"""
STATUS = """\
exit status: 0 done (a source that failed is reported, and is no failure of the run); 1 every source that was polled
failed, or the store or the output could not be written; 2 wrong usage or configuration, nothing has run"""

Commands = Any  # what argparse calls _SubParsersAction


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read on, without the whole usage."""
        self.exit(2, f"{self.prog}: {message}; see `{self.prog} --help`\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line.

    Its result has ``command`` (None: none was given), ``config`` (None: not named), ``verbose``, ``quiet``, ``json``,
    and what the command adds.
    """
    top = _Parser(
        prog="aggregator",
        description=ABOUT,
        epilog=STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _shared(top, default=None, flag=False)
    top.add_argument("--json", action="store_true", help="for commands that report: one JSON object on standard output")
    top.add_argument("--version", action="version", version=f"aggregator {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for add in (
        _refresh,
        _run,
        _serve,
        _check,
        _plan,
        _preview,
        _status,
        _entries,
        _explain,
        _takedown,
        _sources,
        _publish,
        _prune,
        _backup,
        _restore,
        _schema,
        _demo,
    ):
        add(commands)
    return top


def _refresh(commands: Commands) -> None:
    command = _command(
        commands,
        "refresh",
        "poll once, publish what changed, and end",
        "Polls the sources, saves what is new, writes the feeds that changed. A source whose server asked us to wait, "
        "whose last answer is still fresh or that failed a moment ago is left alone, and reported as skipped.",
        "aggregator refresh --due --json     what cron or a timer would say",
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="only these sources, by name, alias or address")
    command.add_argument("--due", action="store_true", help="only those whose time has come")
    command.add_argument("--force", action="store_true", help="whatever was asked of us: all but `enabled: false`")
    command.add_argument("--strict", action="store_true", help="exit with 1 if any source failed")


def _run(commands: Commands) -> None:
    command = _command(
        commands,
        "run",
        "the daemon: poll when due, publish, serve",
        "Polls each source when its time has come, publishes what changed and serves it. Takes over feeds.yaml when "
        "it changes, and keeps the last good one. Ends cleanly on Ctrl-C or SIGTERM.",
        "aggregator run --listen 127.0.0.1:9000",
        reports=False,
    )
    _listening(command)


def _serve(commands: Commands) -> None:
    command = _command(
        commands,
        "serve",
        "only serve the output",
        "Serves the output folder over HTTP, and polls nothing. Ends cleanly on Ctrl-C or SIGTERM.",
        "aggregator serve --listen unix:/run/aggregator.sock",
        reports=False,
    )
    _listening(command)


def _check(commands: Commands) -> None:
    command = _command(
        commands,
        "check",
        "is feeds.yaml right?",
        "Tells every mistake in feeds.yaml at once, each with its line and what to do.",
        "aggregator check --online     asks every source, too",
    )
    command.add_argument("--online", action="store_true", help="does each source answer, and yield entries?")


def _plan(commands: Commands) -> None:
    _command(
        commands,
        "plan",
        "what this feeds.yaml would change for subscribers",
        "Shows what would appear, vanish, move or be announced again if this feeds.yaml were taken over: feeds, "
        "entries, ids, sources. Nothing is polled or written. A daemon takes over its feeds.yaml as soon as that is "
        "saved: edit a copy beside it, and name that with -c.",
        "aggregator plan -c feeds-edited.yaml",
    )


def _preview(commands: Commands) -> None:
    command = _command(
        commands,
        "preview",
        "what a source would yield now; nothing is stored",
        "Asks a source and shows, step by step, what was asked and what was read. An address need not stand in "
        "feeds.yaml. Of the article pages the first three are fetched.",
        "aggregator preview https://example.org/feed.xml",
    )
    command.add_argument("source", metavar="URL|NAME", help="a source's name, or any URL, file or folder")


def _status(commands: Commands) -> None:
    _command(
        commands,
        "status",
        "the health of every source",
        "Shows how each source does: its state, its entries, its last success, when it is polled next.",
        "aggregator status --json",
    )


def _entries(commands: Commands) -> None:
    command = _command(
        commands,
        "entries",
        "what is stored",
        "Lists entries, newest first: 50 of them, or all with --json.",
        "aggregator entries --category jilinribao --search 招商 --limit 10",
    )
    command.add_argument("--category", metavar="S", help="only of this category, a slug or a name")
    command.add_argument("--source", metavar="N", help="only those that this source has")
    command.add_argument("--search", metavar="TEXT", help="only with this in title or text, upper or lower case")
    command.add_argument("--limit", metavar="N", type=_count, help="at most so many")


def _publish(commands: Commands) -> None:
    _command(
        commands,
        "publish",
        "write the output again from the store",
        "Looks at every feed and writes each file that is missing or differs. Nothing is polled.",
        "aggregator publish",
    )


def _explain(commands: Commands) -> None:
    command = _command(
        commands,
        "explain",
        "why an entry is one",
        "Shows the copies of an entry, the keys that joined them and when, which copy speaks and why, and the ids that "
        "it once had.",
        "aggregator explain infoCode=NW202204212352230938",
    )
    command.add_argument("entry", metavar="ID|URL", help="an id, a URL of any copy, or a key as NAME=VALUE")


def _takedown(commands: Commands) -> None:
    command = _command(
        commands,
        "takedown",
        "make an entry vanish and stay away",
        "Removes an entry from everything that is published and erases its text. Its keys are kept, so that no copy "
        "brings it back; what is named need not have come yet.",
        "aggregator takedown https://example.org/article --reason 'at the author’s request'",
    )
    command.add_argument("entry", metavar="ID|URL", help="an id, a URL of any copy, or a key as NAME=VALUE")
    command.add_argument("--reason", metavar="TEXT", help="kept for `aggregator explain`, never published")


def _prune(commands: Commands) -> None:
    _command(
        commands,
        "prune",
        "let go of what is past its retention",
        "Removes the entries that left all their sources longer ago than `retention`. Their ids stay known for ever. "
        "The daemon does this every night.",
        "aggregator prune",
    )


def _backup(commands: Commands) -> None:
    command = _command(
        commands,
        "backup",
        "put the whole store aside as one file",
        "Writes a complete, consistent copy of the store, also while the daemon runs.",
        "aggregator backup aggregator-2026-03-01.db",
    )
    command.add_argument("file", metavar="FILE", help="where the copy is written; replaced in one step")


def _restore(commands: Commands) -> None:
    command = _command(
        commands,
        "restore",
        "bring back a store that was put aside",
        "Puts a copy made by `aggregator backup` in the place of the store and publishes it. The store that stood "
        "there is kept beside it, and the ids that it gave out stay known: nothing becomes new again.",
        "aggregator restore aggregator-2026-03-01.db",
    )
    command.add_argument("file", metavar="FILE", nargs="?", help="a copy made by `aggregator backup`")
    command.add_argument(
        "--from",
        dest="url",
        metavar="URL",
        help="without a copy: learn the ids and dates of what is published there, so that nothing is new again",
    )


def _sources(commands: Commands) -> None:
    command = _command(
        commands,
        "sources",
        "show and edit the list of sources; OPML in and out",
        "Edits feeds.yaml where it has the sources, and nothing else in it: comments and layout stay. The new file is "
        "checked before it takes the place of the old one. Without an action, it lists them.",
        "aggregator sources add https://example.org/feed.xml --category Tech",
    )
    actions = command.add_subparsers(dest="action", metavar="ACTION", title="actions")
    _command(actions, "list", "what is read", "Lists the sources, and the feeds that lists are known to name.", "")
    add = _command(actions, "add", "one more source", "Writes one more source into feeds.yaml.", "")
    add.add_argument("address", metavar="URL|PATH", help="where it is read from")
    add.add_argument("--name", help="the handle it is known by; default: made from the address")
    add.add_argument("--title", help="what readers see; default: what it calls itself")
    add.add_argument("--kind", help="how it is read; default: found out")
    add.add_argument("--category", metavar="NAME", action="append", help="may be said several times")
    add.add_argument("--every", metavar="SPAN", help="how often it is polled, such as 30m")
    remove = _command(actions, "remove", "no longer read it", "Takes sources out of feeds.yaml; entries stay.", "")
    remove.add_argument("names", nargs="+", metavar="NAME", help="by name, alias or address")
    bring = _command(actions, "import", "take over the feeds of an OPML list", "Adds what is not there yet.", "")
    bring.add_argument("file", metavar="FILE|URL", help="an OPML list; - is standard input")
    bring.add_argument("--category", metavar="NAME", action="append", help="instead of the folders of the list")
    give = _command(actions, "export", "the feeds as an OPML list", "For other readers.", "", reports=False)
    give.add_argument("file", nargs="?", metavar="FILE", help="default: standard output")


def _schema(commands: Commands) -> None:
    _command(
        commands,
        "schema",
        "print the JSON Schema of feeds.yaml, for editors",
        "Editors use it where feeds.yaml begins with: # yaml-language-server: $schema=feeds.schema.json",
        "aggregator schema > feeds.schema.json",
    )


def _demo(commands: Commands) -> None:
    command = _command(
        commands,
        "demo",
        "a small world on this machine, polled, merged and served",
        "Starts pages, an API and feeds that tell the same stories, polls them, publishes and serves the result, and "
        "goes on while the world grows. Needs no network and no feeds.yaml; leaves nothing behind. Ctrl-C ends it.",
        "aggregator demo",
        reports=False,
    )
    _listening(command)


def _command(
    commands: Commands, name: str, short: str, long: str, example: str, *, reports: bool = True
) -> argparse.ArgumentParser:
    """Return the parser of a new command. reports: whether it has ``--json``."""
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=short,
        description=long,
        epilog=f"example: {example}" if example else None,
        allow_abbrev=False,
    )
    _shared(command, default=argparse.SUPPRESS, flag=argparse.SUPPRESS)
    if reports:
        command.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object on standard output"
        )
    command.set_defaults(reports=reports)
    return command


def _shared(parser: argparse.ArgumentParser, *, default: str | None, flag: str | bool) -> None:
    """Add what may stand before or after the command; there without a default, which would undo what stood before."""
    parser.add_argument(
        "-c", "--config", metavar="FILE", default=default, help="default: feeds.yaml, or AGGREGATOR_CONFIG"
    )
    parser.add_argument("-v", "--verbose", action="store_true", default=flag, help="say more")
    parser.add_argument("-q", "--quiet", action="store_true", default=flag, help="say only what needs somebody")


def _listening(command: argparse.ArgumentParser) -> None:
    command.add_argument("--listen", metavar="ADDRESS", help="host:port or unix:/path instead of server.listen")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:12]) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of entries: 1 or more")
    return int(text[:12])
