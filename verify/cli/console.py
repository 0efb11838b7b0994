"""Everything that reaches the terminal goes through here: safe text, progress, errors.

Names and tags come from strangers: control characters, which steer a terminal, and direction characters,
which make a name read as another, are written by their number, as in the report. The report goes to
standard output, all else to standard error.
"""

from __future__ import annotations

import sys
import time
import unicodedata
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from verify.errors import VerifyError

# Joiners that ordinary names in several scripts, and emoji, are written with.
_JOINERS = frozenset("\u200c\u200d")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_LINE_SECONDS = 10.0  # between two plain lines of one stage
_BAR_SECONDS = 0.1
_WIDTH = 30


def shown(text: str, keep: str = "") -> str:
    """Text with what a terminal obeys or hides written by its number, but for what is in `keep`."""
    return "".join(
        letter
        if letter in keep or letter in _JOINERS or unicodedata.category(letter) not in _HIDDEN
        else _escape(ord(letter))
        for letter in text
    )


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\u2039U+{code:04X}\u203a"


def prepare() -> None:
    """Let no character that the terminal cannot show end the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Lines of the result, on standard output."""
    sys.stdout.write(shown(text, keep="\n\t") + "\n")


def write(text: str) -> None:
    """A document as it is, on standard output: report.json, which is UTF-8 whatever the terminal speaks."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    raw.write(text.encode("utf-8"))
    raw.flush()


def tell(text: str) -> None:
    """A remark on standard error."""
    sys.stderr.write(shown(text, keep="\n") + "\n")
    sys.stderr.flush()


def fail(error: VerifyError) -> None:
    """What went wrong, and what to do about it: one or two lines."""
    tell(f"verify: {shown(error.message)}")
    if error.hint:
        tell(f"  {shown(error.hint)}")


class Bar:
    """Shows how far long work is: a bar on a terminal, a plain line now and then elsewhere."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        """Show on `stream`, standard error by default; nothing at all where `quiet`."""
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._bar = not quiet and self._stream.isatty()
        self._stage = ""
        self._last = 0.0

    def update(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage are through: the pipeline's progress."""
        if self._quiet or not total:
            return
        now, finished, fresh = time.monotonic(), done >= total, stage != self._stage
        if not (finished or fresh or now - self._last >= (_BAR_SECONDS if self._bar else _LINE_SECONDS)):
            return
        self._stage, self._last = stage, now
        text = f"{stage} {done}/{total}"
        if not self._bar:
            self._stream.write(text + "\n")
            self._stream.flush()
            return
        filled = _WIDTH * done // total
        line = f"\r{'#' * filled}{'.' * (_WIDTH - filled)} {text}\x1b[K"
        self._stream.write(line if not finished else "\r\x1b[K")
        self._stream.flush()

    def clear(self) -> None:
        """Leave the line to whatever is said next."""
        if self._bar and self._stage:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
