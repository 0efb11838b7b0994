"""One file -> everything that is known of it before it meets another. Runs in a guarded process.

The facts, digests and metadata come first; then the pictures are decoded once, and that one pass feeds the
shot finder, the fingerprint track, the light curve and, where they are installed, learned fingerprints; a
second pass listens to the sound. What they find is kept between runs; with it at hand nothing is decoded but
key frames.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from verify import metadata
from verify.errors import InputError, UnreadableMediaError
from verify.fingerprint.cache import Cache
from verify.fingerprint.pictures import hashes_of_key_frame, hashes_of_still
from verify.fingerprint.sound import SoundTrack, from_arrays
from verify.fingerprint.track import TrackBuilder
from verify.fingerprint.vectors import VectorBuilder
from verify.media import ShotFinder, Tally, frames, key_times, pictures, probe, shrink
from verify.model import Exhibit, Media, MediaKind, Problem
from verify.pipeline.listen import listen
from verify.pipeline.seen import Seen, load, recipe
from verify.pipeline.stills import still
from verify.scene.light import LightCurve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from verify.fingerprint.neural import Model
    from verify.model import Hashes, Role
    from verify.settings import Settings


@dataclass(frozen=True, slots=True)
class ToExamine:
    """A file to be examined, with the folder of what earlier runs found (None: do not look there)."""

    path: Path
    id: str
    role: Role
    threads: int  # of the decoder; 0: as many as there are cores
    cache: Path | None
    settings: Settings
    model: Model | None = None  # of learned fingerprints, where there is one


@dataclass(frozen=True, eq=False, slots=True)
class Examined:
    """What is known of one file. `seen` and `exhibit` are None where it has no picture."""

    media: Media
    seen: Seen | None = None
    fresh: bool = False  # whether `seen` was found just now
    exhibit: Exhibit | None = None
    alone: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)  # sound without a picture

    @property
    def sound(self) -> SoundTrack | None:
        """Its sound; None where it has none."""
        return from_arrays(self.seen.sound if self.seen is not None else self.alone)


def examine(job: ToExamine) -> Examined:
    """Everything about one file.

    Raises:
        InputError: nothing at all could be read of it.
    """
    try:
        media = metadata.described(probe(job.path, id=job.id, role=job.role))
    except UnreadableMediaError as error:
        return Examined(metadata.described(_undecodable(job, error)))
    if media.error is not None:
        return Examined(media)
    if media.video is None:
        heard, notes = listen(media, job.settings.sound)
        return Examined(replace(media, notes=(*media.notes, *notes)), alone=heard)
    try:
        return _look(job, media)
    except InputError as error:
        # The container was read and no picture was: what it says stays in the report.
        problem = Problem(error.code, error.message, error.hint)
        return Examined(replace(media, kind=MediaKind.UNREADABLE, error=problem))


def _undecodable(job: ToExamine, error: UnreadableMediaError) -> Media:
    """The entry of a file that nothing can be decoded of; what it says of itself is read all the same."""
    try:
        size: int | None = job.path.stat().st_size
    except OSError:
        size = None
    # The report names the file beside the reason already.
    problem = Problem(error.code, error.message.removeprefix(f"{job.path}: "), error.hint)
    return Media(job.id, job.path, job.role, MediaKind.UNREADABLE, size_bytes=size, error=problem)


def _look(job: ToExamine, media: Media) -> Examined:
    cache = Cache(job.cache) if job.cache is not None else None
    known = load(cache, media.sha256, recipe(job.settings, job.model))
    seen = known or _pass(job, media)
    hashes, exhibit = _key_frames(job, media, seen)
    if known is None:
        seen = replace(seen, hashes=hashes)
    return Examined(_with(media, seen), seen, known is None, exhibit)


def _with(media: Media, seen: Seen) -> Media:
    video = media.video
    if video is not None and seen.corrupt > video.corrupt_packets:
        video = replace(video, corrupt_packets=seen.corrupt)
    notes = (*media.notes, *seen.notes)
    return replace(media, video=video, shots=seen.shots, hashes=seen.hashes, notes=notes)


def _pass(job: ToExamine, media: Media) -> Seen:
    finder, track, light, tally = (
        ShotFinder(job.settings.media),
        TrackBuilder(job.settings.fingerprint),
        LightCurve(),
        Tally(),
    )
    vectors = VectorBuilder(job.model, job.settings.neural) if job.model is not None else None
    empty = True
    for frame in frames(job.path, rough=True, threads=job.threads, tally=tally):
        finder.add(frame)
        track.add(frame)
        light.add(frame)
        if vectors is not None:
            vectors.add(frame)
        empty = False
    if empty:
        raise UnreadableMediaError(
            job.path,
            f"no frame could be decoded ({tally.corrupt} corrupt packets)",
            "Ask for the file again: it may be cut off or damaged.",
        )
    shots = finder.finish() if media.duration else ()
    learned = vectors.finish().arrays() if vectors is not None else {}
    heard, notes = listen(media, job.settings.sound)
    return Seen(track.finish().arrays(), light.arrays(), shots, (), tally.corrupt, learned, heard, notes)


def _times(media: Media, seen: Seen, most: int) -> tuple[Fraction, ...]:
    return key_times(seen.shots, most, media.path) if media.duration else (Fraction(0),)


def _key_frames(job: ToExamine, media: Media, seen: Seen) -> tuple[tuple[Hashes, ...], Exhibit]:
    """Key frames with their exact times: hashed, unless that is known already, and small for the report."""
    report, known, of_still = job.settings.report, seen.hashes, media.kind is MediaKind.IMAGE
    times = tuple(item.time for item in known) or _times(media, seen, report.key_frames)
    # A still is hashed as it is: that is the hash which other programs have of the file.
    side = report.still_side if known else None if of_still else job.settings.fingerprint.key_side
    hashes, stills = [], []
    for picture in pictures(job.path, times, side, threads=job.threads):
        if not known:
            rgb, time = picture.rgb, picture.time
            hashes.append(hashes_of_still(rgb) if of_still else hashes_of_key_frame(rgb, time))
        stills.append(still(media, picture.time, shrink(picture.rgb, report.still_side), report))
    caption = "the picture" if of_still else "key frames"
    return known or tuple(hashes), Exhibit("key_frames", (media.id,), tuple(stills), caption)
