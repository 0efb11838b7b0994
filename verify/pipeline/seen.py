"""What one decoding pass finds in a file, and how that is kept between runs by content and recipe."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.fingerprint import Recipe, neural, pictures, sound, track
from verify.model import Hashes, Span, Still
from verify.pipeline.tool import versions
from verify.scene import light

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from verify.fingerprint.cache import Cache
    from verify.fingerprint.neural import Model
    from verify.settings import Settings

_TRACK, _LIGHT, _VECTORS, _SOUND, _VIEWS = "track_", "light_", "vectors_", "sound_", "views_"
_FACTS, _STILLS = "facts", "stills"


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """What one decoding pass found; it depends on nothing but the bytes and the recipe."""

    track: Mapping[str, NDArray[np.generic]]  # as `Track.arrays` gives it
    light: Mapping[str, NDArray[np.generic]]  # as `LightCurve.arrays` gives it
    shots: tuple[Span, ...]
    hashes: tuple[Hashes, ...]  # of the key frames
    corrupt: int  # packets
    vectors: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)  # of `VectorTrack`; may be none
    sound: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)  # of `SoundTrack`; may be none
    notes: tuple[str, ...] = ()  # what could not be heard
    views: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)  # of `geometry.views`; may be none
    stills: tuple[Still, ...] = ()  # the key frames as the report shows them


def recipe(settings: Settings, model: Model | None = None, *, views: bool = True) -> Recipe:
    """What `Seen` is made by, with or without views: whatever changes it is in here."""
    report = settings.report
    numbers: list[object] = [asdict(settings.fingerprint), asdict(settings.media), report.key_frames]
    numbers += [report.still_side, report.still_quality, asdict(settings.geometry) if views else None]
    numbers.append(settings.sound.longest)
    # Other versions of the decoder and the libraries give other pixels and features.
    made_by = [*(str(item) for item in pictures.RECIPES.values()), *versions().items()]
    if model is not None:
        numbers.append(asdict(settings.neural))
        made_by += [str(model.recipe), neural.runtime_version()]
    digest = hashlib.sha256(repr([numbers, made_by]).encode()).hexdigest()[:16]
    return Recipe.of("seen", 5, track=track.RECIPE, light=light.RECIPE, sound=sound.RECIPE, settings=digest)


def load(cache: Cache | None, sha256: str | None, made_by: Recipe) -> Seen | None:
    """What an earlier run found in these bytes, or None."""
    arrays = cache.load(sha256, made_by) if cache is not None and sha256 is not None else None
    if arrays is None:
        return None
    facts = json.loads(arrays[_FACTS].tobytes())
    return Seen(
        track=_parts(arrays, _TRACK),
        light=_parts(arrays, _LIGHT),
        shots=tuple(Span(Fraction(start), Fraction(end)) for start, end in facts["shots"]),
        hashes=tuple(Hashes(Fraction(time), values, quality) for time, values, quality in facts["hashes"]),
        corrupt=facts["corrupt"],
        vectors=_parts(arrays, _VECTORS),
        sound=_parts(arrays, _SOUND),
        notes=tuple(facts["notes"]),
        views=_parts(arrays, _VIEWS),
        stills=_stills(facts["stills"], arrays[_STILLS].tobytes()),
    )


def store(cache: Cache, sha256: str, made_by: Recipe, seen: Seen) -> None:
    """Keep what was found; nothing is lost but time where that cannot be."""
    facts = {
        "shots": [[str(shot.start), str(shot.end)] for shot in seen.shots],
        "hashes": [[str(item.time), dict(item.values), item.quality] for item in seen.hashes],
        "corrupt": seen.corrupt,
        "notes": list(seen.notes),
        "stills": [[str(each.time), len(each.jpeg), each.width, each.height] for each in seen.stills],
    }
    arrays: dict[str, NDArray[np.generic]] = {
        _FACTS: np.frombuffer(json.dumps(facts).encode(), np.uint8),
        **{_TRACK + name: part for name, part in seen.track.items()},
        **{_LIGHT + name: part for name, part in seen.light.items()},
        **{_VECTORS + name: part for name, part in seen.vectors.items()},
        **{_SOUND + name: part for name, part in seen.sound.items()},
        **{_VIEWS + name: part for name, part in seen.views.items()},
        _STILLS: np.frombuffer(b"".join(each.jpeg for each in seen.stills), np.uint8),
    }
    cache.store(sha256, made_by, arrays)


def _stills(facts: Sequence[tuple[str, int, int, int]], jpegs: bytes) -> tuple[Still, ...]:
    """The key frames, of no input yet."""
    stills, at = [], 0
    for time, length, width, height in facts:
        stills.append(Still("", Fraction(time), jpegs[at : at + length], width, height))
        at += length
    return tuple(stills)


def _parts(arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> dict[str, NDArray[np.generic]]:
    return {name.removeprefix(prefix): part for name, part in arrays.items() if name.startswith(prefix)}
