"""What a file's streams carry, with the container's packaging taken off.

Copying streams from one container into another (`ffmpeg -c copy`) changes how they are wrapped: start codes
become length prefixes, parameter sets move into the header, AAC frames lose or gain an ADTS header,
delimiters and filler come and go. None of that is picture or sound. It is left out here, and the rest is
hashed (SHA-256, in the order in which it is stored), so that two files carry the same encoded streams
exactly when the digests are equal. A re-encode, however careful, gives another digest. What it cannot see:
a stream copy that starts or ends elsewhere (trimmed without re-encoding) also gives another digest;
comparing the pictures finds those.

Error rates: not measured; equal digests of different streams do not happen by chance.

Sources: ITU-T H.264 7.3.1 and annex B, H.265 7.3.1.2, ISO/IEC 14496-2 (VOP start code), ISO/IEC 14496-3 1.A.2
(ADTS), AV1 bitstream specification 5.3 (OBU).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from verify.media.headers import Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Other = Callable[[int, bytes], None]  # is told of units that are left out: type and bytes

# NAL unit types that packaging adds, drops or moves: supplemental information (MP4 keeps some of HEVC's in
# its header), parameter sets, delimiters, ends, filler.
_H264_PACKAGING = frozenset({6, 7, 8, 9, 10, 11, 12, 13})
_HEVC_PACKAGING = frozenset({32, 33, 34, 35, 36, 37, 38, 39, 40})
# OBU types: sequence header, temporal delimiter, padding.
_AV1_PACKAGING = frozenset({1, 2, 15})
_START_CODE = b"\0\0\1"
_VOP = b"\0\0\1\xb6"


class PayloadDigest:
    """The digest of one stream, fed packet by packet."""

    def __init__(self, codec: str, extradata: bytes | None) -> None:
        """Choose how the codec is unwrapped; `extradata` is the stream's header as the container holds it."""
        self.headers = Headers(codec, extradata or b"")
        self._unwrap = _unwrapper(codec, extradata or b"", self.headers.unit)
        self._hash = hashlib.sha256()
        self.packets = 0

    def add(self, packet: bytes) -> None:
        """Add one packet's bytes."""
        if not packet:
            return
        self.packets += 1
        for part in self._unwrap(packet):
            self._hash.update(part)
        self.headers.packet(packet)

    def hexdigest(self) -> str:
        """64 hex digits."""
        return self._hash.hexdigest()


def _unwrapper(codec: str, extradata: bytes, other: _Other) -> Callable[[bytes], Iterator[bytes]]:
    match codec:
        case "h264":
            # avcC starts with its version, 1; annex B starts with a zero of a start code.
            prefix = (extradata[4] & 3) + 1 if len(extradata) > 4 and extradata[0] == 1 else 0
            return lambda packet: _nals(packet, prefix, _H264_PACKAGING, lambda first: first & 31, other)
        case "hevc":
            prefix = (extradata[21] & 3) + 1 if len(extradata) > 21 and extradata[0] == 1 else 0
            return lambda packet: _nals(packet, prefix, _HEVC_PACKAGING, lambda first: first >> 1 & 63, other)
        case "mpeg4":
            return _vops
        case "aac":
            return _without_adts
        case "av1":
            return _obus
    return lambda packet: iter((packet,))


def _nals(
    packet: bytes, prefix: int, packaging: frozenset[int], kind: Callable[[int], int], other: _Other
) -> Iterator[bytes]:
    for unit in _by_length(packet, prefix) if prefix else packet.split(_START_CODE):
        # Zero bytes after a unit belong to the byte stream, not to the unit.
        body = unit.rstrip(b"\0")
        if not body:
            continue
        if kind(body[0]) in packaging:
            other(kind(body[0]), body)
        else:
            yield body


def _by_length(packet: bytes, prefix: int) -> Iterator[bytes]:
    at = 0
    while at + prefix <= len(packet):
        size = int.from_bytes(packet[at : at + prefix], "big")
        at += prefix
        yield packet[at : at + size]
        at += size


def _vops(packet: bytes) -> Iterator[bytes]:
    # Some containers repeat the sequence headers before key pictures, some keep them in the file's header.
    start = packet.find(_VOP)
    yield packet[start:] if start > 0 else packet


def _without_adts(packet: bytes) -> Iterator[bytes]:
    # Twelve sync bits, layer 0, and a length field that is the packet's length.
    if len(packet) > 7 and packet[0] == 0xFF and packet[1] & 0xF6 == 0xF0:
        size = (packet[3] & 3) << 11 | packet[4] << 3 | packet[5] >> 5
        if size == len(packet):
            yield packet[7 if packet[1] & 1 else 9 :]
            return
    yield packet


def _obus(packet: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(packet):
        header = packet[at]
        at += 2 if header & 4 else 1
        size = len(packet) - at
        if header & 2:
            size, at = _leb128(packet, at)
        if header >> 3 & 15 not in _AV1_PACKAGING:
            yield packet[at : at + size]
        at += size


def _leb128(packet: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 56, 7):
        if at >= len(packet):
            break
        value |= (packet[at] & 127) << shift
        at += 1
        if not packet[at - 1] & 128:
            break
    return value, at
