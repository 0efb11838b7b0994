"""Open a file with PyAV, safely, and say which of its streams a player shows.

A file is handed to FFmpeg as an open file object, never as a name: names such as `a%03d.jpg`, `pipe:0` or
`http:...` mean something to FFmpeg, and names that are not UTF-8 cannot be passed at all. Playlists and
scripts that name other files (HLS, DASH, concat) are refused, because a file under examination must not
choose what else is read.
"""

from __future__ import annotations

from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error
import av.logging

from verify.errors import NotMediaError, TooLargeError, UnreadableMediaError
from verify.media.files import open_bytes
from verify.media.looks import looks_like_media
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

# libav writes to the terminal otherwise; what it met is counted and reported instead.
av.logging.set_level(None)

# ISO/IEC 23008-12 and the AVIF specification: files whose first item is a picture; sequences have other
# brands.
_STILL_BRANDS = frozenset({"avif", "heic", "heix", "mif1"})
_READ_BYTES = 1 << 18
_REFERRING = frozenset({"hls", "dash", "concat", "imf", "webm_dash_manifest", "sdp", "rtsp", "tty", "lavfi"})
# What opening raises for bytes that make no sense: FFmpeg's errors, and Python's for headers with
# impossible values.
_OPENING_ERRORS = (av.error.FFmpegError, ValueError, OverflowError, MemoryError)


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The demuxed file; every error of libav inside the `with` comes out as ours.

    Raises:
        MissingFileError: There is no such file.
        UnreadableMediaError: It looks like media and FFmpeg makes nothing of it.
        NotMediaError: It does not even look like media.
        TooLargeError: It declares more streams than is safe.
    """
    with open_bytes(path) as file:
        try:
            # No protocol is allowed, so that nothing inside the file can name another one to read.
            container = av.open(
                file,
                "r",
                metadata_errors="replace",
                buffer_size=_READ_BYTES,
                options={"protocol_whitelist": "none"},
            )
        except _OPENING_ERRORS as error:
            raise unreadable(path, "no picture and no sound was recognised in it", error) from error
        with container:
            if container.format.name in _REFERRING:
                raise NotMediaError(path, f"it is a list of other files ({container.format.name})")
            if len(container.streams) > SETTINGS.media.max_streams:
                raise TooLargeError(path, f"it declares {len(container.streams)} streams")
            try:
                yield container
            except av.error.FFmpegError as error:
                raise unreadable(path, "it could not be decoded", error) from error


def unreadable(
    path: Path, reason: str, cause: BaseException | None = None
) -> UnreadableMediaError | NotMediaError:
    """The right one of two errors: the file looks like media and is broken, or it is something else."""
    detail = getattr(cause, "strerror", None) or (str(cause) if cause is not None else "")
    text = f"{reason} ({detail})" if detail else reason
    if looks_like_media(path):
        return UnreadableMediaError(path, text, "Ask for the file again: it may be cut off or damaged.")
    return NotMediaError(path, "it is no picture, no video and no sound that can be read")


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The picture stream that a player shows by default; cover art only where there is no other picture."""
    known = [stream for stream in container.streams.video if decodable(stream)]
    streams = [stream for stream in known if not is_cover(stream)] or known
    best = container.streams.best("video")
    for stream in streams:
        if best is not None and stream.index == best.index:
            return stream
    return streams[0] if streams else None


def sound_stream(container: InputContainer) -> AudioStream | None:
    """The sound stream that a player plays by default."""
    streams = [stream for stream in container.streams.audio if decodable(stream)]
    best = container.streams.best("audio")
    for stream in streams:
        if best is not None and stream.index == best.index:
            return stream
    return streams[0] if streams else None


def is_cover(stream: av.stream.Stream) -> bool:
    """Whether the stream is an attached picture, such as the cover of a song."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def is_still(container: InputContainer, stream: av.stream.Stream) -> bool:
    """Whether FFmpeg read a still: an image format, cover art, or the picture of a HEIF or AVIF file."""
    if container.format.name.endswith("_pipe") or is_cover(stream):
        return True
    return container.metadata.get("major_brand") in _STILL_BRANDS


def decodable(stream: av.stream.Stream) -> bool:
    """Whether FFmpeg found a decoder for the stream."""
    return getattr(stream, "codec_context", None) is not None


def frame_seconds(stream: VideoStream) -> Fraction:
    """Seconds that a frame lasts by the stream's header; 1/25 where it says nothing that can be."""
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and Fraction(1, 3600) <= rate <= 1000:
            return 1 / Fraction(rate)
    return Fraction(1, 25)


def zero(container: InputContainer) -> Fraction:
    """Seconds on the container's clock at the first moment that a player shows.

    The earliest start of any picture or sound. Sound that starts before the clock's zero is the encoder's
    priming, which players drop; a picture that starts there is shown.
    """
    starts = []
    for stream in (*container.streams.video, *container.streams.audio):
        if stream.start_time is None or stream.time_base is None or not decodable(stream):
            continue
        if stream.type == "video" and is_cover(stream):
            continue
        start = stream.start_time * stream.time_base
        starts.append(max(start, Fraction(0)) if stream.type == "audio" else start)
    return min(starts, default=Fraction(0))
