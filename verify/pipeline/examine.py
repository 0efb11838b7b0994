"""One file -> everything that is known of it before it meets another. Runs in a guarded process.

The facts, digests and metadata come first; then the pictures are decoded once, and that one pass feeds the
shot finder, the fingerprint track, the light curve, the key frames, the views and, where they are installed,
learned fingerprints; a second pass listens to the sound. What they find is kept between runs; with it at hand
nothing is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from verify import metadata
from verify.errors import InputError, UnreadableMediaError
from verify.fingerprint.cache import Cache
from verify.fingerprint.sound import SoundTrack, from_arrays
from verify.fingerprint.track import TrackBuilder
from verify.fingerprint.vectors import VectorBuilder
from verify.geometry import ViewBuilder, to_arrays
from verify.media import ShotFinder, Tally, frames, probe
from verify.model import Exhibit, Media, MediaKind, Problem
from verify.pipeline.keys import KeyPictures, key_frames
from verify.pipeline.listen import listen
from verify.pipeline.seen import Seen, load, recipe
from verify.scene.light import LightCurve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from verify.fingerprint.neural import Model
    from verify.model import Role
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
    views: bool = True  # whether it will be held against other inputs


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
    made_by = recipe(job.settings, job.model, views=job.views)
    known = load(cache, media.sha256, made_by)
    seen = known or _pass(job, media)
    stills = tuple(replace(each, media=media.id) for each in seen.stills)
    caption = "the picture" if media.kind is MediaKind.IMAGE else "key frames"
    exhibit = Exhibit("key_frames", (media.id,), stills, caption)
    return Examined(_with(media, seen), seen, known is None, exhibit)


def _with(media: Media, seen: Seen) -> Media:
    video = media.video
    if video is not None and seen.corrupt > video.corrupt_packets:
        video = replace(video, corrupt_packets=seen.corrupt)
    notes = (*media.notes, *seen.notes)
    return replace(media, video=video, shots=seen.shots, hashes=seen.hashes, notes=notes)


def _pass(job: ToExamine, media: Media) -> Seen:
    settings, tally, length = job.settings, Tally(), media.duration
    finder, track, light = ShotFinder(settings.media), TrackBuilder(settings.fingerprint), LightCurve()
    keys = KeyPictures(length, settings.report.key_frames, settings.fingerprint)
    vectors = VectorBuilder(job.model, settings.neural) if job.model is not None else None
    viewer = ViewBuilder(length, settings.geometry) if job.views else None
    parts = [part for part in (finder, track, light, keys, vectors, viewer) if part is not None]
    empty = True
    for frame in frames(job.path, rough=True, threads=job.threads, tally=tally):
        for part in parts:
            part.add(frame)
        empty = False
    if empty:
        raise UnreadableMediaError(
            job.path,
            f"no frame could be decoded ({tally.corrupt} corrupt packets)",
            "Ask for the file again: it may be cut off or damaged.",
        )
    shots = finder.finish() if length else ()
    chosen = key_frames(media, keys, shots, settings, job.threads)
    heard, notes = listen(media, settings.sound)
    return Seen(
        track=track.finish().arrays(),
        light=light.arrays(),
        shots=shots,
        hashes=tuple(each.hashes for each in chosen),
        corrupt=tally.corrupt,
        vectors=vectors.finish().arrays() if vectors is not None else {},
        sound=heard,
        notes=notes,
        views=to_arrays(viewer.finish()) if viewer is not None else {},
        stills=tuple(each.still for each in chosen),
    )
