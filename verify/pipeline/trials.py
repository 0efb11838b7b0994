"""Clips of a folder -> pairs with known truth: which clips serve, which copies are made of each, which pairs.

Everything is drawn by the seed and the clips' contents: the same folder and seed give the same pairs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from verify.calibration.negatives import negatives_of
from verify.calibration.transforms import CATALOGUE, make
from verify.calibration.truth import Pair, PairKind
from verify.calibration.validation import Left, Source
from verify.errors import InputError, UsageError, VerifyError
from verify.fingerprint.track import from_arrays
from verify.model import MediaKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path

    from verify.calibration.transforms import Transform
    from verify.pipeline.examine import Examined
    from verify.pipeline.inputs import Input
    from verify.pipeline.work import Work
    from verify.settings import Settings


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that takes part, and the recordings that it shows or sounds of."""

    path: Path
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A pair with known truth, and the independent recordings in it."""

    pair: Pair
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Copies and hard negatives, and what could not be made."""

    trials: tuple[Trial, ...]
    clips: tuple[Clip, ...]  # of which easy negatives may be drawn: sources and copies
    not_made: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class _Copy:
    source: Path
    transform: Transform
    out: Path
    seed: int
    other: Path | None
    most: Fraction


@dataclass(frozen=True, slots=True)
class _Negatives:
    source: Path
    others: tuple[Path, ...]
    out: Path
    seed: int


def transforms(names: Sequence[str]) -> tuple[Transform, ...]:
    """The transforms of these names; all of the catalogue where none is given.

    Raises:
        UsageError: there is no transform of a name.
    """
    known = {transform.name: transform for transform in CATALOGUE}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no transform named {name}", f"there are: {', '.join(sorted(known))}")
    return tuple(known[name] for name in dict.fromkeys(names)) or CATALOGUE


def usable(
    inputs: Sequence[Input], examined: Sequence[Examined], settings: Settings
) -> tuple[list[Source], list[Examined], list[Left]]:
    """The clips that copies can be made of, what is known of each, and all other files with the reason."""
    sources: list[Source] = []
    kept: list[Examined] = []
    left: list[Left] = []
    first: dict[str, str] = {}
    for given, item in zip(inputs, examined, strict=True):
        name, media = str(given.shown), item.media
        reason = _unfit(item, settings)
        if media.error is not None:
            left.append(Left(name, media.error.message, failed=media.kind is MediaKind.UNREADABLE))
        elif reason:
            left.append(Left(name, reason, failed=False))
        elif (same := first.setdefault(media.sha256 or name, name)) != name:
            left.append(Left(name, f"the same bytes as {same}", failed=False))
        else:
            sources.append(Source(name, media.sha256 or "", float(media.duration or 0)))
            kept.append(item)
    return sources, kept, left


def _unfit(item: Examined, settings: Settings) -> str:
    media = item.media
    if media.kind is not MediaKind.VIDEO or not media.duration or item.seen is None:
        return "no video"
    if media.duration < settings.calibration.least_seconds:
        return f"{float(media.duration):.1f} s is too short to be cut"
    track = from_arrays(item.seen.track)
    points = max((len(each) for each in track.points), default=0)
    if not (track.quality >= settings.fingerprint.min_quality).any() and points < settings.copies.thin_points:
        return "black, flat or blank throughout"
    return ""


def dealt(count: int, names: Sequence[str], each: int, seed: int) -> list[tuple[str, ...]]:
    """Which transforms each source gets: `each` different ones, every one as often as the others."""
    order = [names[place] for place in np.random.default_rng(seed).permutation(len(names))]
    each = min(each, len(order))
    return [
        tuple(order[(source * each + step) % len(order)] for step in range(each)) for source in range(count)
    ]


