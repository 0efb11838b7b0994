"""One page of a Telegram export -> its messages, as its own marks tell; nothing of it is run or shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_REPLY = re.compile(r"#go_to_message(-?\d{1,20})\Z")
_BLANKS = re.compile(r"\s+")
# What the class of an element makes of the text inside it; the first that fits.
_ROLES = (
    ("message", {"message"}), ("date", {"date", "details", "pull_right"}),
    ("forwarded", {"forwarded", "body"}),
    ("sender", {"from_name"}), ("reply", {"reply_to"}), ("signature", {"signature"}), ("text", {"text"}),
    ("header", {"page_header"}), ("absent", {"description"}), ("title", {"title", "bold"}),
    ("aside", {"userpic_wrap"}), ("aside", {"userpic"}), ("media", {"media"}),
    ("media", {"photo_wrap"}), ("media", {"video_file_wrap"}), ("media", {"animated_wrap"}),
    ("media", {"sticker_wrap"}),
)  # fmt: skip


@dataclass
class Message:
    """What a page shows of one message."""

    id: str  # "message12"
    service: bool
    joined: bool
    date: str = ""
    sender: str = ""
    text: str = ""
    forwarded: bool = False
    origin: str = ""
    origin_date: str = ""
    reply_to: str = ""
    signature: str = ""
    links: list[str] = field(default_factory=list)  # of its files
    absent: list[str] = field(default_factory=list)  # kinds of files that the export leaves out


class Page(HTMLParser):
    """A parser that keeps messages; feed it a page."""

    def __init__(self, deepest: int) -> None:
        """Keep at most so many levels of elements."""
        super().__init__(convert_charrefs=True)
        self.messages: list[Message] = []
        self.title = ""  # the chat's name
        self.is_export = False  # whether it has the marks of one
        self.too_deep = False
        self._deepest = deepest
        self._open: list[tuple[str, str]] = []  # tag and role
        self._now: Message | None = None
        self._media_title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        given = {key: value or "" for key, value in attrs}
        if tag == "br":
            self._add("\n")
        if tag in _VOID:
            return
        if len(self._open) > self._deepest:
            self.too_deep = True
            return
        classes = set(given.get("class", "")[:500].split())
        role = next((role for role, needed in _ROLES if needed <= classes), "")
        if role == "message" and "default" not in classes and "service" not in classes:
            role = ""
        if tag == "span" and self._inside("sender") and "details" in classes:
            role = "origin_date"
        self._open.append((tag, role))
        self._begin(role, classes, given)

    def _begin(self, role: str, classes: set[str], given: dict[str, str]) -> None:
        if role == "header":
            self.is_export = True
        if role == "message" and self._now is None:
            self.is_export = True
            self._now = Message(given.get("id", ""), "service" in classes, "joined" in classes)
            self.messages.append(self._now)
        now = self._now
        if now is None:
            return
        if role == "date":
            now.date = given.get("title", "")
        elif role == "forwarded" and not classes & {"userpic_wrap"}:
            now.forwarded = True
        elif role == "origin_date":
            now.origin_date = given.get("title", "")
        elif role == "media":
            self._media_title = ""
            link = given.get("href", "")
            if link and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", link):
                now.links.append(link)
        if self._inside("reply") and (found := _REPLY.search(given.get("href", "")[-60:])):
            now.reply_to = found[1]

    def handle_endtag(self, tag: str) -> None:
        """An element ends; one that was never opened is passed over."""
        if tag in _VOID or all(name != tag for name, _ in self._open):
            return
        while self._open:
            name, role = self._open.pop()
            if role == "message" and not self._inside("message"):
                self._now = None
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        """Text inside an element; line breaks of the source are none of the message."""
        if self._inside("text") and any(name == "pre" for name, _ in self._open):
            self._add(data)
        else:
            self._add(_BLANKS.sub(" ", data))

    def _inside(self, role: str) -> bool:
        return any(each == role for _, each in self._open)

    def _add(self, data: str) -> None:
        role = next((role for _, role in reversed(self._open) if role), "")
        now = self._now
        if self._inside("header") and role == "text":
            self.title += data if self.title else data.lstrip()
        if now is None or self._inside("aside"):
            return
        if role in {"text", "signature", "sender", "origin_date"}:
            self._write(now, role, data)
        elif role == "title" and self._inside("media"):
            self._media_title += data
        elif role == "absent" and self._inside("media") and not data.isspace():
            now.absent.append(self._media_title.strip() or "a file")

    def _write(self, now: Message, role: str, data: str) -> None:
        key = "origin" if role == "sender" and self._inside("forwarded") else role
        if key == "origin_date" and getattr(now, key).strip():
            return  # the title has it already, with the zone
        before = getattr(now, key)
        setattr(now, key, before + data if before else data.lstrip(" \n"))

    def close(self) -> None:
        """The page ends: what was open ends with it."""
        super().close()
        self.title = self.title.strip()
        for each in self.messages:
            each.text, each.sender, each.origin = each.text.strip(), each.sender.strip(), each.origin.strip()
            each.origin_date, each.signature = each.origin_date.strip(), each.signature.strip()
