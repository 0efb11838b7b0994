"""auto-archiver's own records of one item: `metadata.json`, and the web page that it writes of each item.

Sheets and CSV files are read by `sheet`. Of the page only the tables that it is made of are read: metadata
as key and value, files as links with their hash. Source: json_enricher.py, html_template.html.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from verify.claims.posts import record
from verify.claims.posts.found import BrokenExportError, Malformed
from verify.claims.posts.stream import read_whole

if TYPE_CHECKING:
    from pathlib import Path

    from verify.claims.posts.files import Folder
    from verify.claims.posts.found import Entries
    from verify.settings import PostSettings

_HASH = re.compile(r"SHA-?256:[0-9a-f]{64}", re.IGNORECASE)


def read_json(path: Path, folder: Folder, settings: PostSettings) -> Entries:
    """The post of a `metadata.json`, or those of a list of such items.

    Raises:
        BrokenExportError: the file is no JSON.
    """
    whole = read_whole(path, settings)
    items = whole if isinstance(whole, list) else [whole]
    for number, item in enumerate(items, 1):
        place = f"[{number}]" if len(items) > 1 else "the item"
        if isinstance(item, dict):
            yield from record.of_item(item, place, folder, settings)
        else:
            yield Malformed(place, "is no object", "name the archiver's metadata.json")


def read_page(path: Path, folder: Folder, settings: PostSettings) -> Entries:
    """The post of a page.

    Raises:
        BrokenExportError: it cannot be read, or is no such page.
    """
    try:
        if path.stat().st_size > settings.page_bytes:
            raise BrokenExportError(path, f"the page is larger than {settings.page_bytes >> 20} MiB")
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error
    page = _Page()
    page.feed(text)
    page.close()
    if not page.values:
        raise BrokenExportError(path, "it has no table of metadata", "name a page that auto-archiver wrote")
    yield from record.of_item({"metadata": page.values, "media": page.media}, "the page", folder, settings)


class _Page(HTMLParser):
    """The rows of the page's tables `content` and `metadata`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, str] = {}
        self.media: list[dict[str, Any]] = []
        self._table = ""
        self._cells: list[str] = []
        self._links: list[str] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._table = given.get("class") or ""
        elif tag == "tr":
            self._cells, self._links, self._cell = [], [], False
        elif tag == "td" and self._table in {"content", "metadata"}:
            self._cells.append("")
            self._cell = True
        elif self._cell and (link := given.get("src") or given.get("href")):
            self._links.append(link)

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._cell = False
        elif tag == "table":
            self._table = ""
        elif tag == "tr" and self._table == "metadata" and len(self._cells) == 2:
            self.values[self._cells[0].strip()[:100]] = self._cells[1].strip()
        elif tag == "tr" and self._table == "content" and self._links:
            hashed = _HASH.search(" ".join(self._cells))
            media = {"filename": self._links[0], "urls": self._links, "properties": {}}
            if hashed:
                media["properties"] = {"hash": hashed[0]}
            self.media.append(media)