def make_pairs(
    sources: Sequence[Source],
    examined: Sequence[Examined],
    chosen: Sequence[Transform],
    each: int,
    folder: Path,
    seed: int,
    work: Work,
    negatives_of_most: int | None = None,
) -> Made:
    """Copies of every source, and negatives, written into `folder`; what fails is listed.

    Negatives are made of so many of the sources, drawn by the seed, or of all.
    """
    paths = [item.media.path for item in examined]
    names = dict(zip(paths, (source.name for source in sources), strict=True))
    alone = len(paths) < 2
    fitting = [transform for transform in chosen if not (alone and transform.needs_other)]
    by_name = {transform.name: transform for transform in fitting}
    hands = dealt(len(paths), list(by_name), each, seed) if fitting else []
    jobs = []
    for place, hand in enumerate(hands):
        for name in hand:
            number = _number(seed, sources[place].sha256, name)
            other = paths[(place + 1 + number % (len(paths) - 1)) % len(paths)] if not alone else None
            out = folder / "copies" / f"{place + 1:03d}-{name}.mp4"
            most = work.settings.calibration.most_seconds
            jobs.append(_Copy(paths[place], by_name[name], out, number, other, most))
    (folder / "copies").mkdir(parents=True, exist_ok=True)
    results = work.guarded("making copies", _make, jobs, lambda job: job.source)
    copies, left = [], []
    clips = [Clip(path, frozenset({names[path]})) for path in paths]
    for job, result in zip(jobs, results, strict=True):
        if isinstance(result, VerifyError):
            left.append(Left(f"{job.transform.name} of {names[job.source]}", result.message))
            continue
        source = names[job.source]
        copies.append(Trial(replace(result, source=source), (source,)))
        clips.append(Clip(result.b, frozenset({source, *(names[other] for other in result.others)})))
    seeds = [_number(seed, source.sha256) for source in sources]
    order = sorted(range(len(paths)), key=seeds.__getitem__)
    drawn = sorted(order[:negatives_of_most])
    negatives, more = _negatives(paths, names, folder / "negatives", seeds, drawn, work)
    return Made((*copies, *negatives), tuple(clips), (*left, *more))


def _make(job: _Copy) -> Pair:
    try:
        return make(job.source, job.transform, job.out, job.seed, job.other, job.most)
    except OSError as error:
        raise InputError(job.source, f"the copy could not be written ({error.strerror})") from error


def _negatives(
    paths: Sequence[Path],
    names: Mapping[Path, str],
    folder: Path,
    seeds: Sequence[int],
    drawn: Sequence[int],
    work: Work,
) -> tuple[list[Trial], list[Left]]:
    jobs = [
        # The next source is the partner, as long as there is another.
        _Negatives(
            paths[place],
            (*paths[place + 1 :], *paths[:place])[:1],
            folder / f"{place + 1:03d}",
            seeds[place],
        )
        for place in drawn
    ]
    trials: list[Trial] = []
    left: list[Left] = []
    results = work.guarded("making negatives", _make_negatives, jobs, lambda job: job.source)
    for job, result in zip(jobs, results, strict=True):
        source = names[job.source]
        if isinstance(result, VerifyError):
            left.append(Left(f"negatives of {source}", result.message))
            continue
        for pair in result:
            # A source against itself at another time is one recording; all others are made of two.
            two = (source, *(names[other] for other in job.others))
            both = (source,) if pair.source == job.source.stem else tuple(sorted(two))
            trials.append(Trial(replace(pair, source=" and ".join(both)), both))
    return trials, left


def _make_negatives(job: _Negatives) -> list[Pair]:
    return negatives_of(job.source, job.others, job.out, job.seed)


def _number(seed: int, *parts: str) -> int:
    """A number for one clip, the same in every run with this seed."""
    digest = hashlib.sha256("/".join([str(seed), *parts]).encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:4], "big")


def easy(clips: Sequence[Clip], most: int | None, seed: int) -> tuple[list[Trial], int]:
    """Pairs of clips that share no recording: `most` of them, drawn by the seed, and how many there are."""
    places = [
        (one, other)
        for one in range(len(clips))
        for other in range(one + 1, len(clips))
        if not clips[one].sources & clips[other].sources
    ]
    chosen: Sequence[int] = range(len(places))
    if most is not None and most < len(places):
        drawn = np.random.default_rng(seed).choice(len(places), most, replace=False)
        chosen = sorted(int(place) for place in drawn)
    trials = []
    for place in chosen:
        one, other = (clips[each] for each in places[place])
        both = tuple(sorted(one.sources | other.sources))
        pair = Pair(one.path, other.path, PairKind.EASY, "unrelated", " and ".join(both))
        trials.append(Trial(pair, both))
    return trials, len(places)
