"""What comparing fifty clips costs, as a share of what decoding them all once costs.

    python tests/benchmarks/fifty_clips.py FOLDER [--clips N] [--seconds S] [--side PIXELS] [--work DIR]
                                           [--out FILE]

Fifty clips of one minute are made of those in FOLDER with ffmpeg: ten families of a clip and two edited
copies of it, and twenty singles. A clip is joined from pieces of several recordings, all brought to one size.
No recording is used twice before every other was; where the folder runs out, it is used mirrored, cropped or
slower. So two clips that are no family may share footage, as clips of one incident do; such pairs are listed
where they are called copies. Then `verify batch --no-cache` is timed, the start of Python and all processes
included, against `ffmpeg -i CLIP -an -f null -` over all clips: CPU seconds, user and system. How many
copies within the families are found says whether the way is still good where it is quick.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from verify.media import probe
from verify.model import MediaKind, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).with_name("results") / "fifty_clips.json"
TARGET = 1.5  # of the CPU time of decoding all clips once
INCOMPLETE = 3  # verify: done, but some input could not be read or some check failed
FAMILY = 3  # clips of one family
FAMILIES = 0.2  # of the clips are the source of a family
PIECE = 20.0  # seconds at most that a clip takes of one recording at once
LEAST = 3.0  # seconds
ENCODE = ("-an", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p")
FILMED = (*ENCODE, "-crf", "21", "-bf", "2", "-g", "60")
EDITS = (
    "crop=iw*0.7:ih*0.7:iw*0.2:ih*0.1,scale={size}",
    "hflip,eq=brightness=0.05:contrast=0.9,scale={size}",
    "scale=iw/2:ih/2",
    "drawbox=y=ih*0.82:h=ih*0.18:color=white:t=fill",
    "pad=iw:ih*1.3:0:ih*0.15:black,scale={size}",
)
VARIANTS = ("null", "hflip", "crop=iw*0.6:ih*0.6", "setpts=1.6*PTS,crop=iw*0.6:ih*0.6:0:0,hflip")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a recording, filtered to be unlike its other uses."""

    path: Path
    start: float
    seconds: float
    variant: str


def main(arguments: list[str] | None = None) -> int:
    """Make the clips, measure, and write the results."""
    parser = argparse.ArgumentParser(description="CPU time of comparing many clips, relative to decoding")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--side", type=int, default=1280, help="pixels, the longer side of the clips")
    parser.add_argument("--work", type=Path, help="where the clips are made, and found again")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        families = made(options.folder, work / "clips", options.clips, options.seconds, options.side)
        result = measured(work, families)
    result |= {"seconds_a_clip": options.seconds, "longer_side": options.side, "cores": os.cpu_count()}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    print(json.dumps({name: value for name, value in result.items() if name != "stages"}, indent=1))
    return 0


def made(folder: Path, clips: Path, count: int, seconds: float, side: int) -> dict[str, str]:
    """The clips in `clips`, those that are there already kept; the family of each by its name."""
    clips.mkdir(parents=True, exist_ok=True)
    size = f"{side}:{side * 9 // 16 // 2 * 2}"
    pieces = iter(all_pieces(folder))
    sources = round(count * FAMILIES)
    names: dict[str, str] = {}
    for number in range(count - sources * (FAMILY - 1)):
        name = f"clip-{number:02d}"
        source = clips / f"{name}.mp4"
        joined(taken(pieces, seconds), source, size)
        names[source.stem] = name
        for copy in range(FAMILY - 1 if number < sources else 0):
            target = clips / f"{name}-copy-{copy + 1}.mp4"
            edit = EDITS[(number * (FAMILY - 1) + copy) % len(EDITS)].format(size=size)
            if not target.exists():
                ffmpeg("-i", source, "-vf", edit, *ENCODE, "-crf", "27", target)
            names[target.stem] = name
    return names


