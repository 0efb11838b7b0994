"""Frames and pictures: which one is on screen when, bit for bit, in every kind of container."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from media_clips import HEIGHT, WIDTH, Maker, number_in, numbered, tone

from verify.errors import NotMediaError, TooLargeError, UnreadableMediaError
from verify.media import Tally, frames, pictures, probe, still
from verify.settings import SETTINGS

X264 = {
    "g": "12",
    "bf": "3",
    "crf": "18",
    "preset": "ultrafast",
    "x264-params": "bframes=3:b-adapt=0:scenecut=0",
}
OPEN_GOP = {**X264, "x264-params": "bframes=3:b-adapt=0:scenecut=0:open-gop=1"}
X265 = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=12:bframes=3:open-gop=1"}
AV1 = {"preset": "12", "g": "12", "crf": "30"}
KINDS = {
    "h264.mp4": ("libx264", X264),
    "h264.mov": ("libx264", X264),
    "h264.mkv": ("libx264", X264),
    "h264.ts": ("libx264", X264),
    "h264.flv": ("libx264", X264),
    "h264.avi": ("libx264", X264),
    "h264.264": ("libx264", X264),
    "open.mp4": ("libx264", OPEN_GOP),
    "open.ts": ("libx264", OPEN_GOP),
    "hevc.mp4": ("libx265", X265),
    "vp9.webm": ("libvpx-vp9", {"g": "12", "cpu-used": "8", "deadline": "realtime"}),
    "av1.mp4": ("libsvtav1", AV1),
    "mpeg4.avi": ("mpeg4", {"g": "12"}),
    "mpeg2.mpg": ("mpeg2video", {"g": "12", "bf": "2"}),
    "mjpeg.avi": ("mjpeg", {}),
    "prores.mov": ("prores_ks", {}),
}


def made(make: Maker, kind: str, counting: list[np.ndarray]) -> Path:
    codec, options = KINDS[kind]
    deep = {"mjpeg": "yuvj420p", "prores_ks": "yuv422p10le"}
    if kind == "h264.264":
        return make.remuxed(make.clip("before.mp4", counting, codec=codec, options=options), kind)
    return make.clip(kind, counting, codec=codec, options=options, pixel_format=deep.get(codec, "yuv420p"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_frame_is_itself_at_its_time(kind: str, make: Maker, counting: list[np.ndarray]) -> None:
    path = made(make, kind, counting)
    tally = Tally()
    seen = [(number_in(frame.luma), frame.time) for frame in frames(path, skip_nonref=False, tally=tally)]
    assert [number for number, _ in seen] == list(range(50))
    for number, time in seen:
        # Matroska and FLV round to a millisecond.
        assert abs(time - Fraction(number, 25)) <= Fraction(1, 1000)
    assert (tally.frames, tally.corrupt, tally.guessed) == (50, 0, 0)
    media = probe(path, id="clip")
    assert media.video is not None
    assert (media.video.frames, media.video.frame_rate) == (50, 25)
    assert not media.video.variable_frame_rate
    assert media.duration is not None
    assert abs(media.duration - 2) <= Fraction(1, 1000)


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_are_those_on_screen(kind: str, make: Maker, counting: list[np.ndarray]) -> None:
    path = made(make, kind, counting)
    order = list(range(50))
    random.Random(3).shuffle(order)
    # A frame is on screen from its own time, rounded up to the container's clock, to the next frame's.
    for numbers in (range(0, 50, 7), order[:12]):
        times = [Fraction(number, 25) + Fraction(1, 100) for number in numbers]
        shown = list(pictures(path, times, WIDTH))
        assert [number_in(picture.rgb) for picture in shown] == list(numbers)
    exact = [frame.time for frame in frames(path, skip_nonref=False)]
    assert [picture.time for picture in pictures(path, exact[::9], 64)] == exact[::9]
    assert [picture.time for picture in pictures(path, [Fraction(99)], 64)] == [exact[-1]]


@pytest.mark.parametrize(
    "kind", ["h264.mp4", "h264.ts", "open.mp4", "hevc.mp4", "av1.mp4", "mpeg2.mpg", "vp9.webm"]
)
def test_frames_kept_without_the_others_are_bit_identical(
    kind: str, make: Maker, counting: list[np.ndarray]
) -> None:
    path = made(make, kind, counting)
    every = {frame.time: frame.luma.copy() for frame in frames(path, skip_nonref=False)}
    kept = {frame.time: frame.luma.copy() for frame in frames(path)}
    assert kept.keys() <= every.keys()
    assert all((kept[time] == every[time]).all() for time in kept)
    if kind in {"h264.mp4", "hevc.mp4"}:
        assert len(kept) < len(every)
    assert max(b - a for a, b in pairwise(sorted(kept))) <= Fraction(4, 25)


def rough_and_exact(make: Maker, b_frames: int, width: int, height: int) -> list[dict[Fraction, np.ndarray]]:
    """The frames of one clip of 12 pictures, decoded roughly and in full, by time."""
    options = {
        "preset": "ultrafast",
        "crf": "40",
        "x264-params": f"bframes={b_frames}:b-adapt=0:no-deblock=0",
    }
    scene = np.random.default_rng(1).integers(60, 190, (height // 8, width // 8 + 12, 3), np.uint8)
    wide = np.repeat(np.repeat(scene, 8, axis=0), 8, axis=1)
    shown = [np.ascontiguousarray(wide[:, 3 * n : 3 * n + width]) for n in range(12)]
    path = make.clip(f"{b_frames}-{height}.mp4", shown, options=options)
    return [
        {frame.time: frame.luma.astype(int) for frame in frames(path, rough=rough, skip_nonref=False)}
        for rough in (True, False)
    ]


@pytest.mark.parametrize("b_frames", [0, 2])
def test_rough_pictures_are_near_and_at_the_same_times(b_frames: int, make: Maker) -> None:
    rough, exact = rough_and_exact(make, b_frames, 1280, 720)
    assert rough.keys() == exact.keys()
    differences = [float(np.abs(rough[time] - exact[time]).mean()) for time in exact]
    assert all(0 < difference < 8 for difference in differences), differences


@pytest.mark.parametrize(("width", "height"), [(640, 480), (1280, 704)])
def test_nothing_is_rough_that_is_small(width: int, height: int, make: Maker) -> None:
    rough, exact = rough_and_exact(make, 0, width, height)
    assert all((rough[time] == exact[time]).all() for time in exact)


def test_frames_between_two_times(make: Maker, counting: list[np.ndarray]) -> None:
    path = made(make, "h264.mp4", counting)
    part = [
        (number_in(frame.luma), frame.time, frame.end)
        for frame in frames(path, start=Fraction(30, 25), end=Fraction(33, 25), skip_nonref=False)
    ]
    assert part == [(n, Fraction(n, 25), Fraction(n + 1, 25)) for n in (30, 31, 32)]


def test_variable_rate_keeps_each_time(make: Maker) -> None:
    times = [Fraction(n * n, 100) for n in range(20)]
    path = make.clip("vfr.mp4", [numbered(n) for n in range(20)], times=times, options=X264)
    seen = [(frame.time, frame.end) for frame in frames(path, skip_nonref=False)]
    assert [time for time, _ in seen] == times
    assert [end for _, end in seen[:-1]] == times[1:]
    media = probe(path, id="vfr")
    assert media.video is not None
    assert media.video.variable_frame_rate
    assert media.duration == seen[-1][1]
    shown = pictures(path, [Fraction(399, 400), Fraction(1), Fraction(143, 100), Fraction(144, 100)], 64)
    assert [picture.time for picture in shown] == [times[9], times[10], times[11], times[12]]


@pytest.mark.parametrize("name", ["late.mp4", "late.mkv"])
def test_picture_that_starts_after_the_sound(name: str, make: Maker) -> None:
    times = [Fraction(1, 2) + Fraction(n, 25) for n in range(25)]
    path = make.clip(name, [numbered(n) for n in range(25)], times=times, options=X264, sound=tone(1.5))
    seen = [frame.time for frame in frames(path, skip_nonref=False)]
    assert seen[0] == pytest.approx(0.5, abs=0.0015)
    assert len(seen) == 25
    media = probe(path, id="late")
    assert media.duration == pytest.approx(1.5, abs=0.0015)
    assert media.video is not None
    assert media.video.details["first_frame"] == pytest.approx(0.5, abs=0.0015)


@pytest.mark.parametrize("name", ["moved.mp4", "moved.mkv", "moved.ts"])
def test_file_whose_clock_starts_late_begins_at_zero(
    name: str, make: Maker, counting: list[np.ndarray]
) -> None:
    path = make.remuxed(made(make, "h264.mp4", counting), name, shift=Fraction(100))
    seen = [(number_in(frame.luma), frame.time) for frame in frames(path, skip_nonref=False)]
    assert [number for number, _ in seen] == list(range(50))
    assert seen[0][1] == 0
    assert abs(seen[-1][1] - Fraction(49, 25)) <= Fraction(1, 1000)
    assert number_in(next(pictures(path, [Fraction(41, 40)], WIDTH)).rgb) == 25


def test_edit_list_that_leaves_the_beginning_out(make: Maker, counting: list[np.ndarray]) -> None:
    path = make.remuxed(made(make, "h264.mp4", counting), "edited.mp4", shift=Fraction(-5, 25))
    seen = [(number_in(frame.luma), frame.time) for frame in frames(path, skip_nonref=False)]
    assert seen == [(n, Fraction(n - 5, 25)) for n in range(5, 50)]
    media = probe(path, id="edited")
    assert media.duration == Fraction(45, 25)
    assert media.video is not None
    assert media.video.frames == 45


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_rotation_is_applied_clockwise(turn: int, make: Maker) -> None:
    picture = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    picture[: HEIGHT // 4, : WIDTH // 4] = 230  # bright at the top left of the coded picture
    path = make.clip("turned.mp4", [picture] * 3, rotation=turn, options=X264)
    corner = {0: (0, 0), 90: (0, 1), 180: (1, 1), 270: (1, 0)}[turn]
    shown = still(path).rgb.mean(axis=2)
    small = next(frames(path)).shrunk(96).astype(float)
    media = probe(path, id="turned")
    assert media.video is not None
    assert media.video.rotation == turn
    assert shown.shape == (media.video.height, media.video.width)
    for grey in (shown, small):
        height, width = grey.shape
        halves = grey.reshape(2, height // 2, 2, width // 2).mean(axis=(1, 3))
        assert np.unravel_index(halves.argmax(), (2, 2)) == corner


def test_mirroring_in_the_header_is_said(make: Maker, counting: list[np.ndarray]) -> None:
    path = make.clip("mirror.mp4", counting[:5], mirror=True)
    assert any("mirror" in note for note in probe(path, id="mirror").notes)
    assert probe(make.clip("plain.mp4", counting[:5], rotation=90), id="plain").notes == ()


@pytest.mark.parametrize(("width", "height"), [(63, 35), (1, 1), (33, 200)])
def test_odd_sizes(width: int, height: int, make: Maker) -> None:
    picture = np.full((height, width, 3), 128, np.uint8)
    path = make.clip("odd.mkv", [picture] * 3, codec="ffv1", pixel_format="yuv444p")
    seen = [frame.luma.shape for frame in frames(path)]
    assert seen == [(height, width)] * 3
    assert still(path).rgb.shape == (height, width, 3)


@pytest.mark.parametrize(
    ("codec", "pixel_format", "name"),
    [
        ("libx265", "yuv420p10le", "deep.mp4"),
        ("ffv1", "yuv420p12le", "deep.mkv"),
        ("ffv1", "gray16le", "grey.mkv"),
        ("prores_ks", "yuva444p10le", "alpha.mov"),
        ("qtrle", "argb", "alpha-rgb.mov"),
        ("ffv1", "bgr0", "rgb.mkv"),
        ("qtrle", "gray", "palette.mov"),
    ],
)
def test_deep_transparent_and_rgb_pictures(codec: str, pixel_format: str, name: str, make: Maker) -> None:
    options = X265 if codec == "libx265" else {}
    path = make.clip(
        name, [numbered(n) for n in range(6)], codec=codec, pixel_format=pixel_format, options=options
    )
    seen = list(frames(path, skip_nonref=False))
    assert [number_in(frame.luma) for frame in seen] == list(range(6))
    assert all(frame.luma.dtype == np.uint8 for frame in seen)
    media = probe(path, id="deep")
    assert media.video is not None
    assert media.video.details["alpha"] == ("alpha" in name)
    # FFmpeg decodes ProRes 4444 to 12 bits, whatever was encoded.
    deep = {"deep.mp4": 10, "deep.mkv": 12, "grey.mkv": 16, "alpha.mov": 12}
    assert media.video.details["bit_depth"] == deep.get(name, 8)


def test_interlaced_h264_is_marked_and_nothing_is_left_out(make: Maker, counting: list[np.ndarray]) -> None:
    options = {**X264, "x264-params": X264["x264-params"] + ":tff=1", "flags": "+ildct"}
    path = make.clip("fields.mp4", counting, options=options)
    media = probe(path, id="fields")
    assert media.video is not None
    assert media.video.details["interlaced"] is True
    assert len(list(frames(path))) == 50


def test_hdr_transfer_is_named(make: Maker, counting: list[np.ndarray]) -> None:
    options = {**X265, "x265-params": X265["x265-params"] + ":transfer=smpte2084:colorprim=bt2020"}
    path = make.clip("hdr.mp4", counting[:5], codec="libx265", pixel_format="yuv420p10le", options=options)
    media = probe(path, id="hdr")
    assert media.video is not None
    assert media.video.details["hdr"] == "pq"
    assert media.video.details["colour_primaries"] == "bt2020"


def test_damaged_packets_are_counted_and_the_rest_is_used(make: Maker, counting: list[np.ndarray]) -> None:
    path = made(make, "mjpeg.avi", counting)
    data = bytearray(path.read_bytes())
    starts = [at for at in range(len(data) - 3) if data[at : at + 3] == b"\xff\xd8\xff"]
    for start in starts[10:13]:
        data[start + 2 : start + 1000] = bytes(998)
    path.write_bytes(data)
    tally = Tally()
    seen = [number_in(frame.luma) for frame in frames(path, tally=tally)]
    assert tally.corrupt == 3
    assert set(range(50)) - set(seen) <= {10, 11, 12}
    assert len(seen) >= 47


def test_file_that_is_cut_off(make: Maker, counting: list[np.ndarray]) -> None:
    whole = made(make, "h264.ts", counting)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    seen = [number_in(frame.luma) for frame in frames(whole, skip_nonref=False)]
    assert seen[:25] == list(range(25))
    media = probe(whole, id="cut")
    assert media.video is not None
    assert media.duration is not None
    assert media.duration < 2


def test_size_that_changes_midway(make: Maker) -> None:
    small = make.clip("small.ts", [numbered(n) for n in range(10)], options=X264)
    large = make.clip("large.ts", [numbered(n, 320, 192) for n in range(10, 20)], options=X264)
    path = make.folder / "joined.ts"
    path.write_bytes(small.read_bytes() + large.read_bytes())
    seen = [(number_in(frame.luma), frame.luma.shape) for frame in frames(path, skip_nonref=False)]
    assert [number for number, _ in seen] == list(range(20))
    assert seen[0][1] == (HEIGHT, WIDTH)
    assert seen[-1][1] == (192, 320)


def test_clock_that_restarts_in_a_transport_stream_goes_on(make: Maker, counting: list[np.ndarray]) -> None:
    first = make.clip("first.ts", counting[:25], options=X264)
    second = make.remuxed(make.clip("b.mp4", counting[25:], options=X264), "second.ts", shift=Fraction(5000))
    path = make.folder / "restart.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    seen = [(number_in(frame.luma), frame.time) for frame in frames(path, skip_nonref=False)]
    assert [number for number, _ in seen] == list(range(50))
    assert abs(seen[-1][1] - Fraction(49, 25)) < Fraction(1, 10)
    media = probe(path, id="restart")
    assert media.duration is not None
    assert abs(media.duration - 2) < Fraction(1, 10)
    assert number_in(next(pictures(path, [Fraction(42, 25)], WIDTH)).rgb) in {40, 41, 42}


def test_too_large_a_picture_is_refused(
    make: Maker, counting: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(make, "h264.mp4", counting)
    monkeypatch.setattr("verify.media.reader.SETTINGS", _with_pixels(1000))
    with pytest.raises(TooLargeError, match="192 x 112"):
        next(frames(path))


def _with_pixels(most: int) -> object:
    from dataclasses import replace

    return replace(SETTINGS, media=replace(SETTINGS.media, max_pixels=most))


def test_text_is_no_media_whatever_it_is_called(tmp_path: Path) -> None:
    with pytest.raises(NotMediaError):
        next(frames(_text(tmp_path / "notes.txt")))
    with pytest.raises(UnreadableMediaError):
        next(frames(_text(tmp_path / "clip.mp4")))


def _text(path: Path) -> Path:
    path.write_text("Nothing to see here.\n" * 40)
    return path
