"""Key frames of one encoding that left their trace in the next, on clips whose making is known."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from copies_footage import HEIGHT, RATE, WIDTH, filmed, subject

from verify.copies import gop
from verify.copies.gop import trace
from verify.copies.line import Line
from verify.copies.nearer import nearer
from verify.media import packets, probe
from verify.model import WHOLE, Edit, Segment, Span
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.copies.gop import Trace

LIMITS = SETTINGS.source
COUNT = 180
SECONDS = Fraction(COUNT, RATE)
AT_ONCE = Line(1.0, 0.0)


def coded(
    target: Path,
    pictures: Sequence[NDArray[np.uint8]],
    distance: int,
    *,
    crf: int = 26,
    rate: int = RATE,
    cuts: bool = False,
    both_ways: bool = True,
) -> Path:
    """H.264 with a key frame every `distance` frames, and at cuts; B-frames or none."""
    with av.open(str(target), "w") as container:
        options = {"preset": "veryfast", "crf": str(crf)} | ({} if cuts else {"sc_threshold": "0"})
        options |= {} if both_ways else {"bf": "0"}
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.thread_count = distance, 1
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return target


def shown(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("gop")

    @cache
    def raw() -> list[NDArray[np.uint8]]:
        return filmed(1, 1, COUNT, 20)

    @cache
    def made(name: str) -> Path:
        target = folder / f"{name}.mp4"
        if name in {"source", "plain"}:
            return coded(target, raw(), 30 if name == "source" else 250)
        if name == "late copy":
            return coded(target, shown(made("plain")), 26, crf=23)
        if name == "one way":
            return coded(target, raw(), 30, both_ways=False)
        again = shown(made("source"))
        if name == "copy":
            return coded(target, again, 250, crf=23)
        if name == "trimmed":
            return coded(target, again[17:], 250, crf=23)
        if name == "faster":
            return coded(target, again, 250, crf=23, rate=30)
        if name == "half as far":
            return coded(target, again, 15, crf=23)
        raise KeyError(name)

    return made


def traced(
    one: Path, two: Path, line: Line = AT_ONCE, span: tuple[Fraction, Fraction] | None = None
) -> Trace | None:
    start, end = span or (Fraction(0), SECONDS)
    return trace(probe(one, id="one"), probe(two, id="two"), [(Span(start, end), line)], LIMITS)


def test_a_copy_bears_the_trace_of_its_source(clips: Callable[[str], Path]) -> None:
    found = traced(clips("source"), clips("copy"))
    assert found is not None
    assert found.clear(LIMITS)
    assert found.places == 5
    assert found.lift > 0.2


@pytest.mark.parametrize(
    ("one", "two"),
    [("late copy", "plain"), ("source", "plain"), ("source", "late copy"), ("late copy", "copy")],
)
def test_neither_sources_nor_siblings_bear_a_trace(one: str, two: str, clips: Callable[[str], Path]) -> None:
    found = traced(clips(one), clips(two))
    assert found is None or not found.clear(LIMITS)


def test_the_source_was_looked_at_where_its_copy_has_key_frames(clips: Callable[[str], Path]) -> None:
    found = traced(clips("late copy"), clips("plain"))
    assert found is not None
    assert found.places == 6
    assert abs(found.lift) < 0.2


@pytest.mark.parametrize(
    ("name", "line", "start"),
    [("trimmed", Line(1.0, -17 / RATE), Fraction(17, RATE)), ("faster", Line(RATE / 30, 0.0), Fraction(0))],
)
def test_key_frames_are_sought_where_offset_and_speed_put_them(
    name: str, line: Line, start: Fraction, clips: Callable[[str], Path]
) -> None:
    found = traced(clips("source"), clips(name), line, (start, SECONDS))
    assert found is not None
    assert found.clear(LIMITS)
    beside = traced(clips("source"), clips(name), replace(line, origin=line.origin + 0.4), (start, SECONDS))
    assert beside is not None
    assert not beside.clear(LIMITS)


def test_where_the_other_has_key_frames_as_well_nothing_is_told(clips: Callable[[str], Path]) -> None:
    assert traced(clips("source"), clips("half as far")) is None


def test_backwards_and_without_a_stretch_nothing_is_told(clips: Callable[[str], Path]) -> None:
    assert traced(clips("source"), clips("copy"), Line(-1.0, float(SECONDS))) is None
    assert trace(probe(clips("source"), id="a"), probe(clips("copy"), id="b"), [], LIMITS) is None


def test_too_few_key_frames_tell_nothing(clips: Callable[[str], Path]) -> None:
    found = traced(clips("source"), clips("copy"), span=(Fraction(0), Fraction(4)))
    assert found is not None
    assert found.places == 3
    assert not found.clear(LIMITS)


def test_key_frames_at_cuts_tell_nothing(tmp_path: Path) -> None:
    scenes = [filmed(seed, seed, 30, 20) for seed in range(1, 7)]
    joined = [picture for scene in scenes for picture in scene]
    one = probe(coded(tmp_path / "one.mp4", joined, 250, cuts=True), id="one")
    two = probe(coded(tmp_path / "two.mp4", joined, 250), id="two")
    parts = [(Span(Fraction(0), Fraction(len(joined), RATE)), AT_ONCE)]
    ends = [Fraction(30 * each, RATE) for each in range(7)]
    shots = tuple(Span(start, end) for start, end in pairwise(ends))
    assert trace(replace(one, shots=shots), two, parts, LIMITS) is None
    assert trace(one, replace(two, shots=shots), parts, LIMITS) is None
    unseen = trace(one, two, parts, LIMITS)
    assert unseen is not None
    assert unseen.lift > 1
    assert not unseen.clear(LIMITS)


def test_frames_coded_by_themselves_are_no_trace_though_undeclared(
    clips: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, same = clips("source"), clips("one way")
    known = packets(same)
    assert known is not None
    hidden = replace(known, keys=np.arange(len(known.keys)) == 0)
    monkeypatch.setattr(gop, "packets", lambda path: hidden if path == same else packets(path))
    found = traced(source, same)
    assert found is not None
    assert found.lift > 1
    assert not found.clear(LIMITS)


def part() -> Segment:
    whole = Span(Fraction(0), SECONDS)
    matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    return Segment(whole, whole, False, WHOLE, WHOLE, matrix, 0.9)


def test_a_trace_is_told_and_decides_nothing_by_itself(clips: Callable[[str], Path]) -> None:
    source, copy = subject(clips("source")), subject(clips("copy"))
    which, why = nearer(source, copy, [part()], (), SETTINGS)
    assert which is None
    assert "where source has a key frame, copy, which has none there, takes up more room" in why[0]
    # What decides by itself is not kept from it by a trace that points the same way.
    mark = Edit("overlay", "a mark", box=WHOLE, box_in="b")
    assert nearer(source, copy, [part()], (mark,), SETTINGS)[0] == "a"
    # Against evidence the other way nothing is said.
    mark = Edit("overlay", "a mark", box=WHOLE, box_in="a")
    which, why = nearer(source, copy, [part()], (mark,), SETTINGS)
    assert which is None
    assert "key frame" in why[0]
    assert "carries a mark" in why[0]
