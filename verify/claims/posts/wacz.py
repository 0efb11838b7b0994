"""A web archive in one file (WACZ): its pages as posts that were there when they were saved.

Read are the list of pages (address, title, when it was saved) and, of the WARC files inside, the pictures and
videos that were fetched, by the SHA-256 of their bytes. Nothing is shown, run or unpacked to disk. A page has
no date of its own here: it was posted at the latest when it was saved. Each file inside is held against the
hash that `datapackage.json` gives for it; signatures are not checked.

Source of the format: Web Archive Collection Zipped, specs.webrecorder.net/wacz/1.1.1; ISO 28500 (WARC).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from verify.claims.posts import dates, warc
from verify.claims.posts.found import BrokenExportError, Malformed, PassedOver, address, name
from verify.claims.posts.identifiers import platform
from verify.metadata.text import bounded
from verify.model import Post, PostFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from verify.claims.posts.files import Folder
    from verify.claims.posts.found import Entries
    from verify.settings import PostSettings

_HINT = "fetch the archive anew from where it is kept"
_BLOCK = 1 << 18
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def read(path: Path, folder: Folder, settings: PostSettings) -> Entries:
    """The pages of an archive, in its order, with their pictures and videos where the archive tells whose.

    Raises:
        BrokenExportError: it is no such archive, or cannot be read to its end.
    """
    del folder  # nothing outside of the archive belongs to it
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.namelist()) > settings.archive_files:
                raise BrokenExportError(path, f"it holds more than {settings.archive_files} files")
            yield from _Archive(archive, path, settings).entries()
    except _FAULTS as error:
        raise BrokenExportError(path, f"it could not be unpacked ({error})", _HINT) from error


class _Archive:
    """An open archive."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, settings: PostSettings) -> None:
        self._zip, self._path, self._settings = archive, path, settings
        self._names = archive.namelist()
        self._allowance = warc.Allowance(settings.archive_bytes)

    def entries(self) -> Entries:
        yield from self._fixity()
        lists = [each for each in self._names if each.startswith("pages/") and each.endswith(".jsonl")]
        if not lists:
            yield Malformed("pages/pages.jsonl", "is missing: the archive lists no pages", _HINT)
        posts: list[Post] = []
        identities: list[str] = []
        for each in lists:
            for found, identity in self._pages(each):
                if isinstance(found, Post):
                    posts.append(found)
                    identities.append(identity)
                else:
                    yield found
        files: dict[str, list[PostFile]] = {}
        for inside in self._names:
            if inside.endswith((".warc", ".warc.gz")):
                yield from self._fetched(inside, identities, files)
        for post, identity in zip(posts, identities, strict=True):
            yield replace(post, files=tuple(files.get(identity, ())))

    def _fetched(self, inside: str, pages: list[str], files: dict[str, list[PostFile]]) -> Entries:
        """Pictures and videos of one WARC file: put under the id of their page, else posts of their own."""
        try:
            for resource in self._resources(inside):
                file, wrong = _file(resource, inside[:200])
                if wrong is not None:
                    yield wrong
                if len(pages) == 1 or resource.page in pages:
                    files.setdefault(pages[0] if len(pages) == 1 else resource.page, []).append(file)
                else:
                    yield _alone(resource, file, inside[:200])
        except BrokenExportError as error:
            yield Malformed(inside[:200], error.message.removeprefix(f"{inside[:200]}: "), _HINT)

    def _fixity(self) -> Iterator[Malformed | PassedOver]:
        """Whether the files inside are those that the archive was closed with."""
        if "datapackage.json" not in self._names:
            yield Malformed("datapackage.json", "is missing", _HINT)
            return
        if "datapackage-digest.json" in self._names:
            signed = self._json("datapackage-digest.json")
            given = signed.get("hash") if isinstance(signed, dict) else None
            if given != f"sha256:{self._digest('datapackage.json')}":
                yield Malformed(
                    "datapackage.json", "is not the one that datapackage-digest.json names", _HINT
                )
            if isinstance(signed, dict) and "signedData" in signed:
                yield PassedOver("signature (not checked)")
        described = self._json("datapackage.json")
        resources = described.get("resources") if isinstance(described, dict) else None
        for each in resources if isinstance(resources, list) else []:
            inside = each.get("path") if isinstance(each, dict) else None
            if not isinstance(inside, str):
                yield Malformed("datapackage.json", "names a file without its path", _HINT)
            elif inside not in self._names:
                yield Malformed(inside[:200], "is named by datapackage.json, and is not there", _HINT)
            elif str(each.get("hash", "")).startswith("sha256:") and each["hash"][7:] != self._digest(inside):
                yield Malformed(inside[:200], "has other bytes than datapackage.json says", _HINT)

    def _stream(self, inside: str) -> warc.Budget:
        stream = cast("BinaryIO", self._zip.open(inside))
        return warc.Budget(stream, self._allowance, inside[:200])

    def _digest(self, inside: str) -> str:
        digest, stream = hashlib.sha256(), self._stream(inside)
        while data := stream.read(_BLOCK):
            digest.update(data)
        return digest.hexdigest()

    def _json(self, inside: str) -> Any:
        data = self._stream(inside).read(self._settings.entry_bytes)
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return None

    def _pages(self, inside: str) -> Iterator[tuple[Post | Malformed, str]]:
        stream = self._stream(inside)
        number, data = 0, stream.line()
        while data:
            number += 1
            line = data
            while not line.endswith(b"\n") and len(line) < self._settings.cell and (data := stream.line()):
                line += data
            place = f"{inside[:200]}, line {number}"
            try:
                page = json.loads(line) if line.strip() else {}
            except (ValueError, RecursionError):
                page = None
            if not isinstance(page, dict):
                yield Malformed(place, "is no JSON object", _HINT), ""
            elif page and not ("format" in page and "url" not in page):  # the first line tells the format
                yield from self._page(page, place)
            data = stream.line()

    def _page(self, page: dict[str, Any], place: str) -> Iterator[tuple[Post | Malformed, str]]:
        url, seen = page.get("url"), None
        if not isinstance(url, str) or not url:
            yield Malformed(place, "the page has no url", _HINT), ""
            return
        try:
            seen = dates.written(str(page.get("ts")))[0]
        except ValueError:
            yield Malformed(f"{place}, ts", f'is no date: "{name(str(page.get("ts")))[:60]}"', _HINT), ""
        title = page.get("title")
        text = bounded(title, self._settings.text) if isinstance(title, str) else ""
        yield _saved(url, seen, place, text), str(page.get("id", ""))

    def _resources(self, inside: str) -> Iterator[warc.Resource]:
        """Pictures and videos of a WARC file, which is packed whatever its name says."""
        stream, place = self._stream(inside), inside[:200]
        if self._stream(inside).read(2) == b"\x1f\x8b":
            unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=io.BufferedReader(_Raw(stream))))
            stream = warc.Budget(unpacked, self._allowance, place)
        for resource in warc.records(stream, place):
            pictured = resource.kind.startswith(("video/", "image/", "audio/"))
            if pictured and resource.size >= self._settings.resource_bytes:
                yield resource


