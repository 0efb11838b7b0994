"""Telegram Desktop's export as JSON: `result.json` of one chat, or of a whole account.

Read are messages of every kind of chat, with their date, edit, forward, reply, text and files. `date` is the
local time of the computer that made the export, without its zone; newer versions write `date_unixtime` beside
it, which gives the instant, and from both the zone. Service messages (somebody joined) are no posts.

Source of the format: export_output_json.cpp of Telegram Desktop.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verify.claims.posts import dates
from verify.claims.posts.found import Malformed, PassedOver, name
from verify.claims.posts.stream import shown, walk
from verify.metadata.text import bounded
from verify.model import Forward, Post, PostFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from verify.claims.posts.files import Folder
    from verify.claims.posts.found import Entries
    from verify.claims.posts.stream import Step
    from verify.settings import PostSettings

_LISTS = frozenset({"messages"})
_SAVED = "saved messages"
_KINDS = {
    "sticker", "video_message", "voice_message", "animation", "video_file", "audio_file"
}  # fmt: skip
_PEER = re.compile(r"(user|chat|channel)\d+")
_REPAIR = "compare it with Telegram, or export the chat anew"


def read(path: Path, folder: Folder, settings: PostSettings) -> Entries:
    """Posts of an export, in its order.

    Raises:
        BrokenExportError: the file is no JSON from some place on.
    """
    chat: dict[str, str] = {}
    holder: tuple[Step, ...] | None = None  # of the chat's name, type and id, which come before its messages
    seen: set[str] = set()  # numbers of the messages of this chat
    for place, value in walk(path, _LISTS, settings):
        if "messages" not in place:
            if place and place[-1] in {"name", "type", "id"}:
                if place[:-1] != holder:
                    chat, holder, seen = {}, place[:-1], set()
                chat[str(place[-1])] = name(value)
        elif isinstance(value, dict):
            number = name(value.get("id"))
            if number and number in seen:
                yield Malformed(shown(place), f"the id {number} was there already", _REPAIR)
            seen.add(number)
            yield from _Message(value, shown(place), chat, folder, settings.text).entries()
        elif value is not None or isinstance(place[-1], int):
            yield Malformed(shown(place), "it is no message", _REPAIR)


class _Message:
    """One message while it is read, with what is wrong with it."""

    def __init__(
        self, values: Mapping[str, Any], place: str, chat: Mapping[str, str], folder: Folder, longest: int
    ) -> None:
        self.values, self.place, self.chat, self.folder = values, place, chat, folder
        self.longest = longest
        self.wrong: list[Malformed] = []

    def entries(self) -> Entries:
        """The post, or that there is none, behind what is wrong with it."""
        kind = self.values.get("type")
        if kind == "unsupported":
            yield PassedOver("message that the exporting version did not know")
            return
        if kind == "service" and not ({"photo", "file", "forwarded_from"} & set(self.values)):
            yield PassedOver("service message")
            return
        if kind == "service" and "action" in self.values:
            yield PassedOver("service message")
            return
        if kind != "message":
            self._note("type", f"must be message or service, and is {_shown(kind)}")
        post = self._post()
        yield from self.wrong
        yield post

    def _post(self) -> Post:
        values = self.values
        number = name(values.get("id"))
        if not number:
            self._note("id", "is missing or no number")
        source = self.chat.get("name") or (
            _SAVED if self.chat.get("type") == "saved_messages" else self.chat.get("id", "")
        )
        sender, signature = name(values.get("from")), name(values.get("author"))
        self._sender()
        start, given = self._date("date")
        edited, _ = self._date("edited") if "edited" in values else (None, "")
        return Post(
            id="",
            platform="telegram",
            source=source or sender,
            author=signature or (sender if sender != source else ""),
            number=number,
            start=start,
            end=start,
            zone=given,
            dated_by="the export's date" if start else "",
            edited=edited,
            text=self._text(),
            forwarded=self._forwarded(),
            reply_to=name(values.get("reply_to_message_id")),
            files=tuple(self._files()),
            place=self.place,
        )

    def _note(self, key: str, problem: str) -> None:
        self.wrong.append(Malformed(f"{self.place}.{key}", problem, _REPAIR))

    def _sender(self) -> None:
        """`from_id` is a number in older versions, then `user123`; nothing is made of it."""
        given = self.values.get("from_id")
        if isinstance(given, str) and not _PEER.fullmatch(given):
            self._note("from_id", f"must be a number or as in user123, and is {_shown(given)}")

    def _date(self, key: str) -> tuple[datetime | None, str]:
        """The date, and where its zone is from."""
        raw, local = self.values.get(f"{key}_unixtime"), None
        try:
            local = dates.written(str(self.values[key]))[0] if key in self.values else None
        except ValueError:
            self._note(key, f"must be a date, and is {_shown(self.values[key])}")
        if raw is None:
            if key not in self.values:
                self._note(key, "is missing")
            return local, "given" if local is not None and local.tzinfo else ""
        try:
            instant = dates.unix(raw)
        except ValueError:
            self._note(f"{key}_unixtime", f"must be seconds since 1970, and is {_shown(raw)}")
            return local, ""
        if local is None or local.tzinfo is not None:
            return instant, "given"
        try:
            return dates.with_offset(local, instant), "given"
        except ValueError as error:
            self._note(key, f"{error}; the seconds since 1970 are used")
            return instant, "given"

    def _text(self) -> str:
        """Text is a string, or a list of strings and of objects with a `text`."""
        value = self.values.get("text")
        if isinstance(value, str):
            return bounded(value, self.longest)
        if not isinstance(value, list):
            self._note("text", "is missing" if value is None else f"must be text, and is {_shown(value)}")
            return ""
        parts = []
        for index, part in enumerate(value, 1):
            text = part.get("text") if isinstance(part, dict) else part
            if isinstance(text, str):
                parts.append(text)
            else:
                self._note(f"text[{index}]", f"must be text, and is {_shown(part)}")
        return bounded("".join(parts), self.longest)

    def _forwarded(self) -> Forward | None:
        """Telegram gives the name, and null for a deleted account."""
        if "forwarded_from" not in self.values:
            return None
        source = name(self.values["forwarded_from"])
        if not source and self.values["forwarded_from"] is not None:
            self._note("forwarded_from", f"must be a name, and is {_shown(self.values['forwarded_from'])}")
        return Forward(source or "a deleted account")

    def _files(self) -> Iterator[PostFile]:
        kind = self.values.get("media_type")
        if kind is not None and kind not in _KINDS:
            self._note("media_type", f"is not known: {_shown(kind)}")
        for key in ("photo", "file"):
            written = self.values.get(key)
            if isinstance(written, str) and written:
                found = self.folder.file(written)
                yield found
                small = self.values.get("thumbnail")
                # A small picture of a video that the export leaves out can still be compared.
                if found.file is None and isinstance(small, str) and small:
                    yield self.folder.file(small)
            elif written is not None:
                self._note(key, f"must be a path, and is {_shown(written)}")


def _shown(value: object) -> str:
    """A value in a message about it."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return "missing" if value is None else f'"{name(str(value)[:200])[:60]}"'
