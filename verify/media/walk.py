"""A walk through one opened file, by decoding on or by seeking, whichever is nearer."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import ExitStack
from fractions import Fraction
from typing import TYPE_CHECKING, TypedDict

from verify.media.index import keyframes
from verify.media.opening import opened, picture_stream, unreadable
from verify.media.reader import Reader, Shown, Tally
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Unpack


class How(TypedDict, total=False):
    """How to decode, as `Reader` takes it."""

    skip_nonref: bool
    rough: bool
    threads: int
    tally: Tally


class Walk:
    """One opened file and a place in it; a context that closes it."""

    def __init__(self, path: Path, **how: Unpack[How]) -> None:
        """Stand before the first frame of `path`."""
        self._path, self._how = path, how
        self._stack = ExitStack()
        self._reader: Reader | None = None
        self._run: Iterator[Shown] = iter(())
        self._current: Shown | None = None
        self._hurry_to = Fraction(0)

    def __enter__(self) -> Walk:
        """Open nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._stack.close()

    def at(self, time: Fraction) -> Shown | None:
        """The frame on screen at `time`; None where nothing decodes."""
        now = self._current
        if now is None or time < now.time or self._nearer_by_seeking(now.end, time):
            self._hurry_to = time
            self._run = self.shown_from(time)
            self._current = next(self._run, None)
        if self._reader is not None:
            self._reader.hurry_to = self._hurry_to = time
        while self._current is not None and self._current.end <= time:
            following = next(self._run, None)
            if following is None:
                break
            self._current = following
        return self._current

    def _nearer_by_seeking(self, now: Fraction, time: Fraction) -> bool:
        """Whether a later time is reached sooner from a key frame than by decoding on."""
        if time - now > SETTINGS.media.seek_seconds:
            return True
        keys = keyframes(self._path)
        before = bisect_right(keys, float(time)) - 1
        return before >= 0 and keys[before] > now + SETTINGS.media.seek_worth

    def hurry(self, time: Fraction) -> None:
        """Leave out what nothing refers to, until shortly before a time."""
        self._hurry_to = time

    def shown_from(self, time: Fraction | None) -> Iterator[Shown]:
        """Frames in order, beginning at or before `time`."""
        if time is not None and time > 0:
            reader = self._reader or self._reopened()
            reader.hurry_to = self._hurry_to
            back = Fraction(0)
            while back < time:
                if not reader.seek(time - back):
                    break
                run = reader.shown()
                first = next(run, None)
                # A seek can land late, or among frames whose references lie before it.
                if first is not None and first.time <= time and not first.frame.is_corrupt:
                    yield first
                    yield from run
                    return
                back = max(back * 4, Fraction(1))
        yield from self._reopened().shown()

    def _reopened(self) -> Reader:
        self._stack.close()
        container = self._stack.enter_context(opened(self._path))
        stream = picture_stream(container)
        if stream is None:
            raise unreadable(self._path, "it has no picture that can be decoded")
        self._reader = Reader(self._path, container, stream, **self._how)
        return self._reader