class _Raw(io.RawIOBase):
    """A bounded stream as gzip reads it."""

    def __init__(self, stream: warc.Budget) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _saved(url: str, seen: datetime | None, place: str, text: str) -> Post:
    host = url.split("/")[2] if url.count("/") >= 2 else ""
    return Post(
        id="",
        platform=platform(url),
        source=name(host),
        end=seen,
        zone="given" if seen and seen.tzinfo else "",
        dated_by="when it was saved, at the latest" if seen else "",
        seen=seen,
        text=text,
        url=address(url),
        place=place,
    )


def _alone(resource: warc.Resource, file: PostFile, place: str) -> Post:
    """A picture or video of which the archive does not tell the page."""
    try:
        seen: datetime | None = dates.written(resource.date)[0]
    except ValueError:
        seen = None
    return replace(_saved(resource.url, seen, place, ""), files=(file,))


def _file(resource: warc.Resource, place: str) -> tuple[PostFile, Malformed | None]:
    shown = name(resource.url)
    if resource.sha256 is None:
        return PostFile(shown, note="the archive holds it in part or in another encoding"), None
    algorithm, _, given = resource.given.partition(":")
    if algorithm.lower() in {"sha256", "sha-256"} and len(given) == 64 and given.lower() != resource.sha256:
        wrong = Malformed(f"{place}, {shown}", "has other bytes than its record says", _HINT)
        return PostFile(shown, None, resource.sha256, "inside the web archive"), wrong
    return PostFile(shown, None, resource.sha256, "inside the web archive"), None
