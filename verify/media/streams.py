"""What a demuxed stream says of itself, as plain values for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from av.video.reformatter import ColorPrimaries, ColorTrc

from verify.media.opening import decodable, is_cover

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av import AudioStream, VideoFrame, VideoStream
    from av.container import InputContainer
    from av.stream import Stream

_MOST_CHAPTERS = 200
_TITLE = 200  # letters of a chapter's title
_HDR: dict[int, str] = {ColorTrc.SMPTE2084: "pq", ColorTrc.ARIB_STD_B67: "hlg"}


def kind_of(stream: Stream) -> str:
    """`video`, `audio`, `subtitle`, `data`, `attachment`, or `cover` for an attached picture."""
    if stream.type == "video" and is_cover(stream):
        return "cover"
    return stream.type or "unknown"


def codec_of(stream: Stream) -> str:
    """FFmpeg's name of the codec, `unknown` where it knows none."""
    if not decodable(stream):
        return "unknown"
    return str(stream.codec_context.codec.canonical_name)


def stream_facts(stream: Stream) -> dict[str, object]:
    """One stream of the container, shown or not."""
    facts: dict[str, object] = {"index": stream.index, "type": kind_of(stream), "codec": codec_of(stream)}
    if stream.language:
        facts["language"] = stream.language
    if stream.profile:
        facts["profile"] = stream.profile
    return facts


def chapter_facts(container: InputContainer) -> list[dict[str, object]]:
    """The chapters that the container declares: start and end in seconds of its clock, and the title."""
    return [
        {
            "start": chapter["start"] * chapter["time_base"],
            "end": chapter["end"] * chapter["time_base"],
            "title": str(chapter["metadata"].get("title", ""))[:_TITLE],
        }
        for chapter in container.chapters()[:_MOST_CHAPTERS]
        if chapter["time_base"]
    ]


def text_tags(container: InputContainer) -> dict[str, dict[str, str]]:
    """Every tag of the container and its streams, as written: source -> name -> text."""
    tags = {"container": _texts(container.metadata)}
    for stream in container.streams:
        tags[f"stream {stream.index} ({kind_of(stream)})"] = _texts(stream.metadata)
    return {source: texts for source, texts in tags.items() if texts}


def _texts(metadata: Mapping[str, str]) -> dict[str, str]:
    return {str(name): str(value) for name, value in metadata.items()}


def picture_details(stream: VideoStream, frame: VideoFrame) -> dict[str, object]:
    """What the first decoded frame shows of the coding: pixel format, depth, transfer, interlacing, alpha."""
    aspect = stream.sample_aspect_ratio
    details: dict[str, object] = {
        "pixel_format": frame.format.name,
        "bit_depth": max(component.bits for component in frame.format.components),
        "interlaced": frame.interlaced_frame,
        "hdr": _HDR.get(frame.color_trc),
        "alpha": any(component.is_alpha for component in frame.format.components),
        "sample_aspect_ratio": str(aspect) if aspect else None,
        "coded_width": frame.width,
        "coded_height": frame.height,
    }
    if frame.color_primaries != ColorPrimaries.UNSPECIFIED:
        details["colour_primaries"] = _name(ColorPrimaries, frame.color_primaries)
    if stream.profile:
        details["profile"] = stream.profile
    return details


def sound_details(stream: AudioStream) -> dict[str, object]:
    """Layout and profile of a sound stream."""
    details: dict[str, object] = {"layout": stream.layout.name}
    if stream.profile:
        details["profile"] = stream.profile
    return details


def _name(kind: type, value: int) -> str:
    try:
        return str(kind(value).name).lower()
    except ValueError:
        return str(value)
