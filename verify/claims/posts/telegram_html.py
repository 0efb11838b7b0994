"""Telegram Desktop's export as web pages: `messages.html`, `messages2.html` and so on, of one chat or many.

The pages of a chat are read in the order of their numbers, those of a whole account chat by chat. Newer
versions write the zone behind the date of a message (`03.05.2023 02:37:00 UTC+03:00`), older ones leave it
out, and then it is the local time of the computer that made the export. A forwarded message shows the date
of the original. A message that follows one of the same sender within a quarter of an hour has no name of its
own ("joined") and has that of the one before.

Source of the format: export_output_html.cpp of Telegram Desktop.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify.claims.posts import dates
from verify.claims.posts.found import BrokenExportError, Malformed, PassedOver, name
from verify.claims.posts.page import Message, Page
from verify.metadata.text import bounded
from verify.model import Forward, Post, PostFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from verify.claims.posts.files import Folder
    from verify.claims.posts.found import Entries
    from verify.settings import PostSettings

_PAGE = re.compile(r"messages(\d*)\.html")
_HINT = "export the chat anew"


def read(path: Path, folder: Folder, settings: PostSettings) -> Entries:
    """Posts of an export: `path` is one of its pages, `export_results.html`, or its folder.

    Raises:
        BrokenExportError: there are no pages, or one of them is none.
    """
    if _PAGE.fullmatch(path.name) and not path.is_dir():
        yield from _chat(path.parent, folder, settings)
        return
    root = path if path.is_dir() else path.parent
    chats = [root] if (root / "messages.html").is_file() else sorted(root.glob("chats/chat_*"), key=_number)
    if not chats:
        raise BrokenExportError(path, "there is no messages.html beside it, and no chats/chat_001", _HINT)
    for chat in chats:
        yield from _chat(chat, folder, settings)


def _number(path: Path) -> tuple[int, str]:
    found = re.search(r"(\d{1,9})", path.name)
    return int(found[1]) if found else 0, path.name


def _chat(place: Path, folder: Folder, settings: PostSettings) -> Entries:
    pages = {
        int(found[1] or 1): page for page in place.iterdir() if (found := _PAGE.fullmatch(page.name[:40]))
    }
    inside = place.relative_to(folder.path).as_posix() if place.is_relative_to(folder.path) else ""
    prefix = "" if inside in {"", "."} else f"{inside}/"
    sender, forward = "", Forward("")
    expected = 1
    for number in sorted(pages):
        if number != expected:
            yield Malformed(f"{prefix}{pages[number].name}", "the pages before it are missing", _HINT)
        expected = number + 1
        page = _page(pages[number], settings)
        for message in page.messages:
            where = f"{prefix}{pages[number].name}#{message.id[:60]}"
            if message.service:
                yield PassedOver("service message")
                continue
            # A joined message has the name, and a joined forward also the origin, of the one before.
            sender = name(message.sender) if message.sender else sender
            forward = Forward(name(message.origin)) if message.origin else forward
            if not sender:
                yield Malformed(where, "has no sender, and there is none before it", _HINT)
            yield from _entries(message, page.title, sender, forward, where, _Files(folder, prefix, settings))


class _Files:
    """Files as a page names them: from its own folder, or from the export's in pages of many chats."""

    def __init__(self, folder: Folder, prefix: str, settings: PostSettings) -> None:
        self._folder, self._prefix, self.longest = folder, prefix, settings.text

    def file(self, link: str) -> PostFile:
        up = "../" * self._prefix.count("/")
        return self._folder.file(
            link.removeprefix(up) if up and link.startswith(up) else f"{self._prefix}{link}"
        )


def _page(path: Path, settings: PostSettings) -> Page:
    try:
        if path.stat().st_size > settings.page_bytes:
            raise BrokenExportError(path, f"the page is larger than {settings.page_bytes >> 20} MiB", _HINT)
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise BrokenExportError(path, f"it could not be read ({error.strerror})") from error
    page = Page(settings.nesting)
    page.feed(text)
    page.close()
    if page.too_deep:
        raise BrokenExportError(path, f"it nests deeper than {settings.nesting} levels")
    if not page.is_export:
        raise BrokenExportError(path, "it is no page of a Telegram export", "name the export's messages.html")
    return page


def _entries(
    message: Message, chat: str, sender: str, forward: Forward, where: str, files: _Files
) -> Iterator[Post | Malformed]:
    start = end = None
    try:
        start, end = dates.dotted(message.date)
    except ValueError as error:
        given = f'"{name(message.date)[:60]}"' if message.date else "missing"
        problem = f"must be a date as in 03.05.2023 02:37:00, and is {given} ({error})"
        yield Malformed(f"{where} date", problem, _HINT)
    forwarded = None
    if message.forwarded:
        times = _interval(message.origin_date)
        if message.origin_date and not times:
            yield Malformed(f"{where} forwarded date", f'is no date: "{name(message.origin_date)[:60]}"')
        forwarded = Forward(forward.source or "a deleted account", *(times or (None, None)))
    source = name(chat)
    yield Post(
        id="",
        platform="telegram",
        source=source or sender,
        author=sender if sender != source else name(message.signature),
        number=message.id.removeprefix("message"),
        start=start,
        end=end,
        zone="given" if start and start.tzinfo else "",
        dated_by="the export's date" if start else "",
        text=bounded(message.text, files.longest),
        forwarded=forwarded,
        reply_to=message.reply_to,
        files=tuple(files.file(link) for link in message.links)
        + tuple(PostFile(name(title), note="the export does not hold the file") for title in message.absent),
        place=where,
    )


def _interval(text: str) -> tuple[datetime, datetime] | None:
    try:
        return dates.dotted(text)
    except ValueError:
        return None
