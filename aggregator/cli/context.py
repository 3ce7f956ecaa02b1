"""What every command is handed: its options, the streams, and how feeds.yaml and the store are come by."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

from aggregator.cli.words import shown, shown_json
from aggregator.errors import UsageError
from aggregator.text.secrets import all_hidden, hidden

if TYPE_CHECKING:
    from aggregator.config import Config
    from aggregator.fetch.client import Fetcher
    from aggregator.fetch.hosts import Memory
    from aggregator.model import HostState
    from aggregator.store import Store

DEFAULT_CONFIG = "feeds.yaml"

Tone = Literal["good", "bad", "dim", "strong"]
TONES: Mapping[Tone, str] = {"good": "32", "bad": "31", "dim": "2", "strong": "1"}  # ECMA-48, SGR


@dataclass(frozen=True, kw_only=True)
class Context:
    """arguments: as the parser gives them. out, err: where reports go, and where all else. now: gives aware UTC."""

    arguments: argparse.Namespace
    out: TextIO
    err: TextIO
    environ: Mapping[str, str]
    now: Callable[[], datetime]
    secrets: dict[str, str] = field(default_factory=dict)  # of feeds.yaml, once it was read: nothing shows them

    @classmethod
    def of(cls, arguments: argparse.Namespace, secrets: dict[str, str]) -> "Context":
        """Return the context of this process, its streams and its log ready for use. secrets: where they are noted."""
        if arguments.json and not arguments.reports:
            raise UsageError(f"`aggregator {arguments.command}` reports nothing; it has no --json")
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character must not end us
        level = logging.INFO if arguments.verbose else logging.ERROR if arguments.quiet else logging.WARNING
        _log(level, secrets)
        return cls(
            arguments=arguments,
            out=sys.stdout,
            err=sys.stderr,
            environ=os.environ,
            now=lambda: datetime.now(UTC),
            secrets=secrets,
        )

    # --- options ---------------------------------------------------------------------------------

    @property
    def is_json(self) -> bool:
        return bool(self.arguments.json)

    @property
    def is_quiet(self) -> bool:
        return bool(self.arguments.quiet)

    @property
    def is_verbose(self) -> bool:
        return bool(self.arguments.verbose)

    @property
    def names_config(self) -> bool:
        """Whether anybody said which feeds.yaml is meant."""
        return bool(self.arguments.config or self.environ.get("AGGREGATOR_CONFIG"))

    @property
    def config_path(self) -> Path:
        return Path(self.arguments.config or self.environ.get("AGGREGATOR_CONFIG") or DEFAULT_CONFIG)

    # --- what commands work on -------------------------------------------------------------------

    def config(self) -> "Config":
        """Return what feeds.yaml says. Raises ConfigError with every problem in it."""
        from aggregator import config, outputs, sources

        read = config.load(self.config_path, kinds=sources.names(), formats=outputs.names(), environ=self.environ)
        self.secrets.update(read.secrets)
        return read

    def notes(self, config: "Config") -> None:
        """Say on standard error what is right in feeds.yaml and still deserves a word."""
        from aggregator.config import notes

        for note in notes(config):
            self.tell(f"note: {note}", tone="dim")

    @contextmanager
    def writing(self, config: "Config", who: str) -> Iterator["Store"]:
        """Open the store, held against other processes that write. Raises StoreBusy when one has it."""
        from aggregator.store import Store

        with Store(config.storage, now=self.now()) as store, store.only_writer(who):
            yield store

    @contextmanager
    def reading(self, config: "Config") -> Iterator["Store | None"]:
        """Open the store beside others that write; None where there is none yet, and none is made."""
        if "://" not in config.storage and not Path(config.storage).exists():
            yield None
        else:
            from aggregator.store import Store

            with Store(config.storage, now=self.now()) as store:
                yield store

    def hosts(self, config: "Config") -> "tuple[HostState, ...]":
        """Return what is remembered of hosts, such as silence that they asked for."""
        with self.reading(config) as store:
            return store.hosts() if store else ()

    def with_members(self, config: "Config") -> "Config":
        """Return the configuration with the feeds that its lists are known to name."""
        from aggregator import config as configs

        with self.reading(config) as store:
            return configs.with_members(config, store.all_members()) if store else config

    def fetcher(self, config: "Config", *, memory: "Memory | None" = None, heeds_past: bool = True) -> "Fetcher":
        """Return what asks servers, as feeds.yaml wants it.

        memory: where what hosts ask for is kept. heeds_past: what they asked for in earlier runs counts.
        """
        from aggregator.fetch.client import Fetcher

        return Fetcher(
            config.polling,
            now=self.now,
            allow_private=config.network.allow_private,
            proxy=config.network.proxy,
            site_url=config.site.url,
            memory=memory,
            heeds_past=heeds_past,
        )

    # --- what commands say -----------------------------------------------------------------------

    def report(self, value: Mapping[str, Any]) -> None:
        """Write one JSON object to standard output."""
        is_unicode = (self.out.encoding or "utf-8").lower().replace("-", "") == "utf8"
        value = all_hidden(value, self.secrets.items())
        self.out.write(shown_json(json.dumps(value, ensure_ascii=not is_unicode, indent=2)) + "\n")

    def shown(self, line: str) -> str:
        """Return a line without secrets, and with nothing in it that a terminal would obey."""
        return shown(hidden(line, self.secrets.items()))

    def say(self, line: str, *, tone: Tone | None = None) -> None:
        """Write a line of the report for people to standard output; with ``--json`` there is none."""
        if not self.is_json:
            line = self.shown(line)
            self.out.write(_toned(line, tone, self.out, self.environ) + "\n")

    def tell(self, line: str, *, tone: Tone | None = None) -> None:
        """Write a line to standard error, unless everybody wants quiet."""
        if not self.is_quiet:
            line = self.shown(line)
            self.err.write(_toned(line, tone, self.err, self.environ) + "\n")


def _toned(line: str, tone: Tone | None, stream: TextIO, environ: Mapping[str, str]) -> str:
    if tone is None or not stream.isatty() or environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return line
    return f"\x1b[{TONES[tone]}m{line}\x1b[0m"


class _ToStandardError(logging.Handler):
    """Writes to what standard error is at that moment: a progress bar stands in for it while it is shown."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self.secrets = secrets

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(shown(hidden(self.format(record), self.secrets.items())) + "\n")


def _log(level: int, secrets: Mapping[str, str]) -> None:
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _ToStandardError):
            root.removeHandler(handler)
    handler = _ToStandardError(secrets)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    root.addHandler(handler)
    logging.getLogger("aggregator").setLevel(level)  # what libraries say below a warning helps nobody here
