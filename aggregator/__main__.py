"""``python -m aggregator`` and the command ``aggregator``."""

import sys

from aggregator.cli import main as command


def main() -> int:
    """Return the exit status of the command line."""
    return command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
