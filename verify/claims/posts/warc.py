"""Records of a WARC file (ISO 28500), one after the other: what was fetched, when, the SHA-256 of its body.

Nothing is kept of a body but its hash. Bodies sent in chunks are put together; where a body came in another
encoding (gzip, br) or only in part (a range), its hash is not that of the file, and none is given.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.claims.posts.found import BrokenExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_LINE = 1 << 14  # bytes of one header line
_LINES = 300  # header lines of one record
_BLOCK = 1 << 18
_RANGE = re.compile(r"bytes 0-(\d{1,18})/(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that was fetched."""

    url: str
    date: str  # as written
    page: str  # the archive's id of the page that it was fetched for; empty where it does not say
    kind: str  # "video/mp4"
    size: int  # bytes of the body
    sha256: str | None
    given: str  # the digest that the archive states, "sha256:..."


@dataclass
class Allowance:
    """How many bytes may still be unpacked."""

    left: int


class Budget:
    """A stream that gives what an allowance lets it, then says so: a small file can unpack to any size."""

    def __init__(self, stream: BinaryIO, allowance: Allowance, name: str) -> None:
        """Name the stream for the message."""
        self._stream, self._allowance, self._name = stream, allowance, name

    def read(self, size: int) -> bytes:
        """Up to so many bytes."""
        return self._counted(self._stream.read(size))

    def line(self) -> bytes:
        """A line, or as much of it as a line may have."""
        return self._counted(self._stream.readline(_LINE))

    def _counted(self, data: bytes) -> bytes:
        self._allowance.left -= len(data)
        if self._allowance.left < 0:
            raise BrokenExportError(self._name, "it unpacks to more than is read of an archive")
        return data


def records(stream: Budget, name: str) -> Iterator[Resource]:
    """What was fetched, in the order of the file.

    Raises:
        BrokenExportError: it is no WARC from some record on.
    """
    number = 0
    while line := stream.line():
        if not line.strip():
            continue
        number += 1
        if not line.startswith(b"WARC/"):
            raise BrokenExportError(name, f"record {number} does not begin as a WARC record does")
        headers = _headers(stream)
        length = headers.get("content-length", "")
        if not re.fullmatch(r"\d{1,15}", length):
            raise BrokenExportError(name, f"record {number} does not say how long it is")
        block = _Block(stream, int(length))
        if headers.get("warc-type") == "response" and headers.get("content-type", "").startswith(
            "application/http"
        ):
            yield _response(headers, block)
        elif headers.get("warc-type") == "resource":
            yield _resource(headers, headers.get("content-type", ""), block, whole=True)
        block.skip()
        if block.short:
            raise BrokenExportError(name, f"record {number} is cut short")


class _Block:
    """The block of one record: reads no further than its end."""

    def __init__(self, stream: Budget, length: int) -> None:
        self._stream, self.left, self.short = stream, length, False

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self.left))
        self.left -= len(data)
        self.short = self.short or (not data and self.left > 0)
        return data

    def line(self) -> bytes:
        data = b""
        while self.left and not data.endswith(b"\n") and len(data) < _LINE and (byte := self.read(1)):
            data += byte
        return data

    def skip(self) -> None:
        while self.left and self.read(_BLOCK):
            pass


def _headers(stream: Budget | _Block) -> dict[str, str]:
    found: dict[str, str] = {}
    for _ in range(_LINES):
        line = stream.line()
        if not line.strip():
            break
        key, _, value = line.decode("utf-8", "replace").partition(":")
        found.setdefault(key.strip().lower(), value.strip())
    return found


def _response(headers: dict[str, str], block: _Block) -> Resource:
    status = block.line().split()
    sent = _headers(block)
    part = _RANGE.fullmatch(sent.get("content-range", ""))
    ranged = len(status) > 1 and status[1] == b"206"
    whole = not sent.get("content-encoding") and (
        not ranged or (part is not None and int(part[1]) + 1 == int(part[2]))
    )
    chunked = sent.get("transfer-encoding", "").lower() == "chunked"
    return _resource(headers, sent.get("content-type", ""), block, whole=whole, chunked=chunked)


def _resource(
    headers: dict[str, str], kind: str, block: _Block, *, whole: bool, chunked: bool = False
) -> Resource:
    digest, size = hashlib.sha256(), 0
    for data in _chunks(block) if chunked else iter(lambda: block.read(_BLOCK), b""):
        digest.update(data)
        size += len(data)
    return Resource(
        headers.get("warc-target-uri", "").strip("<>"),
        headers.get("warc-date", ""),
        headers.get("warc-page-id", ""),
        kind.partition(";")[0].strip().lower(),
        size,
        digest.hexdigest() if whole else None,
        headers.get("warc-payload-digest", ""),
    )


def _chunks(block: _Block) -> Iterator[bytes]:
    """The parts of a body sent in chunks; as it stands where the archiver has put them together already."""
    line = block.line()
    if not re.fullmatch(rb"\s*[0-9A-Fa-f]{1,8}\s*(?:;.*)?\r?\n", line):
        yield line
        yield from iter(lambda: block.read(_BLOCK), b"")
        return
    while re.fullmatch(rb"\s*[0-9A-Fa-f]{1,8}\s*(?:;.*)?\r?\n", line):
        left = int(line.partition(b";")[0], 16)
        while left and (data := block.read(min(left, _BLOCK))):
            left -= len(data)
            yield data
        block.line()
        line = block.line()
