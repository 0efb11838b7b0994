"""How often the writer that is named wrote the file, and how often a file that came after the camera is told.

    python tests/benchmarks/writers.py FOLDER... [--truth TABLE] [--work FOLDER] [--out FILE]

FOLDER holds pictures and videos as cameras and programs wrote them; none is part of the project, because
their licences differ. What is known of them: TABLE (`writers_truth.tsv` beside this file) names by hashes who
wrote videos, as their collections tell or as ffprobe and ExifTool show them; of pictures, ExifTool reads the
maker and the program, and a list here of its own says which programs are no camera's firmware. ExifTool and
ffmpeg must be installed; the project itself uses neither.

A picture counts as left as the camera wrote it where it names a maker, no editing program, has no XMP, no
Photoshop segment and no captions, the very size that its EXIF gives, sides that are multiples of 8, lies
as the sensor does (wider than high), is larger than a preview, and is not of ExifTool's own test pictures,
which its author shrank. That is a guess from outside, not knowledge: some of these may have been through a
program that leaves no trace. Some of what it asks is what the check looks at too, so that the figure of the
untouched pictures speaks for the check's other questions alone.

Files are split by hash. How many pictures of each maker have which habit is counted on the first half, and
the figures of the second half are given. The rules of videos were made with all videos in view, of which few
are cameras'; their figures say that the rules do what they should, not how they do on other cameras. Of the
pictures of the second half, and of the cameras' videos of both, edited copies are made: dates, positions and
makers by ExifTool, pictures saved again by Pillow with their EXIF, videos copied and encoded by ffmpeg.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

import verify
from verify import metadata
from verify.calibration import intervals
from verify.checks import Evidence
from verify.checks.camera_original import camera_original
from verify.errors import VerifyError
from verify.media import probe
from verify.metadata.origin import original
from verify.metadata.origin.writers import Maker, makers
from verify.metadata.picture.exif_block import jpeg
from verify.model import Media, MediaKind, Outcome, Role, Video

if TYPE_CHECKING:
    from collections.abc import Iterable

RESULTS = Path(__file__).with_name("results") / "writers.json"
TRUTH = Path(__file__).with_name("writers_truth.tsv")
PICTURES = {".jpg", ".jpeg"}
VIDEOS = {".mp4", ".mov", ".3gp", ".m4v"}
SMALLEST = 320  # pixels, the wider side; smaller ones are previews
# Programs that save pictures, by what they write as Software; kept apart from the package's own table.
PROGRAMS = re.compile(
    r"photoshop|lightroom|gimp|picasa|paint\.net|viewer|ACD|noise ninja|OLYMPUS Master|Nikon Transfer|"
    r"photo editor|ofoto|photo desk|idimager|perfectly clear|quicktime|procam|windows photo|windows live|"
    r"photo professional|"
    r"digital central lab|imagemagick|common_fileformat|photoscape|snapseed|aperture|iphoto|mirage",
    re.IGNORECASE,
)
_ASKED = {
    "SourceFile", "FileType", "Make", "Model", "Software", "CreatorTool", "XMPToolkit",
    "ImageWidth", "ImageHeight", "ExifImageWidth", "ExifImageHeight",
}  # fmt: skip
EXIFTOOL = ["exiftool", "-q", "-q", "-m", "-overwrite_original"]
FFMPEG = ["ffmpeg", "-v", "error", "-y"]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a collection, and what is known of it from outside."""

    path: Path
    sha256: str
    said: dict[str, Any]  # ExifTool's
    accepted: frozenset[str]  # names that would be right; empty where nothing is known
    camera: bool  # left as the camera wrote it, as far as can be known

    @property
    def second(self) -> bool:
        """Whether it is in the half that nothing was made on."""
        return int(self.sha256[0], 16) % 2 == 1


