r"""JSON of any size, one entry at a time: memory is bounded by the largest entry, and that by a setting.

`walk` gives every value outside of the named lists by itself, and every item of such a list as a whole, each
with its path (`("chats", "list", 3, "messages", 14)`, counted from 1). Values are parsed by Python's own
parser, which is given as much of the file as the next value needs. Telegram Desktop writes control characters
as `\x0B`, which JSON does not know (SerializeString in its export_output_json.cpp); these are read as meant.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from verify.claims.posts.found import BrokenExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from verify.settings import PostSettings

Step = str | int
_BLOCK = 1 << 18  # bytes
_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_OPEN_END = re.compile(rb"\\+(?:x[0-9A-Fa-f]?)?\Z")
_BLANKS = re.compile(r"[ \t\r\n]*")
_BEHIND = set(",]} \t\r\n")  # what follows a whole number
_HINT = "the file is cut short or was changed by hand: export it anew"


def walk(path: Path, lists: frozenset[str], settings: PostSettings) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Values of a JSON file with their paths; items of lists under a key in `lists` come whole.

    Raises:
        BrokenExportError: the file is no JSON from some place on, or nests or grows beyond the settings.
    """
    try:
        with path.open("rb") as stream:
            yield from _entries(_Text(path, stream, settings), lists, settings.nesting)
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error


def _entries(text: _Text, lists: frozenset[str], deepest: int) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """The walk: containers are entered, but for items of the lists; everything else is one value."""
    place: list[Step] = []  # of the value that comes next
    while True:
        begins = text.peek()
        whole = len(place) > 1 and isinstance(place[-1], int) and place[-2] in lists
        if begins in "{[" and begins and not whole:
            if len(place) >= deepest:
                text.fail("it nests too deeply")
            text.take(begins)
            place.append("" if begins == "{" else 1)
            if text.peek() not in "}]" or not text.peek():
                _key(text, place)
                continue
        else:
            yield tuple(place), text.value()
        while place and text.peek() == ("]" if isinstance(place[-1], int) else "}"):
            text.take(text.peek())
            place.pop()
        if not place:
            break
        text.take(",")
        if isinstance(place[-1], int):
            place[-1] += 1
        _key(text, place)
    if text.peek():
        text.fail("there is something behind its end")


def _key(text: _Text, place: list[Step]) -> None:
    """Read the name of the next value of an object."""
    if isinstance(place[-1], str):
        if text.peek() != '"':
            text.fail("it is no JSON")
        place[-1] = text.value()
        text.take(":")


class _Text:
    """A file as text, read as far as is needed and forgotten behind it."""

    def __init__(self, path: Path, stream: BinaryIO, settings: PostSettings) -> None:
        self._path, self._stream, self._most = path, stream, settings.entry_bytes
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._parser = json.JSONDecoder()
        self._held = b""  # what may be the beginning of an escape
        self._text, self._at, self._line, self._ended = "", 0, 1, False

    def peek(self) -> str:
        """The next character that is no blank; empty at the end of the file."""
        while True:
            found = _BLANKS.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more(_BLOCK)

    def take(self, expected: str) -> None:
        """Pass over a character that must come next."""
        if self.peek() != expected or not expected:
            self.fail("it is no JSON")
        self._at += 1

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        size = _BLOCK
        while True:
            try:
                value, end = self._parser.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended:
                    self._at = error.pos
                    self.fail("it is no JSON")
            except RecursionError:
                self.fail("it nests too deeply")
            except ValueError:
                self.fail("it has a number that is none")
            else:
                # A number may go on in the next block: "0" of "0.5", "0." of it.
                if self._ended or not isinstance(value, int | float) or self._text[end : end + 1] in _BEHIND:
                    self._at = end
                    return value
            if len(self._text) - self._at > self._most:
                self.fail(f"one entry is larger than {self._most >> 20} MiB")
            self._more(size)
            size *= 2  # so that a large entry is not parsed anew for every block

    def _more(self, size: int) -> None:
        """Read on, and forget what was passed."""
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :], 0
        data = self._stream.read(size)
        self._ended = not data
        whole = self._held + data
        cut = _OPEN_END.search(whole, max(0, len(whole) - 64)) if data else None
        self._held = whole[cut.start() :] if cut else b""
        ready = whole[: len(whole) - len(self._held)]
        if b"\\x" in ready:
            ready = _ESCAPE.sub(rb"\1\\u00\2", ready)
        try:
            self._text += self._decoder.decode(ready, final=self._ended)
        except UnicodeDecodeError as error:
            reason = f"it is no UTF-8 somewhere after line {self._line}"
            raise BrokenExportError(self._path, reason, _HINT) from error

    def fail(self, reason: str) -> NoReturn:
        """Give the file up, with the line."""
        line = self._line + self._text.count("\n", 0, self._at)
        column = self._at - self._text.rfind("\n", 0, self._at)
        raise BrokenExportError(self._path, f"{reason} from line {line}, column {column} on", _HINT)


def read_whole(path: Path, settings: PostSettings) -> Any:
    """A JSON file that is one entry.

    Raises:
        BrokenExportError: as in `walk`.
    """
    try:
        with path.open("rb") as stream:
            text = _Text(path, stream, settings)
            value = text.value()
            if text.peek():
                text.fail("there is something behind its end")
            return value
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error


def shown(place: tuple[Step, ...]) -> str:
    """A path as a person writes it: `chats.list[3].messages[14]`."""
    written = ""
    for step in place:
        written += f"[{step}]" if isinstance(step, int) else f".{step[:60]}" if written else step[:60]
    return written
