"""Bits of a parameter set, read one after the other, with the codes that video standards use."""

from __future__ import annotations

from verify.metadata.cursor import ShortError


class Bits:
    """Reads bits from the highest to the lowest.

    The bytes 3 that are inserted after two zeros are taken out first (ITU-T H.264, 7.4.1).
    """

    __slots__ = ("_at", "_end", "_number")

    def __init__(self, unit: bytes) -> None:
        """Start at the first bit of `unit`."""
        raw = unit.replace(b"\0\0\3", b"\0\0")
        self._number, self._end, self._at = int.from_bytes(raw), len(raw) * 8, 0

    def u(self, count: int) -> int:
        """The next `count` bits as an unsigned number.

        Raises:
            ShortError: there are fewer.
        """
        self._at += count
        if self._at > self._end:
            raise ShortError("the parameter set ends before its fields do")
        return self._number >> (self._end - self._at) & ((1 << count) - 1)

    def flag(self) -> bool:
        """The next bit."""
        return bool(self.u(1))

    def ue(self) -> int:
        """An unsigned Exp-Golomb code (ITU-T H.264, 9.1).

        Raises:
            ShortError: it ends early, or is longer than 32 bits.
        """
        zeros = 0
        while not self.u(1):
            zeros += 1
            if zeros > 32:
                raise ShortError("a number of more than 32 bits")
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """A signed Exp-Golomb code."""
        number = self.ue()
        return (number + 1) // 2 if number % 2 else -(number // 2)
