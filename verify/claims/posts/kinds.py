"""Which format an export has: named by the case, else told by its name and its first bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.claims.posts import archiver, sheet, telegram_html, telegram_json, video_info, wacz
from verify.claims.posts.found import BrokenExportError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verify.claims.posts.files import Folder
    from verify.claims.posts.found import Entries
    from verify.settings import PostSettings

FORMATS = ("telegram", "auto-archiver", "wacz", "yt-dlp", "csv")
_START = 1 << 16  # bytes by which a format is told
_ITEM = re.compile(r'"(?:status|metadata|media)"\s*:')
_VIDEO = re.compile(r'"(?:webpage_url|extractor|extractor_key|_type|formats)"\s*:')
_CHAT = re.compile(r'"(?:messages|chats|personal_information)"\s*:|"type"\s*:\s*"[a-z_]+"')
_PICKLED = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_HINT = f"write format under [[posts]], one of {', '.join(FORMATS)}"


@dataclass(frozen=True, slots=True)
class Reader:
    """How an export is read."""

    format: str
    read: Callable[[Path, Folder, PostSettings], Entries]
    path: Path  # of the file that is read
    root: Path  # folder that its files lie in


def told(path: Path, given: str) -> Reader:
    """The reader of an export.

    Raises:
        BrokenExportError: its format cannot be told, or is one that is not read.
    """
    if path.is_dir():
        return _folder(path, given)
    start = _start(path)
    if start.startswith(_PICKLED):
        hint = "export it as JSON or CSV: a Python pickle can run programs when it is read"
        raise BrokenExportError(path, "it is a Python pickle, and is not opened", hint)
    text = start.decode("utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", "replace")
    format_, read = _told(path, given, start, text.lstrip("\ufeff \t\r\n"))
    # In the export of a whole account, the pages of a chat lie two folders below the files' common root.
    deep = read is telegram_html.read and path.parent.parent.name == "chats"
    return Reader(format_, read, path, path.parents[2] if deep else path.parent)


def _told(
    path: Path, given: str, start: bytes, text: str
) -> tuple[str, Callable[[Path, Folder, PostSettings], Entries]]:
    page, json = text.startswith("<"), text.startswith(("{", "["))
    if given == "wacz" or (not given and start.startswith(b"PK\x03\x04")):
        return "wacz", wacz.read
    if given == "yt-dlp" or (
        not given and json and (path.name.endswith(".info.json") or _VIDEO.search(text))
    ):
        return "yt-dlp", video_info.read
    if page and (given == "auto-archiver" or (not given and "bellingcat/auto-archiver" in _end(path))):
        return "auto-archiver", archiver.read_page
    if page and given in {"", "telegram"}:
        return "telegram", telegram_html.read
    if json and (given == "auto-archiver" or (not given and not _CHAT.search(text) and _ITEM.search(text))):
        return "auto-archiver", archiver.read_json
    if given == "telegram" or (not given and json and _CHAT.search(text)):
        return "telegram", telegram_json.read
    if given in {"csv", "auto-archiver"} or not (page or json or "\0" in text):
        return given or "csv", sheet.read
    raise BrokenExportError(
        path, f"its content is not that of the format {given}" if given else "its format is not known", _HINT
    )


def _folder(path: Path, given: str) -> Reader:
    """A folder holds an export of Telegram: `result.json`, else its pages."""
    if given not in {"", "telegram"}:
        raise BrokenExportError(
            path, f"an export of the format {given} is a file, not a folder", "name the file"
        )
    single = path / "result.json"
    if single.is_file():
        return Reader("telegram", telegram_json.read, single, path)
    return Reader("telegram", telegram_html.read, path, path)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_START)
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error


def _end(path: Path) -> str:
    """The last of a file, where auto-archiver's pages name it."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _START))
        return stream.read(_START).decode("utf-8", "replace")
