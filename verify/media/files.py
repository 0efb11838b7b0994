"""Files as bytes: opened, or refused in our own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from verify.errors import MissingFileError, UnreadableMediaError

if TYPE_CHECKING:
    from pathlib import Path


def open_bytes(path: Path) -> BinaryIO:
    """The file, open for reading.

    Raises:
        MissingFileError: There is no such file.
        UnreadableMediaError: The system does not let it be read.
    """
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise MissingFileError(f"{path}: no such file") from error
    except OSError as error:
        raise UnreadableMediaError(path, f"it could not be opened ({error.strerror})") from error
