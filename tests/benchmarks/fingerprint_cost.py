"""What fingerprinting a clip costs, as a share of what decoding it costs.

    python tests/benchmarks/fingerprint_cost.py [--input CLIP]... [--repeats N] [--out FILE]

Without --input, two clips are drawn and encoded: 1920 x 1080, H.264 High, 30 frames a second; one with
B-frames, as platforms and most encoders write it, and one in which every frame is a reference, as some
phones do, so that none can be left out. Each repetition takes both programs in turn: `ffmpeg -threads N -i
CLIP -an -f null -` (where an ffmpeg is on the path), and one pass over the frames into the shot finder, the
track and the light curve; CPU seconds of all threads, without the start of Python. A ratio needs no quiet
machine, but both sides need the same one, so it is taken within a repetition. One pass more tells where the
time goes. Beside it stands what the whole examination of the file takes, with the reading of its packets, the
hashes and small pictures of its key frames, and its sound: of a file alone, and of one that will be held
against others, which gets four views, a fixed cost that weighs most in a short clip.

The milliseconds above decoding are what the shot finder, the track and the light curve take in that pass,
by the clock of the thread they run in, so that they lean on no difference of two large numbers. They are
given for two kinds of sampled frame: each sample that is hashed (four a second), which bears all of the
cost then, and each picture that is looked at for the track (fifteen a second, or as many as are decoded).
Local features, taken of one picture every second or two, are part of both.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from dataclasses import dataclass
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pdqhash

from verify.fingerprint import TrackBuilder, pdq
from verify.media import ShotFinder, frames, shrink
from verify.model import Role
from verify.pipeline.examine import ToExamine, examine
from verify.scene.light import LightCurve
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RESULTS = Path(__file__).with_name("results") / "fingerprint_cost.json"
SIZE = 1920, 1080
RATE = 30
SECONDS = 10
BIT_RATE = 6_000_000  # bits a second: between a platform's 1080p (4-5 Mbit/s) and a phone's (12-17)
TARGET = 0.8  # of ffmpeg's CPU time


@dataclass(frozen=True, slots=True)
class Once:
    """CPU seconds of one repetition."""

    ours: float
    ffmpeg: float | None
    alone: float  # the whole examination
    with_views: float

    @property
    def ratio(self) -> float | None:
        """Ours over ffmpeg's."""
        return self.ours / self.ffmpeg if self.ffmpeg else None


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write the results."""
    parser = argparse.ArgumentParser(description="CPU time of fingerprinting, relative to decoding")
    parser.add_argument("--input", type=Path, action="append", default=[], help="a clip; may be repeated")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)  # as in the children that files are read in
    with tempfile.TemporaryDirectory() as folder:
        clips = options.input or [
            drawn_clip(Path(folder) / f"drawn-{count}-b-frames.mp4", count) for count in (3, 0)
        ]
        rows = [measured(clip, options.repeats, options.threads) for clip in clips]
    results = {"machine": machine(), "target": TARGET, "rows": rows, "hash_milliseconds": hash_costs()}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1) + "\n")
    print(f"written to {options.out}")
    return 0


def measured(clip: Path, repeats: int, threads: int) -> dict[str, object]:
    """One row of the results."""
    one_pass(clip, threads)  # fills the page cache, and starts what libraries start once
    runs = []
    for _ in range(repeats):
        whole = (cpu_of_examination(clip, threads, views=views) for views in (False, True))
        runs.append(Once(cpu_of_pass(clip, threads), cpu_of_ffmpeg(clip, threads), *whole))
        print(f"{clip.name}: ours {runs[-1].ours:.2f} s, ffmpeg {runs[-1].ffmpeg or float('nan'):.2f} s")
    ratios = sorted(run.ratio for run in runs if run.ratio is not None)
    row: dict[str, object] = {
        "clip": clip.name,
        "stream": stream_of(clip),
        "threads": threads,
        "ours_cpu_seconds": [round(run.ours, 3) for run in runs],
        "ffmpeg_cpu_seconds": [round(run.ffmpeg, 3) for run in runs if run.ffmpeg is not None],
        "where_the_time_goes": shares(clip, threads),
    }
    if ratios:
        low, middle, high = ratios[0], statistics.median(ratios), ratios[-1]
        row["ratio"] = {"min": round(low, 3), "median": round(middle, 3), "max": round(high, 3)}
        row["examination"] = {
            name: round(statistics.median(getattr(run, name) / run.ffmpeg for run in runs if run.ffmpeg), 3)
            for name in ("alone", "with_views")
        }
        print(
            f"{clip.name}: ratio {low:.2f} / {middle:.2f} / {high:.2f} (min / median / max), target {TARGET}"
        )
    else:
        print(f"{clip.name}: no ffmpeg on the path, so no ratio")
    print(f"{clip.name}: {row['where_the_time_goes']}")
    return row


def one_pass(clip: Path, threads: int) -> None:
    """What `verify` does with the pictures of a clip the first time it meets it."""
    finder, track, light = ShotFinder(), TrackBuilder(), LightCurve()
    for frame in frames(clip, rough=True, threads=threads):
        finder.add(frame)
        track.add(frame)
        light.add(frame)
    finder.finish()
    track.finish()
    light.finish("clip")


def cpu_of_pass(clip: Path, threads: int) -> float:
    """CPU seconds of one pass, of every thread of this process."""
    start = time.process_time()
    one_pass(clip, threads)
    return time.process_time() - start


def cpu_of_examination(clip: Path, threads: int, *, views: bool) -> float:
    """CPU seconds of everything that is done with a file before it meets another."""
    start = time.process_time()
    examine(ToExamine(clip, clip.stem, Role.CLIP, threads, None, SETTINGS, views=views))
    return time.process_time() - start


def cpu_of_ffmpeg(clip: Path, threads: int) -> float | None:
    """CPU seconds of decoding every frame with ffmpeg, or None where there is no ffmpeg."""
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    before = os.times()
    command = [
        program,
        "-v",
        "error",
        "-nostdin",
        "-threads",
        str(threads),
        "-i",
        str(clip),
        "-an",
        "-f",
        "null",
        "-",
    ]
    subprocess.run(command, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def shares(clip: Path, threads: int) -> dict[str, object]:
    """CPU seconds of one pass by part; a part's own threads count as decoding."""
    track = TrackBuilder()
    parts = {"shots": ShotFinder(), "track": track, "light": LightCurve()}
    spent = dict.fromkeys(parts, 0.0)
    start, count = time.process_time(), 0
    for frame in frames(clip, rough=True, threads=threads):
        count += 1
        for name, part in parts.items():
            began = time.thread_time()
            part.add(frame)
            spent[name] += time.thread_time() - began
    total = time.process_time() - start
    made, above = track.finish(), sum(spent.values())
    looked = {
        "hashed_samples": len(made.times),
        "looked_at": len(made.tiny_times),
        "feature_pictures": len(made.point_times),
    }
    rounded = {name: round(value, 3) for name, value in spent.items()}
    return {
        "all": round(total, 3),
        "decoding": round(total - above, 3),
        **rounded,
        "frames_seen": count,
        **looked,
        "milliseconds_a_hashed_sample": round(1000 * above / looked["hashed_samples"], 2),
        "milliseconds_a_picture_looked_at": round(1000 * above / looked["looked_at"], 2),
    }


