"""The program: its commands, and one way out for every error."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

import verify
from verify.cli import EXIT_INTERRUPTED, console
from verify.cli.completion import completion
from verify.cli.examine import batch, case, compare, inspect
from verify.cli.methods import methods
from verify.cli.samples import samples
from verify.cli.validate import validate
from verify.errors import VerifyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType, TracebackType

_NAMES = ("verify", "verify-media")  # as which it is installed

EXIT_FAILED = 1
EXIT_USAGE = 2

_EPILOG = """\b
Exit codes:
  0    done, and everything was examined
  1    failed
  2    wrong usage, a missing file or a bad case file
  3    done, but some input could not be read or some check failed
  4    done, and what --fail-on names was found
  130  interrupted
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
    no_args_is_help=True,
)
@click.version_option(verify.__version__, "--version", prog_name="verify", message="%(prog)s %(version)s")
def program() -> None:
    """Compare circulating clips with each other and with reference imagery, and write verification reports.

    It says what was measured, what that is consistent with and what was not looked at. It never says that a
    clip is genuine, nor that it is not.
    """


for _command in (inspect, compare, case, batch, validate, methods, samples, completion):
    program.add_command(_command)


def main() -> int:
    """Run the program on the command line's arguments and give the exit code."""
    console.prepare()
    _settle()
    return run(sys.argv[1:])


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and give its exit code; only a bug raises."""
    try:
        result = program.main(list(arguments), prog_name=_name(), standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _misused(error)
    except VerifyError as error:
        console.fail(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        console.tell("verify: interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: no fault, and nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        console.tell(f"verify: {console.shown(where)}{error.strerror or error}")
        return EXIT_FAILED
    return int(result or 0)


def _name() -> str:
    # Run as `python -m verify`, click would name it after the file.
    name = Path(sys.argv[0]).stem
    return name if name in _NAMES else _NAMES[0]


def _misused(error: click.ClickException) -> int:
    """Click's own complaint, in two lines and safe to show: it repeats what was typed."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and context is not None:
        console.tell(context.get_help())
        return EXIT_USAGE
    console.tell(f"verify: {console.shown(error.format_message())}")
    if context is not None:
        console.tell(f"  {context.get_usage()}; see {context.command_path} --help")
    return error.exit_code if error.exit_code != EXIT_FAILED else EXIT_USAGE


def _settle() -> None:
    """What libraries warn of is no result and stays off the terminal; a bug says that it is one."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    signal.signal(signal.SIGTERM, _interrupt)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, _interrupt)
    if not {"--verbose", "-v"} & set(sys.argv):
        sys.excepthook = _bug


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _bug(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    console.tell(f"verify: this is an error in verify itself: {kind.__name__}: {console.shown(str(error))}")
    console.tell("  run it again with --verbose for the details, and report them")
