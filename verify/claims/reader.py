"""Tables of a case file, read strictly: each key is asked for by name, and what nobody asked for is an error.

Places are written as in `clip[2].post[1].at`, counted from 1, as a person counts.
"""

from __future__ import annotations

import difflib
import tomllib
from typing import TYPE_CHECKING, TypeVar

from verify.errors import CaseFileError, MissingFileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_Kind = TypeVar("_Kind")

_NAMES = {str: "text in quotes", list: "a list", dict: "a table", bool: "true or false"}
# A case file is written by hand; anything larger is something else.
_MAX_BYTES = 8 << 20
# TOML's whole numbers have no bound, and those of a float, which they are written as, have.
_MOST = 10**300


def load(path: Path) -> Table:
    """The top table of a case file.

    Raises:
        MissingFileError: there is no such file.
        CaseFileError: it is no TOML; the message names the line.
    """
    try:
        if not path.is_file():
            raise MissingFileError(f"{path}: there is no such case file", "check the path")
        if path.stat().st_size > _MAX_BYTES:
            raise CaseFileError(f"{path}: a case file has less than {_MAX_BYTES >> 20} MiB")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise MissingFileError(f"{path}: the case file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{path}: not UTF-8 (byte {error.start})", "save the file as UTF-8") from error
    try:
        # tomllib takes no bare carriage return; editors on Windows write them before the line feed.
        return Table(tomllib.loads(text.replace("\r\n", "\n")), "", path)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise CaseFileError(f"{path}: {_located(error, text)}", "see the case file in the README") from error


def _located(error: Exception, text: str) -> str:
    """The parser's message, with the line that it speaks of: an impossible date is told by its key."""
    message = str(error) or "it is nested too deeply"
    _, found, rest = message.partition("(at line ")
    number = rest.partition(",")[0]
    if not found or not number.isdigit():
        return message
    lines = text.splitlines()
    line = lines[int(number) - 1].strip() if int(number) <= len(lines) else ""
    return f"{message}: {line[:80]}" if line else message


class Table:
    """One table of a case file, with its place, that keeps count of what was asked for."""

    def __init__(self, values: Mapping[str, object], place: str, file: Path) -> None:
        """Hold the values, where they stand (`clip[2]`; empty at the top) and in which file."""
        self._values = values
        self._asked: set[str] = set()
        self.place = place
        self.file = file

    def where(self, key: str) -> str:
        """The key with its place: `clip[2].at`."""
        return f"{self.place}.{key}" if self.place else key

    def error(self, key: str, problem: str, hint: str = "") -> CaseFileError:
        """An error about one key of this table, to be raised."""
        return CaseFileError(f"{self.file}: {self.where(key)}: {problem}", hint)

    def value(self, key: str) -> object | None:
        """The value as TOML gives it, or None."""
        self._asked.add(key)
        return self._values.get(key)

    def _typed(self, key: str, kind: type[_Kind]) -> _Kind | None:
        value = self.value(key)
        if value is not None and not isinstance(value, kind):
            raise self.error(key, f"must be {_NAMES[kind]}, and is {_named(value)}")
        return value

    def text(self, key: str) -> str:
        """A text; empty where the key is missing."""
        return self._typed(key, str) or ""

    def needed(self, key: str) -> str:
        """A text that must be there and say something."""
        text = self.text(key)
        if not text.strip():
            if key in self._values:
                raise self.error(key, "is empty")
            near = difflib.get_close_matches(key, self._values, 1)
            raise self.error(key, "is missing", f'did you mean it by "{near[0]}"?' if near else "")
        return text

    def number(self, key: str, low: float, high: float) -> float | None:
        """A finite number from `low` to `high`, or None."""
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, f"must be a number, and is {_named(value)}")
        if not low <= value <= high:  # NaN does not either
            given = "far beyond" if abs(value) > _MOST else f"{value:.15g}"
            raise self.error(key, f"must lie between {low:g} and {high:g}, and is {given}")
        return float(value)

    def flag(self, key: str) -> bool:
        """True or false; false where the key is missing."""
        return self._typed(key, bool) or False

    def numbers(self, key: str, count: int, low: float, high: float) -> tuple[float, ...] | None:
        """`count` numbers from `low` to `high`, or None."""
        values = self._typed(key, list)
        if values is None:
            return None
        if len(values) != count:
            raise self.error(key, f"must have {count} numbers, and has {len(values)}")
        named = {f"{key}[{index}]": value for index, value in enumerate(values, 1)}
        inner = Table(named, self.place, self.file)
        return tuple(inner.number(name, low, high) or 0.0 for name in named)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        values = self._typed(key, list) or []
        for index, value in enumerate(values, 1):
            if not isinstance(value, str):
                raise self.error(f"{key}[{index}]", f"must be text in quotes, and is {_named(value)}")
        return tuple(values)

    def table(self, key: str) -> Table:
        """A table inside this one; an empty one where the key is missing."""
        return Table(self._typed(key, dict) or {}, self.where(key), self.file)

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables, `[[key]]`; empty where the key is missing."""
        if isinstance(self.value(key), dict):
            raise self.error(key, "is one table", f"write [[{_plain(self.where(key))}]], in double brackets")
        values = self._typed(key, list) or []
        found = []
        for index, item in enumerate(values, 1):
            if not isinstance(item, dict):
                raise self.error(f"{key}[{index}]", f"must be a table, and is {_named(item)}")
            found.append(Table(item, f"{self.where(key)}[{index}]", self.file))
        return tuple(found)

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, 1)
                hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(self._asked))}"
                raise self.error(key, "unknown key", hint)


def _named(value: object) -> str:
    return _NAMES.get(type(value), f"a {type(value).__name__}")


def _plain(place: str) -> str:
    """`clip[2].post` as it is written in a file: `clip.post`."""
    return ".".join(part.partition("[")[0] for part in place.split("."))
