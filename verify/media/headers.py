"""What encoders leave beside the pictures and sound: parameter sets, user data, their names.

Parameter sets are kept as they are, once each, with the packet that first carried them, so that a change
midway can be seen. Names are the ones that encoders write in clear text: x264's and x265's settings, the
comment of FFmpeg's, LAME's and Xvid's streams.

Sources: ITU-T H.264 7.3.2 and annex D.1.7, H.265 7.3.2 and annex D.2.7 (user data, unregistered).
"""

from __future__ import annotations

import re

_PARAMETER_SETS = {"h264": frozenset({7, 8}), "hevc": frozenset({32, 33, 34})}
_SUPPLEMENTAL = {"h264": frozenset({6}), "hevc": frozenset({39, 40})}
# x264's and x265's identifiers of their user data: their settings follow as text.
_ENCODERS = (
    bytes.fromhex("dc45e9bde6d948b7962cd820d923eeef"),
    bytes.fromhex("2ca2de09b51747dbbb55a4fe7fc2fc4e"),
)
_NAMES = re.compile(
    rb"Lav[cf]\d[\d.]+|LAME\d\.\d+(?:\.\d+)?|Xvi[Dd]\d+|DivX\d+\w*|libfaac [\d.]+"
    rb"|Xiph\.Org libVorbis [ -~]{1,40}"
)
_SEARCHED = 3  # packets of a stream in which a name is looked for
_MOST = 32  # different parameter sets, and texts, of one stream
_SET_BYTES = 1024  # a longer parameter set is no real one
_TEXT_BYTES = 4096
_SCAN_BYTES = 1 << 16


class Headers:
    """Gathers what one stream's packets carry beside pictures and sound."""

    def __init__(self, codec: str, extradata: bytes) -> None:
        """`extradata` is the stream's header as the container holds it."""
        self._sets = _PARAMETER_SETS.get(codec, frozenset())
        self._user = _SUPPLEMENTAL.get(codec, frozenset())
        self._seen: dict[bytes, int | None] = dict.fromkeys(_stored(codec, extradata))
        self._texts: dict[str, int] = {}
        self._packet = 0
        self._scan(extradata)
        self._search(extradata)

    def unit(self, kind: int, unit: bytes) -> None:
        """One unit of the current packet that is no picture; `kind` is its NAL unit type."""
        if kind in self._sets and len(self._seen) < _MOST and len(unit) <= _SET_BYTES:
            self._seen.setdefault(unit, self._packet)
        elif kind in self._user and len(self._texts) < _MOST:
            self._search(unit)

    def packet(self, packet: bytes) -> None:
        """The packet ends here; names are looked for in the first ones."""
        if self._packet < _SEARCHED:
            self._scan(packet)
        self._packet += 1

    def facts(self) -> dict[str, object]:
        """Parameter sets as hex digits and texts, each with the packet that has it first.

        The packet is None where the container's header has it.
        """
        found: dict[str, object] = {}
        if self._seen:
            found["parameter_sets"] = [{"packet": at, "hex": unit.hex()} for unit, at in self._seen.items()]
        if self._texts:
            found["encoder_texts"] = [{"packet": at, "text": text} for text, at in self._texts.items()]
        return found

    def _search(self, unit: bytes) -> None:
        for identifier in _ENCODERS:
            start = unit.find(identifier)
            if start >= 0:
                text = unit[start + len(identifier) :][:_TEXT_BYTES].split(b"\0", 1)[0]
                self._texts.setdefault(_clean(text), self._packet)

    def _scan(self, raw: bytes) -> None:
        for found in _NAMES.findall(raw[:_SCAN_BYTES])[:4]:
            self._texts.setdefault(_clean(found), self._packet)


def _stored(codec: str, extradata: bytes) -> list[bytes]:
    """Parameter sets in the container's header: avcC, hvcC, or units between start codes."""
    if codec not in _PARAMETER_SETS or len(extradata) < 7:
        return []
    if extradata[0] != 1:
        kinds = _PARAMETER_SETS[codec]
        units = [unit.rstrip(b"\0") for unit in extradata.split(b"\0\0\1")]
        return [unit for unit in units if unit and _kind(codec, unit) in kinds][:_MOST]
    found: list[bytes] = []
    if codec == "h264":
        at = _listed(extradata, 6, extradata[5] & 31, found)
        _listed(extradata, at + 1, int.from_bytes(extradata[at : at + 1]), found)
    else:
        at = 23
        for _ in range(int.from_bytes(extradata[22:23])):
            at = _listed(extradata, at + 3, int.from_bytes(extradata[at + 1 : at + 3]), found)
    return [unit for unit in found if unit and _kind(codec, unit) in _PARAMETER_SETS[codec]]


def _listed(raw: bytes, at: int, count: int, found: list[bytes]) -> int:
    """Add `count` units with lengths of two bytes, from `at` on; the position after them."""
    for _ in range(count):
        if at + 2 > len(raw) or len(found) >= _MOST:
            break
        size = int.from_bytes(raw[at : at + 2])
        found.append(raw[at + 2 : at + 2 + size].rstrip(b"\0")[:_SET_BYTES])
        at += 2 + size
    return at


def _kind(codec: str, unit: bytes) -> int:
    return unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63


def _clean(raw: bytes) -> str:
    text = raw.decode("latin-1")
    return "".join(letter for letter in text if letter.isprintable() and letter.isascii()).strip()
