"""Python values -> what JSON can hold: finite rounded numbers, RFC 3339 instants, valid UTF-8."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from verify.model import Box, Matrix, Span

# Decimals kept. A microsecond is finer than any frame; a box to a ten-thousandth is finer than a pixel
# of an 8K picture; a homography is kept finer because its entries multiply.
SECONDS, SHARES, MATRIX, VALUES = 6, 4, 6, 6

_SURROGATE = re.compile("[\ud800-\udfff]")


def number(value: float | Fraction, digits: int = VALUES) -> float:
    """A finite float rounded to `digits` decimals, never -0.0; ValueError for NaN and infinity."""
    result = float(value)
    if not math.isfinite(result):
        raise ValueError(f"a report holds finite numbers only: {result}")
    return round(result, digits) + 0.0


def seconds(value: Fraction | float) -> float:
    """Seconds as a float, to the microsecond."""
    return number(value, SECONDS)


def text(value: str) -> str:
    r"""Text that is valid UTF-8: a byte that was not (a surrogate from a file name) is shown as `\xff`."""
    return _SURROGATE.sub(_shown, value)


def span(value: Span) -> list[float]:
    """`[start, end]` in seconds."""
    return [seconds(value.start), seconds(value.end)]


def box(value: Box) -> list[float]:
    """`[x, y, width, height]` in fractions of the displayed picture."""
    return [number(part, SHARES) for part in (value.x, value.y, value.width, value.height)]


def matrix(value: Matrix) -> list[list[float]]:
    """Three rows of three."""
    return [[number(part, MATRIX) for part in row] for row in value]


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


def instant(value: datetime) -> str:
    """RFC 3339, with `Z` for UTC; without a zone where the source has none."""
    offset = value.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        value = value.astimezone(UTC)  # local mean time: RFC 3339 has no seconds in an offset
    written = value.isoformat()
    return written.removesuffix("+00:00") + "Z" if written.endswith("+00:00") else written


def plain(value: object) -> object:
    """Any value of an open table (container, tags, settings, parameters) as JSON's own types.

    Fractions become floats, dataclasses and mappings objects, sequences and sets arrays, bytes hex text. A
    number that is not finite comes from a file here, not from a measurement, so it is kept as text.

    Raises:
        TypeError: the value is of another type.
    """
    match value:
        case None | bool():
            return value
        case str():
            return text(str(value))
        case dict():  # these two first: a report of many pairs is mostly made of them
            return table(value)
        case list():
            return [plain(item) for item in value]
        case np.generic():
            return plain(value.item())
        case int():
            return int(value)
        case float() | Fraction():
            return number(value) if math.isfinite(value) else str(value)
        case bytes():
            return value.hex()
        case datetime():
            return instant(value)
        case PurePath():
            return text(str(value))
        case Mapping():
            return table(value)
        case Set():
            return sorted((plain(item) for item in value), key=str)
        case Sequence():
            return [plain(item) for item in value]
        case np.ndarray():
            return plain(value.tolist())
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"a report cannot hold a {type(value).__name__}")


def table(values: Mapping[str, object]) -> dict[str, object]:
    """An open table; names that only differ in bytes that are no UTF-8 stay apart."""
    result: dict[str, object] = {}
    for name, value in values.items():
        key = text(str(name))
        while key in result:
            key += "'"
        result[key] = plain(value)
    return result
