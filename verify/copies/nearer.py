"""Which of two copies is nearer the source, from evidence that works one way only.

A copy can lose seconds, edges, detail and colour, and marks can be laid over it; none of that comes back. So
each kind of evidence speaks for the one input or the other:

- it goes on without a break where the other ends or jumps (`breaks`);
- its picture goes on beyond the part that the other shows (`around`);
- it shows finer detail of the same thing, whatever the numbers of pixels (`detail`);
- it has colours where the other is grey or in shades of one colour;
- the other carries a caption or a logo, holds a picture while it goes on, or shows it in perspective inside
  something larger, as a screen that was filmed.

A direction is given only where all evidence points one way. Where some points the other way or might, or
there is none, nothing is said, and the reasons are given. The trace that the key frames of one left in the
other's encoding (`gop`) only might: two uploads of one file bear it likewise. Length, size, bit rate and
dates prove nothing and are not used. Of a still only the picture speaks: what goes on beyond it, its detail
and its colours.

Limits: nearer does not mean first: both may come from an earlier file that is not among the inputs. A copy
that was repaired (a logo painted over, colours or detail invented) passes for the source where it keeps the
rest. A plain re-encoding, a mirror, a change of brightness, speed or direction alone give no direction.

Error rates: of 178 copies found of 60 public clips that no threshold was chosen on, many of them trimmed as
well, a direction was given in 143, right in 142 (tests/benchmarks/results/copies.json): up to 4 % of such
answers may be wrong (95 % bound). Stills were tried on a few photographs only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.copies import breaks, detail, gop, moments
from verify.copies.around import Around, around
from verify.copies.breaks import At
from verify.copies.edits import perspective
from verify.copies.line import of_segment
from verify.copies.sight import Sight, sights
from verify.geometry import fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.copies.moments import Moments
    from verify.model import Edit, Segment
    from verify.settings import Settings, SourceSettings

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


@dataclass(slots=True)
class _Evidence:
    """What speaks for a and for b, in words; and what could, and keeps the other from being called nearer."""

    a: list[str] = field(default_factory=list)
    b: list[str] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)  # by the one that it may speak for

    def add(self, better: str, words: str) -> None:
        """Words for one of them, each once."""
        mine = self.a if better == "a" else self.b
        if words not in mine:
            mine.append(words)

    def sides(self) -> tuple[list[str], list[str]]:
        """All that speaks, or may speak, for a and for b."""
        doubts = [[self.doubts[name]] if name in self.doubts else [] for name in ("a", "b")]
        return self.a or doubts[0], self.b or doubts[1]


def nearer(
    one: Subject,
    two: Subject,
    segments: Sequence[Segment],
    edits: Sequence[Edit],
    settings: Settings,
    looked: Sequence[Moments] = (),
) -> tuple[str | None, tuple[str, ...]]:
    """Which of a and b is nearer the source, or None where it cannot be told; and the reasons in words.

    Args:
        one: a.
        two: b.
        segments: what they share.
        edits: what turns a into b.
        settings: all settings.
        looked: aligned moments of each segment that were decoded before.

    Raises:
        UnreadableMediaError: a picture that was examined before cannot be decoded any more.
    """
    if not segments:
        return None, ("which of the two is nearer the source cannot be told: they share no stretch",)
    still = one.still or two.still
    found = _Evidence()
    index = max(range(len(segments)), key=lambda each: segments[each].a.length)
    main = segments[index]
    count = 1 if still else settings.source.moments
    seen = looked[index] if looked else moments.of(one.media, two.media, main, count)
    # Clips are made of stills too, and at one moment nothing tells a mark from what it covers.
    if not still:
        _of_time(found, one, two, segments, settings.source)
        _of_edits(found, one, two, edits)
        _of_encoding(found, one, two, segments, settings.source)
    _of_pictures(found, one, two, main, seen, settings)
    for_a, for_b = found.sides()
    if found.a and not for_b:
        return "a", tuple(found.a)
    if found.b and not for_a:
        return "b", tuple(found.b)
    told = "; but ".join("; ".join(words) for words in (for_a, for_b) if words)
    return None, (
        f"which is nearer the source cannot be told: {told or 'neither shows more than the other'}",
    )


def _of_time(
    found: _Evidence, one: Subject, two: Subject, segments: Sequence[Segment], limits: SourceSettings
) -> None:
    ends = list(breaks.ends(one, two, segments, limits))
    turned = [(at_b, at_a, time_b, time_a) for at_a, at_b, time_a, time_b in ends]
    names = one.media.id, two.media.id
    for better, mine, other, seen in (("a", *names, ends), ("b", *names[::-1], turned)):
        for here, there, time, their_time in seen:
            if here is At.MORE and there is At.END:
                found.add(better, f"{mine} goes on at {time:.2f} s, where {other} ends")
            if here in {At.MORE, At.ON} and there is At.BREAK:
                found.add(better, f"{mine} goes on at {time:.2f} s, where {other} jumps ({their_time:.2f} s)")
        ours, theirs = ({each[side] for each in seen} for side in (0, 1))
        if At.ON in ours and At.BREAK in theirs and At.BREAK not in ours and not theirs & {At.ON, At.MORE}:
            found.add(better, f"{mine} goes on between the stretches between which {other} jumps")


def _of_edits(found: _Evidence, one: Subject, two: Subject, edits: Sequence[Edit]) -> None:
    # A change of colours that is not quite the fitted one leaves spots that look like marks.
    marks = not any(edit.kind == "colour" for edit in edits)
    for edit in edits:
        if marks and edit.kind in {"overlay", "caption"} and edit.box_in in {"a", "b"}:
            bearer, clean = (one, two) if edit.box_in == "a" else (two, one)
            words = f"{bearer.media.id} carries a mark that {clean.media.id} lacks"
            found.add("b" if edit.box_in == "a" else "a", words)
        if edit.kind == "frozen":
            found.add("a", f"{two.media.id} holds one picture while {one.media.id} goes on")


def _of_encoding(
    found: _Evidence, one: Subject, two: Subject, segments: Sequence[Segment], limits: SourceSettings
) -> None:
    ours = [(each.a, of_segment(each)) for each in segments]
    theirs = [(each.b, of_segment(each).inverse()) for each in segments]
    for better, mine, other, parts in (
        ("a", one.media, two.media, ours),
        ("b", two.media, one.media, theirs),
    ):
        trace = gop.trace(mine, other, parts, limits)
        if trace is not None and trace.clear(limits):
            found.doubts[better] = (
                f"where {mine.id} has a key frame, {other.id}, which has none there, takes up more room: it "
                "bears the trace of that encoding, or of one with key frames at the same places"
            )


def _of_pictures(
    found: _Evidence, one: Subject, two: Subject, main: Segment, looked: Moments, settings: Settings
) -> None:
    limits = settings.source
    lumas: tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]]] = [], []
    levels: list[list[detail.Cells]] = [[] for _ in range(limits.levels)]
    colours = []
    for sight in sights(one.media, two.media, main, looked, limits):
        for kept, picture in zip(lumas, (sight.a, sight.b), strict=True):
            kept.append(_small(picture, limits.border_side))
        for kept_cells, (ours, theirs, inside) in zip(levels, _grids(sight), strict=False):
            kept_cells.append(detail.cells(ours, theirs, inside, limits.patch))
        colours.append(_colours(sight))
    matrix = np.array(main.homography)
    bent = perspective(matrix) > settings.copies.perspective
    around_a = around(lumas[0], fit.inverse(matrix), limits)
    around_b = around(lumas[1], matrix, limits)
    names = one.media.id, two.media.id
    for better, mine, other, here, there in (
        ("a", *names, around_a, around_b),
        ("b", *names[::-1], around_b, around_a),
    ):
        if here is Around.PICTURE:
            found.add(better, f"the picture of {mine} goes on beyond the part that {other} shows")
        if bent and here is Around.NOTHING and there is Around.FRAME:
            found.add(better, f"{other} shows the picture of {mine} in perspective, inside something larger")
    _of_detail(found, levels, names, limits)
    ours, theirs = np.median(np.array(colours), axis=0)
    if theirs < limits.colour_lost * ours and ours >= limits.colour_level:
        found.add("a", f"{names[1]} has lost the colours of {names[0]}")
    if ours < limits.colour_lost * theirs and theirs >= limits.colour_level:
        found.add("b", f"{names[0]} has lost the colours of {names[1]}")


def _of_detail(
    found: _Evidence,
    levels: Sequence[Sequence[detail.Cells]],
    names: tuple[str, str],
    limits: SourceSettings,
) -> None:
    for cells in levels:
        seen = detail.finer(cells, limits)
        if seen is None:
            continue
        better, stronger = seen.better(limits), seen.stronger(limits)
        more, less = names if stronger == "a" else names[::-1]
        if better is not None:
            found.add(better, f"{more} shows finer detail of the same than {less}")
        elif stronger is not None:
            found.doubts[stronger] = (
                f"{more} has stronger fine structure than {less}, of detail, sharpening or noise"
            )


def _grids(sight: Sight) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]]:
    """Lumas of a and b and where both have picture, on the grid and on ever coarser ones."""
    ours, theirs, inside = sight.ours @ _LUMA, sight.theirs @ _LUMA, sight.inside
    while True:
        yield ours, theirs, inside
        size = ours.shape[1] // 2, ours.shape[0] // 2
        if min(size) < 1:
            return
        ours, theirs = (
            np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.float32)
            for luma in (ours, theirs)
        )
        inside = cv2.resize(inside.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0


def _small(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    scale = side / max(grey.shape)
    if scale >= 1:
        return np.asarray(grey, np.uint8)
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colours(sight: Sight) -> tuple[float, float]:
    """How far the colours of a and of b vary beyond what brightness gives them, levels."""
    found = []
    for picture in (sight.ours, sight.theirs):
        seen = picture[sight.inside][::16].astype(np.float32)
        if len(seen) < 16:
            return 0.0, 0.0
        luma = seen @ _LUMA
        spread = 0.0
        for channel in (0, 2):
            apart = seen[:, channel] - luma
            slope = np.cov(luma, apart)[0, 1] / max(float(luma.var()), 1e-6)
            spread += float((apart - slope * luma).var())
        found.append(spread**0.5)
    return found[0], found[1]
