"""Everything that verify refuses to do, as one tree.

    VerifyError                      1
    ├── UsageError                   2   the call, a path or a case file is wrong
    │   ├── MissingFileError         2
    │   ├── CaseFileError            2
    │   └── OutputExistsError        2
    ├── InputError                   3   one input could not be examined; the others go on
    │   ├── UnreadableMediaError     3
    │   ├── NotMediaError            3
    │   ├── TooLargeError            3
    │   └── WorkerError              3   the process that read the file crashed or took too long
    ├── CheckError                   3   one check could not be carried out
    ├── MissingExtraError            3   an optional package is not installed
    └── IncomparableError            1   two values made by different recipes met

The number is the exit code of a program that ends with the error (`InputError` ends none: it is written into
the report and the program goes on). Every error has a `code` for programs, a message for people and a `hint`:
what to do next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path


class VerifyError(Exception):
    """Base of every error that verify raises on purpose."""

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the message and what to do about it."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process border unchanged, whatever arguments a subclass takes."""
        return _rebuild, (type(self), self.message, self.hint)


def _rebuild(kind: type[VerifyError], message: str, hint: str) -> VerifyError:
    error = kind.__new__(kind)
    VerifyError.__init__(error, message, hint)
    return error


class UsageError(VerifyError):
    """The command or the call cannot be carried out as it was given."""

    code = "usage"
    exit_code = 2


class MissingFileError(UsageError):
    """A named file or folder does not exist."""

    code = "missing-file"


class CaseFileError(UsageError):
    """A case file says something that it may not; the message names the key and its place."""

    code = "bad-case"


class OutputExistsError(UsageError):
    """A report is already there, and nobody said that it may be written over."""

    code = "output-exists"


class InputError(VerifyError):
    """One input could not be examined. It is entered in the report; the others go on."""

    code = "input"
    exit_code = 3

    def __init__(self, path: Path | str, reason: str, hint: str = "") -> None:
        """Name the file, what is wrong with it, and what to do."""
        super().__init__(f"{path}: {reason}", hint)


class UnreadableMediaError(InputError):
    """The file looks like media, and nothing could be decoded from it."""

    code = "unreadable"


class NotMediaError(InputError):
    """The file is no picture, no video and no sound."""

    code = "not-media"


class TooLargeError(InputError):
    """The file declares more pixels or streams than is safe to decode."""

    code = "too-large"


class WorkerError(InputError):
    """The guarded process that examined the file crashed, or ran past its limit."""

    code = "worker"


class CheckError(VerifyError):
    """A check could not be carried out; the report lists it as not run, with this reason."""

    code = "check"
    exit_code = 3


class MissingExtraError(VerifyError):
    """An optional package is needed for this; the message says what to install."""

    code = "missing-extra"
    exit_code = 3


class IncomparableError(VerifyError):
    """Two values made by different recipes were compared."""

    code = "incomparable"