def all_pieces(folder: Path) -> list[Piece]:
    """Pieces to join, no recording twice before every other was used, none twice in the same way."""
    recordings, contents = [], set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            media = probe(path, id=path.stem, role=Role.CLIP)
        except Exception as error:  # noqa: BLE001 - a folder of media to try things on holds damaged ones too
            print(f"left out: {path.name} ({type(error).__name__})")
            continue
        if (
            media.kind is MediaKind.VIDEO
            and media.error is None
            and media.duration
            and media.duration > LEAST
            and media.sha256 not in contents
        ):
            contents.add(media.sha256)
            recordings.append((path, float(media.duration)))
    return [
        Piece(path, start, min(PIECE, length - start), variant)
        for variant in VARIANTS
        for start in (0.0, PIECE)
        for path, length in recordings
        if length - start > LEAST
    ]


def taken(pieces: Iterator[Piece], seconds: float) -> list[Piece]:
    """The next pieces that fill a clip, the last one cut short."""
    clip: list[Piece] = []
    while seconds > 0:
        piece = next(pieces, None)
        if piece is None:
            raise SystemExit("the folder holds too few recordings for so many clips")
        clip.append(replace(piece, seconds=min(piece.seconds, seconds)))
        seconds -= clip[-1].seconds
    return clip


def joined(pieces: list[Piece], target: Path, size: str) -> None:
    """One clip of several pieces."""
    if target.exists():
        return
    inputs: list[object] = []
    parts = []
    for place, piece in enumerate(pieces):
        inputs += ["-ss", f"{piece.start:.3f}", "-t", f"{piece.seconds:.3f}", "-i", piece.path]
        even = f"scale={size}:force_original_aspect_ratio=increase,crop={size},setsar=1,fps=30,format=yuv420p"
        parts.append(f"[{place}:v:0]{piece.variant},{even}[p{place}]")
    chain = "".join(f"[p{place}]" for place in range(len(pieces)))
    graph = ";".join([*parts, f"{chain}concat=n={len(pieces)}:v=1:a=0[v]"])
    ffmpeg(*inputs, "-filter_complex", graph, "-map", "[v]", *FILMED, target)


def measured(work: Path, families: dict[str, str]) -> dict[str, object]:
    """CPU seconds of both, and what was found."""
    clips = sorted((work / "clips").glob("*.mp4"))
    decoding = cpu(
        *(["ffmpeg", "-v", "error", "-nostdin", "-i", clip, "-an", "-f", "null", "-"] for clip in clips)
    )
    out = work / "report"
    batch = [
        sys.executable,
        "-m",
        "verify",
        "batch",
        work / "clips",
        "--no-cache",
        "--out",
        out,
        "--force",
        "--quiet",
    ]
    comparing = cpu(batch)
    report = json.loads((out / "report.json").read_text())
    related = {
        frozenset((each["a"], each["b"])): each["kind"]
        for each in report["relations"]
        if each["kind"] in {"copy", "identical"}
    }
    kin = {
        frozenset(pair)
        for pair in itertools.combinations(families, 2)
        if families[pair[0]] == families[pair[1]]
    }
    return {
        "clips": len(clips),
        "complete": report["complete"],
        "pairs": len(clips) * (len(clips) - 1) // 2,
        "decoding_cpu_seconds": round(decoding, 1),
        "comparing_cpu_seconds": round(comparing, 1),
        "ratio": round(comparing / decoding, 3),
        "target": TARGET,
        "copies_made": len(kin),
        "copies_found": len(kin & set(related)),
        "other_pairs_called_copies": sorted(sorted(pair) for pair in set(related) - kin),
        "stages": report["timings"],
    }


def cpu(*commands: list[object]) -> float:
    """CPU seconds of commands and of all processes that they start."""
    before = os.times()
    for command in commands:
        done = subprocess.run([str(part) for part in command], check=False, stdout=subprocess.DEVNULL)
        if done.returncode not in {0, INCOMPLETE}:
            raise SystemExit(f"exit code {done.returncode}: {command}")
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def ffmpeg(*arguments: object) -> None:
    """Run ffmpeg, and leave nothing half-made."""
    *rest, target = arguments
    beside = Path(str(target)).with_suffix(".part.mp4")
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *(str(part) for part in rest), str(beside)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    beside.replace(str(target))


if __name__ == "__main__":
    sys.exit(main())