def hash_costs() -> dict[str, float]:
    """Milliseconds of one hash on one thread, the fastest of several."""
    picture = next(drawn_frames())
    rgb, small = np.repeat(picture[..., None], 3, axis=2), shrink(picture, 320)
    timed = {
        "pdq of a 1920 x 1080 picture": (lambda: pdq.hash_picture(rgb), 5),
        "the same by the pdqhash package": (lambda: pdqhash.compute(rgb), 2),
        "pdq-track and its mirror of a 320 x 180 frame": (lambda: pdq.hash_luma(small), 200),
    }
    costs = {
        what: min(timeit.repeat(call, number=n, repeat=5)) / n * 1000 for what, (call, n) in timed.items()
    }
    print(costs)
    return {what: round(cost, 3) for what, cost in costs.items()}


def drawn_clip(path: Path, b_frames: int) -> Path:
    """A hand-held view of a textured place, with things moving in it and sensor noise."""
    with av.open(str(path), "w") as container:
        options = {"preset": "veryfast", "bf": str(b_frames), "refs": "3", "b-adapt": "1", "threads": "2"}
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.bit_rate = "yuv420p", BIT_RATE
        for index, luma in enumerate(drawn_frames()):
            frame = av.VideoFrame(*SIZE, "yuv420p")
            for plane, values in zip(
                frame.planes, (luma, luma[::2, ::2] // 4 + 96, 160 - luma[::2, ::2] // 4), strict=True
            ):
                padded = np.zeros((plane.height, plane.line_size), np.uint8)
                padded[:, : plane.width] = values
                plane.update(padded)
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def drawn_frames() -> Iterator[NDArray[np.uint8]]:
    """`SECONDS` of luma, (1080, 1920) uint8."""
    random = np.random.default_rng(7)
    width, height = SIZE
    view = np.zeros((height + 200, width + 200), np.float32)
    for cells in (5, 12, 40, 130, 400):
        grain = random.normal(0, 22, (cells, cells)).astype(np.float32)
        view += cv2.resize(grain, view.shape[::-1], interpolation=cv2.INTER_CUBIC)
    view += 110
    noise = [random.normal(0, 2.5, (height, width)).astype(np.float32) for _ in range(4)]
    shake = np.cumsum(random.normal(0, 0.6, (SECONDS * RATE, 2)), axis=0)
    for index, (x, y) in enumerate(shake - shake.mean(axis=0)):
        pan = 40 * np.sin(index / 70)
        shift = np.array(
            [[1, 0, np.clip(x + pan, -90, 90) - 100], [0, 1, np.clip(y, -90, 90) - 100]], np.float32
        )
        luma = cv2.warpAffine(view, shift, SIZE, flags=cv2.INTER_LINEAR)
        for number in range(4):
            place = int(200 + 400 * number + 150 * np.sin(index / (11 + number))), 300 + 130 * number
            cv2.circle(luma, place, 40 + 10 * number, 40.0 + 60 * number, -1)
        yield np.clip(luma + noise[index % 4], 0, 255).astype(np.uint8)


def stream_of(clip: Path) -> dict[str, object]:
    """What was decoded."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        return {
            "codec": stream.codec_context.name,
            "profile": stream.profile,
            "width": stream.width,
            "height": stream.height,
            "frames": stream.frames,
            "frame_rate": str(stream.average_rate),
            "has_b_frames": bool(stream.codec_context.has_b_frames),
            "bits_a_second": container.bit_rate,
        }


def machine() -> dict[str, object]:
    """Where and with what it was measured."""
    packages = ("av", "numpy", "opencv-python-headless")
    ffmpeg = shutil.which("ffmpeg")
    version = (
        subprocess.run([ffmpeg, "-version"], capture_output=True, text=True, check=True).stdout
        if ffmpeg
        else "none"
    )
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in packages},
        "ffmpeg": version.splitlines()[0],
    }


if __name__ == "__main__":
    sys.exit(main())
