"""One method that is tried: fingerprints of clips, how alike two are, and from where on it calls them copies.

Nothing of another program is copied here: each is used as its package offers it, or, where only a paper or a
description says how it works, written after that.
"""

from __future__ import annotations

import math
import resource
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module, metadata
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from verify.media import pictures, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

NEVER = -math.inf  # the score of what cannot be compared
PER_SECOND = 2  # pictures, of the methods that do not say how many they want


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its published default."""

    name: str
    does: str
    default: str  # from where on it calls two clips copies, and who says so
    modules: tuple[str, ...]  # that must be there
    packages: tuple[str, ...]  # whose versions are given
    fingerprint: Callable[[Path], Any]
    score: Callable[[Any, Any], float]  # higher: more alike
    least: float  # the default: a score of at least this is a copy

    def missing(self) -> str:
        """Why it cannot run here; nothing where it can."""
        try:
            for module in self.modules:
                import_module(module)
        except ImportError as error:
            return f"not installed ({error})"
        return ""

    def versions(self) -> dict[str, str]:
        """Of its packages, by name."""
        return {package: metadata.version(package) for package in self.packages}


@dataclass(frozen=True, slots=True)
class Prints:
    """Fingerprints of clips; None of one that the method could not take."""

    found: tuple[Any, ...]
    cpu: float  # seconds, of all clips
    failed: dict[str, str]  # clips that it could not take, and why


@dataclass(frozen=True, slots=True)
class Scores:
    """What a method said of every pair, and what that cost."""

    scores: tuple[float, ...]
    fingerprint_cpu: float  # seconds, of all clips
    pair_cpu: float  # seconds, of all pairs
    failed: dict[str, str]


def printed(method: Method, clips: Sequence[Path], jobs: int) -> Prints:
    """A method's fingerprints of clips. Whatever it raises of a clip is kept as the reason."""
    with ProcessPoolExecutor(jobs, get_context("spawn"), method.missing) as pool:
        waiting = [pool.submit(_timed, method, clip) for clip in clips]
        errors = [each.exception() for each in waiting]
    failed = {
        clip.name: f"{type(error).__name__}: {error}"
        for clip, error in zip(clips, errors, strict=True)
        if error is not None
    }
    done = [(None, 0.0) if error else each.result() for each, error in zip(waiting, errors, strict=True)]
    return Prints(tuple(found for found, _ in done), sum(spent for _, spent in done), failed)


def scored(method: Method, prints: Prints, pairs: Sequence[tuple[int, int]]) -> Scores:
    """A method's scores of pairs of clips, given by their positions."""
    found, before = prints.found, cpu()
    scores = tuple(
        NEVER if found[a] is None or found[b] is None else method.score(found[a], found[b]) for a, b in pairs
    )
    return Scores(scores, prints.cpu, cpu() - before, prints.failed)


def _timed(method: Method, clip: Path) -> tuple[Any, float]:
    before = cpu()
    found = method.fingerprint(clip)
    return found, cpu() - before


def cpu() -> float:
    """Seconds that this process and its children that have ended spent computing."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def shown(path: Path) -> Iterator[NDArray[np.uint8]]:
    """The pictures of a clip, `PER_SECOND` of each second, (H, W, 3) RGB of full size."""
    duration = probe(path, id="clip").duration or Fraction(0)
    count = max(1, math.ceil(duration * PER_SECOND))
    for picture in pictures(path, [Fraction(place, PER_SECOND) for place in range(count)], None):
        yield picture.rgb
