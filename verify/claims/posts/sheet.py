"""Tables of posts: a plain CSV, and the sheets and CSV files of Bellingcat's auto-archiver.

Columns are told by their headers, in any order and case; what no header names is not read. Without headers,
the column in which web addresses stand is the address, and nothing else is known. The delimiter is a comma,
semicolon, tab or bar, whichever parts the first lines best; spreadsheets' byte-order marks are taken off.

auto-archiver's sheet has the columns link, archive status, archive location, archive date, upload timestamp,
upload title, text content (gworksheet.py); its CSV database writes status, metadata and media as Python
prints them (csv_db.py), which are taken apart without being run. It writes each upload time as UTC, whatever
zone it had (Metadata.get_timestamp), so that some are off by hours. A link alone is a post of unknown date.
"""

from __future__ import annotations

import csv
import re
from itertools import chain, islice
from typing import TYPE_CHECKING, TextIO

from verify.claims.posts import dates, record
from verify.claims.posts.found import BrokenExportError, Malformed, PassedOver, address, name
from verify.claims.posts.identifiers import platform
from verify.metadata.text import bounded
from verify.model import Post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from verify.claims.posts.files import Folder
    from verify.claims.posts.found import Entries
    from verify.settings import PostSettings

_HEADERS = {
    "url": {"url", "link", "links", "post", "post url", "post link", "webpage", "webpages", "address"},
    "at": {
        "date", "at", "posted", "posted at", "time", "datetime", "timestamp", "upload timestamp",
        "published",
        "date posted", "post date", "created", "created at", "created_at", "upload date", "date (utc)",
    },
    "text": {"text", "text content", "content", "message", "caption", "description", "body", "post text"},
    "title": {"title", "upload title"},
    "source": {"source", "channel", "account", "page", "group", "chat", "username", "user", "handle"},
    "author": {"author", "name", "by", "poster", "posted by"},
    "file": {"file", "path", "filename", "file name", "media", "local file", "clip"},
    "archived": {"archive", "archived", "archive url", "archive link", "archive location", "archived url"},
    "seen": {"archive date", "archived at", "date archived", "saved", "collected", "seen"},
    "number": {"id", "post id", "message id"},
    "sha256": {"sha256", "sha-256", "sha256sum"},
    "status": {"status", "archive status"},
    "metadata": {"metadata"},
}  # fmt: skip
_LINK = re.compile(r"https?://[^\s,;|\"']{3,}", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_SAMPLE = 20  # rows by which columns are told
_HINT = "correct the line, or save the sheet as CSV anew"


def read(path: Path, folder: Folder, settings: PostSettings) -> Entries:
    """Posts of a table, in its order.

    Raises:
        BrokenExportError: it is no table in UTF-8 or UTF-16, or no column of it says what it is.
    """
    rows = _rows(path, settings)
    sample = list(islice(rows, _SAMPLE))
    if not sample:
        raise BrokenExportError(path, "it is empty")
    columns = _columns(sample[0][1])
    if not {"url", "metadata"} & set(columns.values()):
        links = _linked([row for _, row in sample])
        if links is not None:
            columns[links] = "url"
        elif not {"at", "text", "file"} & set(columns.values()):
            hint = "name the columns in the first line: url, date, text, source, file, archive"
            raise BrokenExportError(path, "no column has a known name, and none holds web addresses", hint)
    link = next((column for column, key in columns.items() if key == "url"), None)
    headed = link is None or not _LINK.match(_cell(sample[0][1], link).strip())
    for line, row in chain(sample[1 if headed else 0 :], rows):
        yield from _post(row, columns, f"line {line}", folder, settings)


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _columns(header: list[str]) -> dict[int, str]:
    """Which column is which; the first of several with one meaning."""
    found: dict[int, str] = {}
    for place, cell in enumerate(header[:200]):
        plain = re.sub(r"[\s_]+", " ", cell.strip().strip("\ufeff").lower())
        for key, names in _HEADERS.items():
            if (plain in names or cell.strip().lower() in names) and key not in found.values():
                found[place] = key
    return found


def _linked(rows: list[list[str]]) -> int | None:
    """The column in which half of the rows or more have a web address."""
    width = max(len(row) for row in rows)
    counts = [sum(1 for row in rows if _LINK.match(_cell(row, column).strip())) for column in range(width)]
    best = counts.index(max(counts)) if counts else 0
    return best if counts and counts[best] * 2 >= len(rows) else None


def _rows(path: Path, settings: PostSettings) -> Iterator[tuple[int, list[str]]]:
    """Rows with their lines, empty ones left out."""
    with _opened(path) as stream:
        line = 0
        try:
            delimiter = _delimiter(stream.read(1 << 16))
            stream.seek(0)
            csv.field_size_limit(settings.cell)
            rows = csv.reader(_bounded(stream, path, settings.cell), delimiter=delimiter)
            for row in rows:
                line = rows.line_num
                if any(cell.strip() for cell in row):
                    yield line, row
        except csv.Error as error:
            reason = f"it is no table from line {line + 1} on ({error})"
            raise BrokenExportError(path, reason, _HINT) from error
        except UnicodeDecodeError as error:
            reason = f"it is no {error.encoding} somewhere after line {line}"
            raise BrokenExportError(path, reason, "save the sheet as CSV in UTF-8") from error


def _opened(path: Path) -> TextIO:
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
        # Excel's "Unicode text" is UTF-16 with a mark.
        wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
        return path.open("r", encoding="utf-16" if wide else "utf-8-sig", newline="")
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error


def _bounded(stream: TextIO, path: Path, longest: int) -> Iterator[str]:
    """Lines, unless one is longer than a table's lines are."""
    while line := stream.readline(longest):
        if len(line) >= longest:
            raise BrokenExportError(path, f"a line has more than {longest} characters", _HINT)
        yield line


def _delimiter(start: str) -> str:
    """The character that parts the first lines into most columns, outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", start)
    lines = [line for line in bare.splitlines()[:20] if line.strip()]
    return max(_DELIMITERS, key=lambda each: (sum(1 for line in lines if each in line), bare.count(each)))


def _post(
    row: list[str], columns: dict[int, str], place: str, folder: Folder, settings: PostSettings
) -> Iterator[Post | Malformed | PassedOver]:
    cells = {key: _cell(row, column).strip() for column, key in columns.items()}
    if cells.get("metadata"):
        yield from record.of_csv(cells["metadata"], cells.get("file", ""), place, folder, settings)
        return
    url = cells.get("url", "")
    if url and not _LINK.match(url):
        yield Malformed(f"{place} (url)", f'is no web address: "{name(url)[:60]}"', _HINT)
    if not any(cells.get(key) for key in ("url", "at", "text", "title", "file")):
        yield PassedOver("line without address, date, text or file")
        return
    (start, end), wrong = _when(cells.get("at", ""))
    (seen, _), wrong_too = _when(cells.get("seen", ""))
    for key, problem in (("date", wrong), ("archive date", wrong_too)):
        if problem:
            yield Malformed(f"{place} ({key})", problem, "write it as 2023-05-03T02:37:00+03:00")
    text = "\n".join(part for part in (cells.get("title", ""), cells.get("text", "")) if part)
    files = [folder.file(cells["file"])] if cells.get("file") else []
    yield Post(
        id="",
        platform=platform(url),
        source=name(cells.get("source", "")) or name(cells.get("author", "")) or _site(url),
        author=name(cells.get("author", "")) if cells.get("source") else "",
        number=name(cells.get("number", "")),
        start=start,
        end=end,
        zone="given" if start and start.tzinfo else "",
        dated_by="the table's date" if start else "",
        seen=seen,
        text=bounded(text, settings.text),
        url=address(url),
        archived=address(cells.get("archived", "").split("\n")[0]),
        files=tuple(files),
        place=place,
    )


def _site(url: str) -> str:
    """The host of an address, in place of a source."""
    return name(url.split("/")[2]) if url.count("/") >= 2 else ""


def _when(text: str) -> tuple[tuple[datetime | None, datetime | None], str]:
    """The interval of a cell, and what is wrong with it."""
    if not text:
        return (None, None), ""
    try:
        return dates.written(text), ""
    except ValueError:
        pass
    if re.fullmatch(r"[0-9]{9,10}", text):
        instant = dates.unix(text)
        return (instant, instant), ""
    return (None, None), f'is no date that has one meaning: "{name(text)[:60]}"'
