"""The command line: parse, call the pipeline, show. The only room, beside the web, that prints or exits."""

from __future__ import annotations

import sys

EXIT_INTERRUPTED = 130


def main() -> int:
    """The installed program: run it on the command line's arguments and give the exit code."""
    try:
        # Loading takes a moment too, and Ctrl-C in it is an interruption like any other.
        from verify.cli import root

        return root.main()
    except KeyboardInterrupt:
        sys.stderr.write("verify: interrupted\n")
        return EXIT_INTERRUPTED


__all__ = ["EXIT_INTERRUPTED", "main"]
