"""Files that an export names: found inside its own folder, or not at all, and identified by their bytes.

A path in an export is a claim of whoever made it. It is followed only to a regular file that lies, links
resolved, under the export's folder.
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from verify.model import PostFile

# Telegram's words in place of a path: "(File not included. Change data exporting settings to download.)"
_PLACEHOLDER = re.compile(r"[^()]{0,80}\([^()]{1,200}\)?\s*", re.DOTALL)
OUTSIDE = "the path leaves the export's folder, and is not followed"
_LONGEST = 1000  # characters of a path


@dataclass
class Folder:
    """The folder of an export, with the bytes that may still be read to identify its files."""

    path: Path
    budget: int  # bytes

    def file(self, written: str) -> PostFile:
        """The file of that path, with its SHA-256; or the reason why there is none."""
        shown = written[:_LONGEST]
        if written.startswith("(") and _PLACEHOLDER.fullmatch(shown):
            return PostFile(shown, note="the export does not hold the file")
        found = self._inside(written)
        if isinstance(found, str):
            return PostFile(shown, note=found)
        size = found.stat().st_size
        if size > self.budget:
            return PostFile(shown, found, note="not identified by its bytes: too much was read already")
        self.budget -= size
        try:
            return PostFile(shown, found, digest(found))
        except OSError as error:
            return PostFile(shown, note=f"it could not be read ({error.strerror})")

    def _inside(self, written: str) -> Path | str:
        """The file, or why not."""
        parts = PurePosixPath(written.replace("\\", "/")).parts
        barred = not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in written
        if barred or len(written) > _LONGEST:
            return OUTSIDE
        try:
            root = self.path.resolve(strict=True)
            found = root.joinpath(*parts).resolve(strict=True)
            regular = stat.S_ISREG(found.stat().st_mode)
        except (OSError, RuntimeError, ValueError):
            return "there is no such file in the export's folder"
        if not found.is_relative_to(root):
            return OUTSIDE
        return found if regular else "it is no regular file"


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
