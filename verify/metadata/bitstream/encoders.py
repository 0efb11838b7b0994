"""How a clip's pictures and sound were encoded last: the encoder's name and settings, and its parameter sets.

x264 and x265 write their version and every setting into the stream unless told not to; FFmpeg's, LAME's and
Xvid's encoders leave their name. H.264 and HEVC streams begin with parameter sets: profile, level, reference
frames, how time and colour are counted. Where these change midway, that is told: it happens where streams of
different origin were joined without encoding them again, and with some cameras and live encoders.

Limits: only the last encoding can be seen, and all of it can be removed or copied. Platforms encode what they
serve again, so an encoder's name is no sign of an edit. Error rates: not measured; the strings are read, not
inferred.

Sources: x264 (encoder/set.c) and x265 (encoder/encoder.cpp), which write the strings; ITU-T H.264 and H.265.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify.metadata.bitstream import h264, hevc
from verify.metadata.cursor import ShortError
from verify.metadata.text import bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verify.model import Media

_READERS: dict[tuple[str, int], tuple[str, Callable[[bytes], Iterator[tuple[str, object]]]]] = {
    ("h264", 7): ("sequence", h264.sequence),
    ("h264", 8): ("picture", h264.picture),
    ("hevc", 32): ("video", hevc.video),
    ("hevc", 33): ("sequence", hevc.sequence),
}
_NAMED = (
    re.compile(r"(?P<program>x264) - core (?P<build>\d+)(?: (?P<release>r\d+\w*(?: [0-9a-f]+)?))?"),
    re.compile(r"(?P<program>x265) \(build (?P<build>\d+)\) - (?P<release>[^\s:]*)"),
)
_OPTIONS = " options: "
_MOST = 32  # streams, and parameter sets of one


def encodings(media: Media) -> list[dict[str, object]]:
    """What each stream tells of its encoder, from what the packets carried; empty where nothing does."""
    streams = media.container.get("streams")
    found = (_stream(facts) for facts in streams[:_MOST]) if isinstance(streams, list) else ()
    return [told for told in found if told.keys() > {"stream", "codec"}]


def _stream(facts: Mapping[str, object]) -> dict[str, object]:
    codec = str(facts.get("codec", ""))
    told: dict[str, object] = {"stream": facts.get("index"), "codec": codec}
    texts = _listed(facts.get("encoder_texts"))
    if texts:
        told["encoders"] = [{"packet": text["packet"], **program(str(text["text"]))} for text in texts]
    sets = [
        {"packet": unit["packet"], **parameter_set(codec, bytes.fromhex(str(unit["hex"])))}
        for unit in _listed(facts.get("parameter_sets"))[:_MOST]
    ]
    if sets:
        told["parameter_sets"] = sets
        told["changes_at_packets"] = changes(sets)
    return told


def _listed(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def program(text: str) -> dict[str, object]:
    """An encoder's string as program, version and settings; other strings as they are.

    x264's options are `name=value` pairs; x265's are so too, or bare names (`wpp`, `no-pmode`).
    """
    found = next((found for named in _NAMED if (found := named.match(text))), None)
    if found is None:
        return {"text": bounded(text)}
    told: dict[str, object] = {"program": found["program"], "build": int(found["build"])}
    if found["release"]:
        told["release"] = found["release"]
    if _OPTIONS in text:
        told["settings"] = _settings(text.split(_OPTIONS, 1)[1])
    told["text"] = bounded(text)
    return told


def _settings(options: str) -> dict[str, str | bool]:
    settings: dict[str, str | bool] = {}
    for option in options.split()[:300]:
        name, sign, value = option.partition("=")
        if sign:
            settings[name[:60]] = value[:200]
        else:
            settings[name.removeprefix("no-")[:60]] = not name.startswith("no-")
    return settings


def parameter_set(codec: str, unit: bytes) -> dict[str, object]:
    """The fields of one parameter set, as far as it goes."""
    kind = (unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63) if unit else -1
    named = _READERS.get((codec, kind))
    if named is None:
        return {"set": "picture" if (codec, kind) == ("hevc", 34) else str(kind), "bytes": len(unit)}
    told: dict[str, object] = {"set": named[0]}
    try:
        told.update(named[1](unit))
    except ShortError as error:
        told["note"] = str(error)
    return told


def changes(sets: list[dict[str, object]]) -> list[int]:
    """Packets at which a sequence parameter set replaces another one of the same number."""
    known: dict[object, object] = {}
    found = []
    for told in sets:
        if told["set"] != "sequence":
            continue
        number, packet = told.get("id"), told["packet"]
        if number in known and isinstance(packet, int):
            found.append(packet)
        known[number] = packet
    return found
