"""Alignment: which seconds of one clip lie in which seconds of another, found by voting over time.

One clip is laid on the other by each seed in turn, and the stretches of the first vote for an offset (see
`votes`); the offset that establishes one recording is taken, then the next, so that a clip that was cut
and joined, or that shows a stretch twice, gives several segments. Where that leaves moving stretches of the
shorter clip unexplained, the other clip is run at other tempos, half to double, forwards and backwards, and
the tempos at which most agrees are looked at in the same way; the tempo is then read off the drift of the
stretches' own offsets. A segment reaches as far as the aligned pictures stay alike, picture by picture, and
where it comes within a tenth of a second of a clip's end, to that end.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from verify.copies.laying import Laying
from verify.copies.rhythm import shared_samples
from verify.geometry import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.copies.line import Alignment
    from verify.copies.seeds import Seed
    from verify.fingerprint.track import Track
    from verify.settings import CopySettings


def align(a: Track, b: Track, seeds: Sequence[Seed], settings: CopySettings) -> Alignment | None:
    """The best alignment that any of the seeds leads to; None where no seed gives a shared part."""
    # The stretches that vote are the shorter clip's: the longer one's need not fit into it.
    if b.end < a.end:
        found = align(b, a, [seed.turned() for seed in seeds], settings)
        return found.turned() if found else None
    laid: list[Laying] = []
    for seed in seeds:
        if any(_alike(seed, each.seed, settings) for each in laid):
            continue
        try:
            laying = Laying(*shared_samples(a, b, seed.matrix), (a.end, b.end), seed, settings)
            laying.lay()
        except ValueError:
            continue
        laid.append(laying)
        if laying.explained and laying.agrees >= settings.agrees_fully:
            break
    if not laid:
        return None
    tried = tuple(each.seed for each in laid)
    explained = [each for each in laid if each.explained]
    if explained:
        return max(explained, key=Laying.merit).alignment(tried)
    # Other tempos take longer: they are tried with the maps by which most agrees, then the best supported.
    likely = sorted(laid, key=lambda each: (each.found, each.seed.support), reverse=True)
    for each in likely[: settings.tempo_seeds]:
        with suppress(ValueError):  # slowed down, a long clip can be too long
            each.lay_at_other_tempos()
    return max(laid, key=Laying.merit).alignment(tried)


def _alike(one: Seed, two: Seed, settings: CopySettings) -> bool:
    """Whether two seeds lead to one alignment: nearly one map, and offsets that are looked at together."""
    offsets = abs((one.b_time - one.a_time) - (two.b_time - two.a_time))
    return offsets < settings.lag_reach / 2 and fit.apart(one.matrix, two.matrix) < settings.same_map
