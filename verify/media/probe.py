"""What a file is: container, streams, exact duration, frame count and rate, payload digests.

Every packet is read once without being decoded, because headers lie: duration, frame count and rate are
those of the packets that are there, on the clock that a player shows. Then the first frame is decoded for
what only a decoder knows: the size, how it is to be turned, bit depth, interlacing. A picture packet counts
as a frame; that is exact for the common codecs, and packets that cannot be decoded are found and counted
when the frames are read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import PIL

from verify.errors import MissingFileError, NotMediaError, UnreadableMediaError
from verify.media import stills
from verify.media.decode import first_frame
from verify.media.opening import (
    frame_seconds,
    is_cover,
    is_still,
    opened,
    picture_stream,
    sound_stream,
    unreadable,
    zero,
)
from verify.media.payload import PayloadDigest
from verify.media.planes import mirrored, quarter_turn
from verify.media.sound import first_sound
from verify.media.streams import (
    chapter_facts,
    codec_of,
    kind_of,
    picture_details,
    sound_details,
    stream_facts,
    text_tags,
)
from verify.media.timing import Timing
from verify.model import Audio, Media, MediaKind, Role, Video

if TYPE_CHECKING:
    from pathlib import Path

    from av import VideoFrame
    from av.container import InputContainer
    from av.stream import Stream

PILLOW = f"Pillow {PIL.__version__}"
FFMPEG = f"FFmpeg {av.ffmpeg_version_info} (PyAV {av.__version__})"
_CHUNK = 1 << 20
_MIRRORED = "The file asks players to mirror the picture; it was examined as it is stored."
_DAMAGED = "The picture is damaged or cut off; what could be decoded of it was examined."


def probe(path: Path, *, id: str, role: Role = Role.CLIP) -> Media:  # noqa: A002 - the report's word for it
    """Everything that can be said of a file without decoding all of it.

    Raises:
        MissingFileError: There is no such file.
        UnreadableMediaError: It looks like media, and no picture and no sound could be decoded.
        NotMediaError: It is no media.
        TooLargeError: It declares more pixels or streams than is safe.
    """
    sha256, size = _digest(path)
    media = _pillow(path, id, role)
    if media is None:
        media = _ffmpeg(path, id, role)
    return replace(media, sha256=sha256, size_bytes=size)


def _digest(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError as error:
        raise MissingFileError(f"{path}: no such file") from error
    except IsADirectoryError as error:
        raise NotMediaError(path, "it is a folder") from error
    except OSError as error:
        raise UnreadableMediaError(path, f"it could not be read ({error.strerror})") from error
    if not size:
        raise unreadable(path, "the file is empty")
    return digest.hexdigest(), size


def _pillow(path: Path, id: str, role: Role) -> Media | None:  # noqa: A002
    with stills.identified(path) as image:
        if image is None:
            return None
        moving = stills.animated(image)
        codec = str(image.format).lower()
        details: dict[str, object] = {"mode": image.mode, "alpha": image.has_transparency_data}
        turned = stills.rotation(image)
        count, damaged, end = 0, 0, Fraction(0)
        lengths, sizes = set(), []
        for page in stills.pages(path, image):
            count, damaged, end = count + 1, damaged + page.damaged, page.end
            lengths.add(page.end - page.time)
            sizes.append(page.rgb.shape[:2])
    height, width = sizes[0]
    video = Video(
        codec=codec,
        width=width,
        height=height,
        frames=count,
        frame_rate=count / end if end else None,
        variable_frame_rate=len(lengths) > 1,
        rotation=turned,
        corrupt_packets=damaged,
        details=details,
    )
    return Media(
        id,
        path,
        role,
        MediaKind.VIDEO if moving else MediaKind.IMAGE,
        container={"format": codec, "decoder": PILLOW},
        duration=end if moving else None,
        video=video,
        notes=(_DAMAGED,) if damaged else (),
    )


@dataclass(slots=True)
class _Pass:
    """What one pass over all packets gathers."""

    streams: list[dict[str, object]]
    digests: list[dict[str, object]]
    start: Fraction
    picture: Timing | None = None
    sound: Timing | None = None
    notes: list[str] = field(default_factory=list)


def _ffmpeg(path: Path, id: str, role: Role) -> Media:  # noqa: A002
    with opened(path) as container:
        video, audio = picture_stream(container), sound_stream(container)
        gathered = _packets(container, video, audio)
        facts: dict[str, object] = {
            "format": container.format.name,
            "decoder": FFMPEG,
            "bit_rate": container.bit_rate or None,
            "streams": gathered.streams,
            "payload_sha256": gathered.digests,
        }
        for name in ("major_brand", "compatible_brands"):
            if name in container.metadata:
                facts[name] = container.metadata[name]
        if chapters := chapter_facts(container):
            facts["chapters"] = chapters
        tags = text_tags(container)
        picture = None
        if video is not None and gathered.picture:
            frame = first_frame(path)
            if frame is not None:
                details = picture_details(video, frame)
                if mirrored(frame):
                    gathered.notes.append(_MIRRORED)
                picture = _video(gathered.picture, frame, codec_of(video), details, gathered.start)
        sound = None
        if audio is not None and first_sound(path):
            sound = Audio(codec_of(audio), audio.sample_rate, audio.channels, sound_details(audio))
        cover = video is not None and is_cover(video)
        if cover and sound is not None:
            picture = None
        elif cover and picture is not None:
            gathered.notes.append("Only its attached cover picture could be decoded.")
        still_picture = video is not None and picture is not None and is_still(container, video)
    if picture is None and sound is None:
        raise unreadable(path, "no picture and no sound could be decoded from it")
    kind = MediaKind.AUDIO if picture is None else MediaKind.IMAGE if still_picture else MediaKind.VIDEO
    timing = gathered.picture if picture is not None else gathered.sound
    duration = None
    if kind is not MediaKind.IMAGE and timing is not None and timing.end is not None:
        duration = max(Fraction(0), timing.end - gathered.start)
    if kind is MediaKind.IMAGE and picture is not None:
        picture = replace(picture, frames=1, frame_rate=None, variable_frame_rate=False)
    return Media(
        id,
        path,
        role,
        kind,
        container=facts,
        duration=duration,
        video=picture,
        audio=sound,
        tags=tags,
        notes=tuple(gathered.notes),
    )


def _packets(container: InputContainer, video: av.VideoStream | None, audio: av.AudioStream | None) -> _Pass:
    digests = [
        PayloadDigest(codec_of(stream), getattr(stream.codec_context, "extradata", None))
        for stream in container.streams
    ]
    gathered = _Pass([stream_facts(stream) for stream in container.streams], [], zero(container))
    if video is not None:
        gathered.picture = Timing(_base(video), frame_seconds(video), container.format.name)
    if audio is not None:
        gathered.sound = Timing(_base(audio), Fraction(0), container.format.name)
    try:
        for packet in container.demux():
            if not packet.size or packet.stream_index >= len(digests):
                continue
            digests[packet.stream_index].add(bytes(packet))
            if packet.is_discard:
                continue
            for stream, timing in ((video, gathered.picture), (audio, gathered.sound)):
                if stream is not None and timing is not None and packet.stream_index == stream.index:
                    timing.add(packet)
    except av.error.FFmpegError as error:
        gathered.notes.append(f"Reading stopped before the end of the file ({error.strerror}).")
    for entry, digest, facts in zip(container.streams, digests, gathered.streams, strict=False):
        facts["packets"] = digest.packets
        facts |= digest.headers.facts()
        gathered.digests.append(
            {
                "type": kind_of(entry),
                "codec": codec_of(entry),
                "sha256": digest.hexdigest(),
                "packets": digest.packets,
            }
        )
    return gathered


def _base(stream: Stream) -> Fraction:
    return stream.time_base or Fraction(1, 1000)


def _video(
    timing: Timing, frame: VideoFrame, codec: str, details: dict[str, object], start: Fraction
) -> Video:
    rotation = quarter_turn(frame)
    width, height = (frame.height, frame.width) if rotation in {90, 270} else (frame.width, frame.height)
    first = timing.start
    details["first_frame"] = float(first - start) if first is not None else None
    details["timing"] = timing.steps(start)
    return Video(
        codec=codec,
        width=width,
        height=height,
        frames=len(timing),
        frame_rate=timing.rate,
        variable_frame_rate=timing.variable,
        rotation=rotation,
        details=details,
    )