def main() -> int:
    """Measure and write the results."""
    options = _options()
    known = _collected(options.folders, _truth(options.truth))
    pictures = [file for file in known if file.path.suffix.lower() in PICTURES]
    videos = [file for file in known if file.path.suffix.lower() in VIDEOS]
    habits = _habits(file for file in pictures if file.camera and not file.second)
    original.makers = lambda: habits  # what the second half is held against
    second = [file for file in known if file.second]
    edits = [
        *_edits([file for file in pictures if file.camera and file.second], PICTURE_EDITS, options.work),
        *_edits([file for file in videos if file.camera], VIDEO_EDITS, options.work),
    ]
    result = {
        "named": _named(second, edits),
        "untouched": {
            "pictures": _untouched([file for file in pictures if file.camera and file.second]),
            "videos": _untouched([file for file in videos if file.camera]),
        },
        "edited": _found(edits),
        "habits": {
            "first half": _shown(habits),
            "both halves": _shown(_habits(file for file in pictures if file.camera)),
        },
        "machine": _machine(),
    }
    options.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps({key: result[key] for key in ("named", "untouched", "edited")}, indent=1))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--truth", type=Path, default=TRUTH)
    parser.add_argument("--work", type=Path, default=Path("writers-work"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


def _truth(path: Path) -> dict[str, tuple[frozenset[str], bool]]:
    """Names that would be right and whether it is a camera's own file, by the hash's first 16 figures."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["sha256"]: (frozenset(row["writer"].split("|")), row["camera"] == "yes") for row in rows}


def _collected(folders: Sequence[Path], truth: dict[str, tuple[frozenset[str], bool]]) -> list[File]:
    found: dict[str, File] = {}
    asked = [f"-{name}" for name in sorted(_ASKED - {"SourceFile"})]
    command = ["exiftool", "-j", "-m", "-r", *asked, "-Photoshop:all", "-IPTC:all", *map(str, folders)]
    told = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    for said in json.loads(told):
        path = Path(said["SourceFile"])
        if path.suffix.lower() not in PICTURES | VIDEOS:
            continue
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.suffix.lower() in VIDEOS:
            accepted, camera = truth.get(sha256[:16], (frozenset(), False))
        else:
            accepted, camera = _accepted(said), _camera(path, said)
        found.setdefault(sha256, File(path, sha256, said, accepted, camera))
    return sorted(found.values(), key=lambda file: file.sha256)


def _accepted(said: dict[str, Any]) -> frozenset[str]:
    """Names that would be right for a picture, from what ExifTool reads of it."""
    software = f"{said.get('Software', '')} {said.get('CreatorTool', '')}"
    if PROGRAMS.search(software):
        known = {"photoshop": "Adobe Photoshop", "lightroom": "Adobe Lightroom", "gimp": "GIMP"}
        return frozenset(name for part, name in known.items() if part in software.lower()) | {
            "another picture program"
        }
    make = str(said.get("Make", ""))
    return frozenset(
        f"{maker.name} camera" for maker in makers() if make and re.search(maker.make, make.strip())
    )


def _camera(path: Path, said: dict[str, Any]) -> bool:
    size = (said.get("ImageWidth"), said.get("ImageHeight"))
    told = (said.get("ExifImageWidth", size[0]), said.get("ExifImageHeight", size[1]))
    program = PROGRAMS.search(f"{said.get('Software', '')} {said.get('CreatorTool', '')}")
    captions = set(said) - _ASKED  # what remains is of Photoshop and the IPTC
    return bool(
        said.get("Make")
        and said.get("FileType") == "JPEG"
        and not program
        and not said.get("XMPToolkit")
        and not captions
        and size == told
        and int(size[0] or 0) >= max(SMALLEST, int(size[1] or 0))
        and not int(size[0]) % 8
        and not int(size[1]) % 8
        and "exiftool" not in str(path.parent).lower()
    )


def _habits(files: Iterable[File]) -> tuple[Maker, ...]:
    """The table's makers with what was counted on these pictures."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for file in files:
        found, make = jpeg(file.path), str(file.said.get("Make", "")).strip()
        maker = next((maker for maker in makers() if re.search(maker.make, make)), None)
        if found is None or maker is None:
            continue
        row = counted[maker.name]
        row[0] += 1
        row[1] += found.repacked
        row[2] += found.jfif
    return tuple(
        replace(maker, seen=row[0], repacked=row[1], jfif=row[2])
        for maker in makers()
        for row in [counted[maker.name]]
    )


def _shown(habits: Sequence[Maker]) -> dict[str, dict[str, int]]:
    return {
        maker.name: {"seen": maker.seen, "repacked": maker.repacked, "jfif": maker.jfif}
        for maker in habits
        if maker.seen
    }


def _look(path: Path) -> Media | None:
    if path.suffix.lower() in PICTURES:  # what a picture says is read without decoding it
        picture = Video("jpeg", 1, 1, 1, None)
        return metadata.described(Media("a", path, Role.CLIP, MediaKind.IMAGE, video=picture))
    try:
        media = metadata.described(probe(path, id="a"))
    except VerifyError:
        return None
    return media if media.kind is MediaKind.VIDEO else None


@cache
def _told(path: Path) -> tuple[str | None, Outcome] | None:
    """The writer that is named, and whether the file is a camera's own; None where it was not read."""
    media = _look(path)
    if media is None:
        return None
    writer = media.metadata.writer
    (finding,) = tuple(camera_original(Evidence((media,))))
    return (writer.name if writer else None), finding.outcome


def _named(files: Sequence[File], edits: Sequence[Edited]) -> dict[str, Any]:
    """Precision over the collections' second half and the edited copies, with the wrong ones listed."""
    tried, right, wrong = 0, Counter[str](), []
    for path, accepted in [(file.path, file.accepted) for file in files if file.accepted] + [
        (edit.path, edit.accepted) for edit in edits
    ]:
        told = _told(path)
        tried += told is not None
        if told is None or told[0] is None:
            continue
        if told[0] in accepted:
            right[told[0]] += 1
        else:
            wrong.append(f"{path.name}: {told[0]}, where it is {' or '.join(sorted(accepted))}")
    count = right.total()
    return {
        "files": tried,
        "named": count + len(wrong),
        "right": count,
        "precision": _share(count, count + len(wrong)),
        "by writer": dict(right.most_common()),
        "wrong": wrong,
    }


def _untouched(files: Sequence[File]) -> dict[str, Any]:
    told = [(file.path.name, _told(file.path)) for file in files]
    read = [(name, found[1]) for name, found in told if found is not None]
    outcomes = Counter(outcome for _, outcome in read)
    return {
        "files": len(read),
        "contradicted": _share(outcomes[Outcome.INCONSISTENT], len(read)),
        "which": [name for name, outcome in read if outcome is Outcome.INCONSISTENT],
        "left open": _share(outcomes[Outcome.INCONCLUSIVE], len(read)),
    }


def _share(count: int, of: int) -> dict[str, float]:
    told = intervals.share(count, of)
    return {"count": count, "of": of, "low": round(told.low, 4), "high": round(told.high, 4)}


@dataclass(frozen=True, slots=True)
class Edited:
    """A copy of a camera's file that came after the camera, by a known step."""

    step: str
    path: Path
    accepted: frozenset[str]  # names that would be right of it


Edit = Callable[[Sequence[tuple[Path, Path]]], None]


def _exiftool(*assignments: str) -> Edit:
    def edit(copies: Sequence[tuple[Path, Path]]) -> None:
        for source, target in copies:
            shutil.copyfile(source, target)
        command = [*EXIFTOOL, *assignments, *(str(target) for _, target in copies)]
        subprocess.run(command, check=False, capture_output=True)

    return edit


def _ffmpeg(*options: str) -> Edit:
    def edit(copies: Sequence[tuple[Path, Path]]) -> None:
        for source, target in copies:
            command = [*FFMPEG, "-i", str(source), "-map", "0:v:0", "-map", "0:a?", *options, str(target)]
            subprocess.run(command, check=False, capture_output=True)

    return edit


def _pillow(share: float) -> Edit:
    def edit(copies: Sequence[tuple[Path, Path]]) -> None:
        for source, target in copies:
            try:
                with Image.open(source) as picture:
                    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
                    shown = picture if share == 1 else picture.resize(size)
                    shown.save(target, "JPEG", quality=90, exif=picture.info.get("exif", b""))
            except OSError:  # a picture that is cut off, which Pillow refuses
                continue

    return edit


DAY = "2020:01:02 03:04:05"
PICTURE_EDITS: dict[str, tuple[Edit, frozenset[str]]] = {
    "picture: date by ExifTool": (_exiftool(f"-DateTimeOriginal={DAY}"), frozenset({"ExifTool"})),
    "picture: all dates by ExifTool": (_exiftool(f"-AllDates={DAY}"), frozenset({"ExifTool"})),
    "picture: position by ExifTool": (
        _exiftool("-GPSLatitude=55.75", "-GPSLatitudeRef=N", "-GPSLongitude=37.61", "-GPSLongitudeRef=E"),
        frozenset({"ExifTool"}),
    ),
    "picture: maker by ExifTool": (_exiftool("-Make=Apple", "-Model=iPhone 12"), frozenset({"ExifTool"})),
    "picture: saved again with its EXIF": (_pillow(1), frozenset({"Pillow"})),
    "picture: shrunk with its EXIF": (_pillow(0.5), frozenset({"Pillow"})),
}
_X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-c:a", "aac")
VIDEO_EDITS: dict[str, tuple[Edit, frozenset[str]]] = {
    "video: copied by ffmpeg": (_ffmpeg("-c", "copy"), frozenset({"ffmpeg"})),
    "video: copied by ffmpeg, tags kept": (
        _ffmpeg("-c", "copy", "-movflags", "use_metadata_tags"),
        frozenset({"ffmpeg"}),
    ),
    "video: copied by ffmpeg, index first": (
        _ffmpeg("-c", "copy", "-movflags", "+faststart"),
        frozenset({"ffmpeg"}),
    ),
    "video: cut by ffmpeg": (_ffmpeg("-ss", "0.1", "-c", "copy"), frozenset({"ffmpeg"})),
    "video: encoded by ffmpeg": (_ffmpeg(*_X264), frozenset({"ffmpeg"})),
    "video: encoded by ffmpeg, tags kept": (
        _ffmpeg(*_X264, "-movflags", "use_metadata_tags"),
        frozenset({"ffmpeg"}),
    ),
    "video: date by ExifTool": (_exiftool(f"-QuickTime:CreateDate={DAY}"), frozenset({"ExifTool"})),
    "video: all dates by ExifTool": (
        _exiftool(f"-AllDates={DAY}", f"-TrackCreateDate={DAY}", f"-MediaCreateDate={DAY}"),
        frozenset({"ExifTool"}),
    ),
    "video: position by ExifTool": (_exiftool("-GPSCoordinates=55.7, 37.6, 0"), frozenset({"ExifTool"})),
    "video: maker by ExifTool": (_exiftool("-Make=Apple", "-Model=iPhone 12"), frozenset({"ExifTool"})),
    "video: Apple's date by ExifTool": (_exiftool(f"-Keys:CreationDate={DAY}"), frozenset({"ExifTool"})),
}


def _edits(files: Sequence[File], steps: dict[str, tuple[Edit, frozenset[str]]], work: Path) -> list[Edited]:
    made = []
    for number, (step, (edit, accepted)) in enumerate(steps.items()):
        folder = work / f"{step.split(':')[0]}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        copies = [(file.path, folder / f"{file.sha256[:12]}{file.path.suffix.lower()}") for file in files]
        edit([(source, target) for source, target in copies if not target.exists()])
        made += [
            Edited(step, target, accepted)
            for source, target in copies
            if target.exists() and target.stat().st_size and target.read_bytes() != source.read_bytes()
        ]
    return made


MEASURES = ("contradicted", "contradicted or left open", "not taken for a camera's")


def _found(edits: Sequence[Edited]) -> dict[str, Any]:
    """Of each step, how many copies are told to have been through a program, in three readings."""
    steps: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for edit in edits:
        if (told := _told(edit.path)) is not None:
            steps[edit.step].append(_readings(*told))
    for kind in ("picture", "video"):
        steps[f"all of {kind}"] = [
            row for step, rows in steps.items() if step.startswith(kind) for row in rows
        ]
    return {
        step: {
            measure: _share(sum(row[place] for row in rows), len(rows))
            for place, measure in enumerate(MEASURES)
        }
        for step, rows in steps.items()
    }


def _readings(name: str | None, outcome: Outcome) -> tuple[bool, bool, bool]:
    """Contradicted; that or left open; that or another writer named."""
    contradicted = outcome is Outcome.INCONSISTENT
    told = contradicted or outcome is Outcome.INCONCLUSIVE
    other = name is not None and not re.search(r"camera|phone|recorder", name)
    return contradicted, told, told or other


def _machine() -> dict[str, str]:
    tools = {
        "exiftool": ["exiftool", "-ver"],
        "ffmpeg": ["ffmpeg", "-version"],
    }
    told = {
        name: subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()[0]
        for name, command in tools.items()
    }
    return {
        "python": platform.python_version(),
        "verify": verify.__version__,
        "av": installed.version("av"),
        **told,
    }


if __name__ == "__main__":
    sys.exit(main())
