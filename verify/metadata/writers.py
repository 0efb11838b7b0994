"""Which program or device class a file's structure is consistent with.

A table of rules, each on traces that were seen in files or in a program's source. Every trace can be forged
or inherited from an earlier file, so a rule names what the file is *consistent with*. Where no rule holds, or
several hold of which none explains the others, nothing is named.

Error rates: not measured; who really wrote a file is seldom known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.metadata.text import plain
from verify.model import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify.metadata.boxes import Layout


@dataclass(frozen=True, slots=True)
class Traces:
    """What a rule may look at."""

    file_name: str
    layout: Layout | None  # outermost boxes, for mp4 and its kin
    tags: tuple[tuple[str, str], ...]  # name in small letters, text; of the file and its streams

    def texts(self, name: str) -> list[str]:
        """All texts under a name."""
        return [text for key, text in self.tags if key == name]

    def any(self, name: str, part: str) -> bool:
        """Whether a text under the name contains the part."""
        return any(part in text for text in self.texts(name))

    def order(self, *kinds: str) -> bool:
        """Whether the outermost boxes begin with these."""
        return self.layout is not None and self.layout.order[: len(kinds)] == kinds


@dataclass(frozen=True, slots=True)
class Rule:
    """One writer: what must hold, in words, where that is known from, and which writers it explains."""

    writer: str
    holds: Callable[[Traces], bool]
    because: str
    source: str
    over: tuple[str, ...] = ()  # writers whose traces this one's files also carry


def _telegram(seen: Traces) -> bool:
    box = seen.layout
    return (
        box is not None
        and (box.brand, box.minor, box.compatible) == ("isom", 512, ("isom", "iso2", "avc1", "mp41"))
        and {"VideoHandle", "SoundHandle"} >= set(seen.texts("handler_name")) >= {"VideoHandle"}
        and box.long_data_header
        and box.zeros_after_header
        and box.order[-1] == "moov"
    )


def _apple(seen: Traces) -> bool:
    return (
        seen.order("ftyp", "wide", "mdat", "moov")
        and seen.any("handler_name", "Core Media Video")
        and (seen.any("com.apple.quicktime.make", "Apple") or seen.any("make", "Apple"))
    )


def _lavf(seen: Traces) -> bool:
    return any(seen.any(name, "Lavf") for name in ("encoder", "software"))


def _tiktok(seen: Traces) -> bool:
    return any(text.startswith("vid:v0") for text in seen.texts("comment")) or any(
        name in {"aigc_info", "com.bytedance.info"} for name, _ in seen.tags
    )


def _gopro(seen: Traces) -> bool:
    return any(seen.any("handler_name", name) for name in ("GoPro AVC", "GoPro H.265")) and not _lavf(seen)


def _android(seen: Traces) -> bool:
    keyed = any(name == "com.android.version" for name, _ in seen.tags)
    return keyed and seen.any("handler_name", "VideoHandle") and not _lavf(seen)


RULES = (
    Rule(
        "Telegram for Android",
        _telegram,
        "brand isom, handlers VideoHandle and SoundHandle, 16-byte data header before eight zero bytes, moov "
        "last; its date is that of compression on the sender's phone",
        "the source of Telegram for Android",
    ),
    Rule(
        "X (Twitter)",
        lambda seen: seen.any("handler_name", "Twitter-vork muxer"),
        "a track's handler is named 'Twitter-vork muxer'",
        "files served by X",
        over=("ffmpeg",),
    ),
    Rule(
        "YouTube",
        lambda seen: seen.any("handler_name", "ISO Media file produced by Google Inc."),
        "a track's handler is named 'ISO Media file produced by Google Inc.'; a Lavf tag beside it would be "
        "the downloader's",
        "files served by YouTube",
        over=("ffmpeg",),
    ),
    Rule(
        "TikTok",
        _tiktok,
        "a comment 'vid:v0...', or the keys aigc_info or com.bytedance.info",
        "files served by TikTok",
        over=("ffmpeg",),
    ),
    Rule(
        "GoPro camera",
        _gopro,
        "a track's handler is named 'GoPro AVC' or 'GoPro H.265', and no tag names ffmpeg",
        "files of GoPro cameras",
    ),
    Rule(
        "Apple camera",
        _apple,
        "boxes in the order ftyp wide mdat moov, handler 'Core Media Video', maker Apple",
        "files of iPhones",
    ),
    Rule(
        "Adobe program",
        lambda seen: seen.order("ftyp", "moov", "uuid", "free", "mdat") and not _lavf(seen),
        "boxes in the order ftyp moov uuid free mdat",
        "files exported by Adobe's programs",
    ),
    Rule(
        "Android camera",
        _android,
        "the key com.android.version and handler VideoHandle, as Android's own recorder writes them",
        "the source of Android",
    ),
    Rule(
        "HandBrake",
        lambda seen: any(seen.any(name, "HandBrake") for name in ("encoder", "encoding_tool")),
        "the encoder tag names HandBrake",
        "files of HandBrake",
        over=("ffmpeg",),
    ),
    Rule(
        "ffmpeg",
        _lavf,
        "the encoder tag names Lavf, ffmpeg's container library, which many programs and platforms use",
        "the source of FFmpeg",
    ),
    Rule(
        "WhatsApp",
        lambda seen: re.match(r"(VID|IMG|AUD)-\d{8}-WA\d{4}", seen.file_name) is not None,
        "the file's name follows WhatsApp's pattern, and a name is easily given",
        "names of files saved by WhatsApp",
        over=("ffmpeg",),
    ),
)


def writer(file_name: str, layout: Layout | None, sources: Mapping[str, Mapping[str, str]]) -> Writer | None:
    """The one writer that the traces are consistent with; None where they name none or several."""
    tags = tuple((name.lower(), plain(text)) for tags in sources.values() for name, text in tags.items())
    seen = Traces(file_name, layout, tags)
    holding = [rule for rule in RULES if rule.holds(seen)]
    explained = {name for rule in holding for name in rule.over}
    left = [rule for rule in holding if rule.writer not in explained]
    if len(left) != 1:
        return None
    rule = left[0]
    return Writer(
        rule.writer, (f"consistent with {rule.writer}: {rule.because}", f"known from {rule.source}")
    )
