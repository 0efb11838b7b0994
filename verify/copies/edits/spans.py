"""When a mark is there: read off the tracks' tiny pictures, and told as an edit; see `marks`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.edits import tiny
from verify.copies.edits.timing import a_of
from verify.fingerprint.track import TINY
from verify.geometry import fit
from verify.model import Box, Edit, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.edits.aligned import Aligned
    from verify.copies.edits.marks import Mark
    from verify.copies.judgement import Subject
    from verify.model import Segment
    from verify.settings import EditSettings


def edit(
    one: Subject,
    two: Subject,
    segments: Sequence[Segment],
    moments: Sequence[Aligned],
    mark: Mark,
    limits: EditSettings,
) -> Edit:
    """A mark as an edit: its place in the picture of the input that carries it, and its seconds in both.

    One edit for a place: its span holds all stretches in which the mark is there, and where it comes and
    goes, `parameters["spans"]` lists them in seconds of b.
    """
    a, b = one.media, two.media
    main = segments[moments[mark.seen[0]].segment]
    stretches = _stretches(one, two, segments, moments, mark, limits)
    b_span = Span(stretches[0][1].start, stretches[-1][1].end)
    a_spans = [a_of(segments[index], span) for index, span in stretches]
    a_span = Span(min(each.start for each in a_spans), max(each.end for each in a_spans))
    box: Box | None = mark.box
    if mark.carrier == "a":
        box = fit.carry_box(fit.inverse(np.array(main.homography)), mark.box)
    has, lacks = (a.id, b.id) if mark.carrier == "a" else (b.id, a.id)
    what = "writing" if mark.kind == "caption" else "something"
    words = f"{has} shows {what} over {mark.box.area:.1%} of the picture that {lacks} does not show there."
    parameters: dict[str, object] = {"area": round(mark.box.area, 4)}
    if len(stretches) > 1:
        parameters["spans"] = [[float(each.start), float(each.end)] for _, each in stretches]
    return Edit(mark.kind, words, a_span, b_span, box=box, box_in=mark.carrier, parameters=parameters)


def _stretches(
    one: Subject,
    two: Subject,
    segments: Sequence[Segment],
    moments: Sequence[Aligned],
    mark: Mark,
    limits: EditSettings,
) -> list[tuple[int, Span]]:
    """Segment and seconds of b in which the mark is there, in b's order."""
    found: list[tuple[int, Span]] = []
    order = sorted(range(len(segments)), key=lambda index: segments[index].b)
    for index in order:
        segment = segments[index]
        looked = [number for number, moment in enumerate(moments) if moment.segment == index]
        seen = [number for number in looked if number in mark.seen]
        if segment.b.length == 0 or one.still or two.still:
            found += [(index, segment.b)] if seen else []
            continue
        there = _presence(one, two, segment, mark, [float(moments[each].b_time) for each in seen], limits)
        if there is not None:
            found += [(index, span) for span in _runs(*there, segment, limits)]
        elif seen:
            found.append((index, _hull(segment, moments, looked, seen)))
    if not found:
        number = moments[mark.seen[0]].segment
        found.append((number, segments[number].b))
    return found


def _hull(segment: Segment, moments: Sequence[Aligned], looked: Sequence[int], seen: Sequence[int]) -> Span:
    """From the first to the last moment that shows the mark; to the segment's ends where none lacks it."""
    if len(seen) == len(looked):
        return segment.b
    times = [moments[each].b_time for each in seen]
    start = segment.b.start if seen[0] == looked[0] else min(times)
    end = segment.b.end if seen[-1] == looked[-1] else max(times)
    return Span(start, max(start, end))


def _presence(
    one: Subject, two: Subject, segment: Segment, mark: Mark, seen: Sequence[float], limits: EditSettings
) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """Seconds of b, and whether the mark is there; None where the tiny pictures cannot tell."""
    times = two.track.tiny_times
    inside = np.flatnonzero((times >= float(segment.b.start) - 1e-6) & (times < float(segment.b.end)))
    if len(inside) < 4 or not seen:
        return None
    cells = _cells(mark.box)
    ours, covered = tiny.brought(
        tiny.grey(one.track)[tiny.rows(one.track.tiny_times, tiny.a_times(segment, times[inside]))], segment
    )
    theirs = tiny.grey(two.track)[inside]
    free = covered & ~cells
    if not (cells & covered).any() or free.sum() < 32:
        return None
    left = _left(ours, theirs, free)
    rows = tiny.rows(times[inside], np.array(seen))
    use = cells & covered
    pattern = np.median(left[rows], axis=0)[use]
    power = float((pattern**2).mean())
    # Where nothing was drawn over, the cells differ by this much.
    noise = float(np.median(left[:, free] ** 2))
    if power < limits.presence_clear * max(noise, limits.presence_least):
        return None
    values = left[:, use] @ pattern / float((pattern**2).sum())
    # What covers all of a cell looks the same whatever is under it, and differs from it more or less.
    marked = (theirs if mark.carrier == "b" else ours)[:, use]
    same = ((marked - np.median(marked[rows], axis=0)) ** 2).mean(axis=1)
    apart = (left[:, use] ** 2).mean(axis=1)
    there = (values > limits.presence_share) | (same < limits.presence_same * apart)
    return times[inside], there


def _left(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], free: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """B less a, after a straight line through the brightness of the cells that no mark covers."""
    x, y = ours[:, free].ravel(), theirs[:, free].ravel()
    gain, lift = np.polyfit(x, y, 1) if x.std() > 1 else (1.0, float((y - x).mean()))
    return np.asarray(theirs - (gain * ours + lift), np.float32)


def _cells(box: Box) -> NDArray[np.bool_]:
    """The cells of a tiny picture that a box covers by a third or more, or the one in its middle."""
    steps = np.arange(TINY) / TINY
    wide = np.clip(np.minimum(steps + 1 / TINY, box.x + box.width) - np.maximum(steps, box.x), 0, None)
    high = np.clip(np.minimum(steps + 1 / TINY, box.y + box.height) - np.maximum(steps, box.y), 0, None)
    share = np.outer(high, wide) * TINY * TINY
    return np.asarray(share >= min(1 / 3, float(share.max())))


def _runs(
    times: NDArray[np.float64], there: NDArray[np.bool_], segment: Segment, limits: EditSettings
) -> list[Span]:
    """Stretches in which the mark is there, short gaps bridged and short flickers left out."""
    gap = float(np.median(np.diff(times)))
    ends = np.r_[times[1:], min(times[-1] + gap, float(segment.b.end))]
    found: list[list[float]] = []
    for start, end, shows in zip(times, ends, there, strict=True):
        if not shows:
            continue
        if found and start - found[-1][1] <= limits.presence_gap:
            found[-1][1] = float(end)
        else:
            found.append([float(start), float(end)])
    slack = 2 * gap
    low, high = float(segment.b.start), float(segment.b.end)
    spans = []
    for start, end in found:
        if end - start < limits.presence_gap:
            continue
        first = segment.b.start if start - low <= slack else Fraction(start).limit_denominator(1000)
        last = segment.b.end if high - end <= slack else Fraction(end).limit_denominator(1000)
        spans.append(Span(first, last))
    return spans
