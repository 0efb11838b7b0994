"""A reading position in a box's bytes, which ends with a word on it instead of reading past the end."""

from __future__ import annotations

from verify.metadata.text import bounded


class ShortError(ValueError):
    """The bytes end before the field does."""


class Cursor:
    """Reads big-endian numbers and texts, one after the other.

    Attributes:
        data: the bytes of one box, without its header; the first of them where the box is long.
        at: position of the next byte.
        whole: bytes that the box has, whatever was read of it.
        notes: what a decoder found odd.
    """

    __slots__ = ("_budget", "at", "data", "notes", "whole")

    def __init__(self, data: bytes, whole: int | None = None, budget: list[int] | None = None) -> None:
        """Start at the first byte of `data`; `budget` holds how many readings the file has left."""
        self._budget = budget if budget is not None else [1 << 30]
        self.data, self.at, self.notes = data, 0, list[str]()
        self.whole = len(data) if whole is None else whole

    @property
    def left(self) -> int:
        """Bytes that were read and not yet taken."""
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        """The next `count` bytes.

        Raises:
            ShortError: there are fewer, or too much was read of the file already.
        """
        self._budget[0] -= 1
        if self._budget[0] < 0:
            raise ShortError("the file has more fields than are read")
        if count > self.left:
            raise ShortError(f"{count} bytes are due at byte {self.at} and {self.left} are left")
        self.at += count
        return self.data[self.at - count : self.at]

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(self.left)

    def u(self, count: int) -> int:
        """The next unsigned number of `count` bytes."""
        return int.from_bytes(self.take(count))

    def i(self, count: int) -> int:
        """The next signed number of `count` bytes."""
        return int.from_bytes(self.take(count), signed=True)

    def fixed(self, count: int, fraction: int) -> float:
        """The next signed number of `count` bytes whose lowest `fraction` bits stand behind the point."""
        return self.i(count) / (1 << fraction)

    def code(self) -> str:
        """The next four-character code."""
        return code(self.take(4))

    def version(self) -> tuple[int, int]:
        """Version and flags of a full box."""
        return self.u(1), self.u(3)

    def text(self) -> str:
        """The next text, to a zero byte or the end; UTF-16 where it begins with its mark."""
        if self.data[self.at : self.at + 2] in {b"\xfe\xff", b"\xff\xfe"}:
            end = next(
                (n for n in range(self.at, len(self.data) - 1, 2) if not any(self.data[n : n + 2])), -1
            )
            raw = self.take((end if end >= 0 else len(self.data)) - self.at)
            self.at += 2 if end >= 0 else 0
            return bounded(raw.decode("utf-16", "replace"))
        end = self.data.find(b"\0", self.at)
        raw = self.take((end if end >= 0 else len(self.data)) - self.at)
        self.at += end >= 0
        return bounded(raw.decode("utf-8", "replace"))


def code(raw: bytes) -> str:
    r"""A four-character code as text; what cannot be printed is written as `\xNN`."""
    return "".join(
        letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in raw.decode("latin-1")
    )
