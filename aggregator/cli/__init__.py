"""The command line: ``main`` runs one command and returns its exit status.

A command is a module of this package with ``run(context) -> int``, and its lines in ``parser.py``. It is imported
when it is called for, so that none pays for what another needs.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

from aggregator.cli.context import Context
from aggregator.cli.parser import parser
from aggregator.cli.words import shown
from aggregator.errors import AggregatorError, ConfigError, UsageError
from aggregator.text.secrets import hidden

DONE, FAILED, WRONG = 0, 1, 2  # DESIGN, part I, section 2
INTERRUPTED, NOBODY_READS = 128 + 2, 128 + 13  # as a shell names the end by SIGINT and SIGPIPE


def main(argv: Sequence[str]) -> int:
    """Run a command and return its exit status. What we cannot explain is a bug, and keeps its traceback."""
    secrets: dict[str, str] = {}  # of feeds.yaml, once it was read

    def complain(text: str) -> None:
        sys.stderr.write(shown(hidden(text, secrets.items())) + "\n")

    try:
        return _run(argv, secrets)
    except SystemExit as end:  # help, a version, a usage that argparse has explained, a signal
        return end.code if isinstance(end.code, int) else DONE
    except ConfigError as error:
        for problem in error.problems:
            complain(f"{problem}")
        return WRONG
    except UsageError as error:
        complain(f"aggregator: {error}")
        return WRONG
    except AggregatorError as error:
        complain(f"aggregator: {error}")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("aggregator: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:  # as in `aggregator entries | head`
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123  the interpreter flushes at its end
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return NOBODY_READS
    except Exception:
        if not secrets:
            raise
        complain(traceback.format_exc().rstrip("\n"))
        return FAILED


def _run(argv: Sequence[str], secrets: dict[str, str]) -> int:
    asked = parser()
    arguments = asked.parse_args(argv)
    if arguments.command is None:
        asked.print_help(sys.stderr)
        return WRONG
    context = Context.of(arguments, secrets)
    status: int = importlib.import_module(f"{__name__}.{arguments.command}").run(context)
    context.out.flush()
    return status
