r"""JSON of any size, one entry at a time: memory is bounded by the largest entry, and that by a setting.

`walk` gives every value outside of the named lists by itself, and every item of such a list as a whole, each
with its path (`("chats", "list", 3, "messages", 14)`, counted from 1). Telegram Desktop writes control
characters as `\x0B`, which JSON does not know (SerializeString in its export_output_json.cpp); these are read
as meant.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import ijson

from verify.claims.posts.found import BrokenExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from verify.settings import PostSettings

Step = str | int
_BLOCK = 1 << 16
_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_OPEN_END = re.compile(rb"\\+(?:x[0-9A-Fa-f]?)?\Z")
_BOM = b"\xef\xbb\xbf"


class _Source:
    """A file as ijson reads it: repaired, and refused where one entry grows too large."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream, self._most, self._held = stream, most, b""
        self.total = self.since = 0  # bytes: read at all, and since the last entry

    def read(self, size: int = -1) -> bytes:
        if size == 0:  # how ijson asks whether it gets bytes or text
            return b""
        data = self._stream.read(_BLOCK)
        if self.total == 0 and data.startswith(_BOM):
            data = data[len(_BOM) :]
        self.total += len(data)
        self.since += len(data)
        if self.since > self._most:
            raise _TooLargeError
        whole = self._held + data
        # What may be the beginning of an escape waits for the rest of it.
        cut = _OPEN_END.search(whole, max(0, len(whole) - 64)) if data else None
        self._held = whole[cut.start() :] if cut else b""
        ready = whole[: len(whole) - len(self._held)]
        repaired = _ESCAPE.sub(rb"\1\\u00\2", ready)
        # ijson takes an empty answer for the end of the file.
        return repaired if repaired or not data else self.read(size)


class _TooLargeError(Exception):
    """One entry is larger than the settings allow."""


def walk(path: Path, lists: frozenset[str], settings: PostSettings) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Values of a JSON file with their paths; items of lists under a key in `lists` come whole.

    Raises:
        BrokenExportError: the file is no JSON from some place on, or nests or grows beyond the settings.
    """
    try:
        with path.open("rb") as stream:
            yield from _walked(_Source(stream, settings.entry_bytes), path, lists, settings)
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error


def _walked(
    source: _Source, path: Path, lists: frozenset[str], settings: PostSettings
) -> Iterator[tuple[tuple[Step, ...], Any]]:
    try:
        for place, value in _entries(source, lists, settings.nesting):
            source.since = 0
            yield place, value
    except _TooLargeError as error:
        most = f"one entry is larger than {settings.entry_bytes >> 20} MiB"
        raise BrokenExportError(path, f"{most} (after byte {source.total})", "export it anew") from error
    except _TooDeepError as error:
        raise BrokenExportError(path, f"it nests deeper than {settings.nesting} levels") from error
    except (ijson.JSONError, ValueError, OverflowError) as error:
        where = _located(path, settings.locate_bytes) or f"before byte {source.total}"
        hint = "the file is cut short or was changed by hand: export it anew"
        raise BrokenExportError(path, f"it is no JSON from {where} on", hint) from error


class _TooDeepError(Exception):
    """Values inside values inside values."""


def _entries(source: _Source, lists: frozenset[str], deepest: int) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """The walk itself, over ijson's events."""
    place: list[Step] = []  # of the value that comes next
    inside: list[Any] = []  # containers of the item that is being built; empty outside of items
    for event, value in ijson.basic_parse(source, use_float=True):
        if len(place) > deepest:
            raise _TooDeepError
        if event == "map_key":
            place[-1] = value
        elif event in {"start_map", "start_array"}:
            if inside or _is_item(place, lists):
                inside.append({} if event == "start_map" else [])
            place.append("" if event == "start_map" else 1)
        elif event in {"end_map", "end_array"}:
            place.pop()
            if inside:
                done = inside.pop()
                if inside:
                    _put(inside[-1], place, done)
                else:
                    yield tuple(place), done
            _next(place)
        else:
            if inside:
                _put(inside[-1], place, value)
            else:
                yield tuple(place), value
            _next(place)


def _is_item(place: list[Step], lists: frozenset[str]) -> bool:
    return len(place) > 1 and isinstance(place[-1], int) and place[-2] in lists


def _put(container: Any, place: list[Step], value: Any) -> None:
    if isinstance(container, list):
        container.append(value)
    else:
        container[place[-1]] = value


def _next(place: list[Step]) -> None:
    if place and isinstance(place[-1], int):
        place[-1] += 1


def _located(path: Path, most: int) -> str:
    """Line and column where a file stops being JSON, where it is small enough to look again."""
    if path.stat().st_size > most:
        return ""
    try:
        json.loads(_ESCAPE.sub(rb"\1\\u00\2", path.read_bytes()).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        return f"line {error.lineno}, column {error.colno}"
    except UnicodeDecodeError as error:
        return f"byte {error.start}, which is no UTF-8,"
    except (ValueError, RecursionError):
        return ""
    return ""


def shown(place: tuple[Step, ...]) -> str:
    """A path as a person writes it: `chats.list[3].messages[14]`."""
    written = ""
    for step in place:
        written += f"[{step}]" if isinstance(step, int) else f".{step[:60]}" if written else step[:60]
    return written


def read_whole(path: Path, settings: PostSettings) -> Any:
    """A JSON file that is one entry.

    Raises:
        BrokenExportError: as in `walk`.
    """
    try:
        if path.stat().st_size > settings.entry_bytes:
            raise BrokenExportError(path, f"it is larger than {settings.entry_bytes >> 20} MiB")
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BrokenExportError(path, f"it is no JSON from {where} on", "save it anew") from error
    except (ValueError, RecursionError) as error:
        raise BrokenExportError(path, "it is no JSON in UTF-8", "save it anew") from error
