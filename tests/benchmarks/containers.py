"""Whether boxes and fields are read as other programs read them, over a folder of media files.

    python tests/benchmarks/containers.py FOLDER [--fields FOLDER] [--hostile FOLDER] [--out FILE]

Boxes: every file below FOLDER that is mp4, mov, 3gp, HEIC or AVIF by its first bytes is walked, and its tree
is held against those of FFmpeg (`ffprobe -v trace`), MediaInfo (the wheel pymediainfo) and mp4analyzer, as
far as they are installed. A tree is the list of (type of the parent, type, size as declared). A box counts as
agreed where two of the others have it, and as missing where ours lacks it then.

Fields: every date, position, make, model, software and orientation that ExifTool gives for the files below
the --fields folder is looked for among ours. What differs is listed with the reason where one is known.

Every file of the --hostile folder must be read without an exception. The times are of one walk, and of
reading everything that a file carries, on one core. The files are not part of the project, because their
licences differ.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from importlib import metadata as packages
from pathlib import Path
from typing import Any

from verify import metadata
from verify.errors import UnreadableMediaError, VerifyError
from verify.media import probe
from verify.metadata.carried import carried
from verify.metadata.containers.boxes import Node, boxes
from verify.metadata.cursor import code
from verify.model import Media, MediaKind, Problem, Role

RESULTS = Path(__file__).with_name("results") / "containers.json"
Triples = Counter[tuple[str, str, int]]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write the results."""
    parser = argparse.ArgumentParser(description="Boxes and fields against other programs")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fields", type=Path, help="files whose fields are held against ExifTool's")
    parser.add_argument("--hostile", type=Path, help="files that must be read without an exception")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    result: dict[str, Any] = {"machine": machine(), "boxes": walk_all(options.folder)}
    if options.fields:
        result["fields"] = compare_fields(options.fields)
    if options.hostile:
        result["hostile"] = survive(options.hostile)
    print(json.dumps({key: brief(value) for key, value in result.items()}, indent=2))
    options.out.write_text(json.dumps(result, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    return 0


def brief(value: Any) -> Any:
    """The figures without the lists."""
    return {k: v for k, v in value.items() if not isinstance(v, list)} if isinstance(value, dict) else value


def files(folder: Path) -> list[Path]:
    """Every file below the folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def walk_all(folder: Path) -> dict[str, Any]:
    """Walk each file and hold its tree against the others'."""
    others = {name: walker for name, walker in WALKERS.items() if installed(name)}
    rows, times, unwalked = [], [], []
    counts: Counter[str] = Counter()
    for path in files(folder):
        start = time.process_time()
        root = boxes(path)
        times.append(time.process_time() - start)
        name = path.relative_to(folder).as_posix()
        looks = root is not None or _boxy(path)
        trees = {other: tree for other, walker in others.items() if looks and (tree := walker(path))}
        if root is None:
            times.pop()
            if "ffprobe" in trees and len(trees) > 1:
                unwalked.append(name)
            continue
        counts["files"] += 1
        row = compare(triples(root), trees)
        row |= {"file": name, "notes": sum(len(node.notes) for node in root.under())}
        counts.update({key: row[key] for key in ("boxes", "agreed", "missing", "extra")})
        counts["two_walkers"] += len(trees) > 1
        counts["equal"] += len(trees) > 1 and not row["missing"]
        rows.append(row)
    times.sort()
    return {
        **counts,
        "walkers": sorted(others),
        "read_by_others_and_not_walked": unwalked,
        "milliseconds_median": round(1000 * times[len(times) // 2], 2) if times else None,
        "milliseconds_largest": round(1000 * times[-1], 2) if times else None,
        "differing": [row for row in rows if row["missing"] or row["extra"]],
    }


def _boxy(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(8)
    return head[4:8].isalnum() and head[:2] == bytes(2)


def triples(root: Node) -> Triples:
    """Our tree as a list of (type of the parent, type, size as declared)."""
    return Counter(
        (node.type, child.type, int(str(child.fields.get("declared_size", child.size))))
        for node in root.under()
        for child in node.children
    )


def compare(ours: Triples, trees: dict[str, Triples]) -> dict[str, Any]:
    """What two others agree on and ours lacks; and what ours has inside a box that two others opened."""
    known = set().union(*trees.values())
    agreed = Counter({key: sorted((tree[key] for tree in trees.values()), reverse=True)[1] for key in known}
                     if len(trees) > 1 else {})  # fmt: skip
    opened = Counter(parent for tree in trees.values() for parent in {key[0] for key in tree})
    missing, extra = agreed - ours, ours - Counter(dict.fromkeys(known, 10**6))
    odd = {key: count for key, count in extra.items() if opened[key[0]] > 1}
    return {
        "boxes": ours.total(),
        "agreed": agreed.total(),
        "missing": missing.total(),
        "extra": sum(odd.values()),
        "missing_boxes": [list(key) for key in missing][:8],
        "extra_boxes": [list(key) for key in odd][:8],
    }


_TRACE = re.compile(rb"type:'((?:\[\d+\]|.){1,20}?)' parent:'((?:\[\d+\]|.){1,20}?)' sz: (\d+) ")


def ffprobe(path: Path) -> Triples:
    """FFmpeg's tree, as its demuxer prints it while it reads."""
    command = ["ffprobe", "-v", "trace", "-i", f"file:{path}"]
    run = subprocess.run(command, capture_output=True, check=False, timeout=60)
    found = Counter(
        ("" if parent == b"root" else _fourcc(parent), _fourcc(kind), int(size))
        for kind, parent, size in _TRACE.findall(run.stderr)
    )
    return found


def _fourcc(raw: bytes) -> str:
    return code(re.sub(rb"\[(\d+)\]", lambda found: bytes([int(found[1])]), raw))


def mediainfo(path: Path) -> Triples:
    """MediaInfo's tree, from its trace."""
    from pymediainfo import MediaInfo

    text = str(MediaInfo.parse(path, output="text", mediainfo_options={"Details": "1"}))
    found: Triples = Counter()
    stack: list[tuple[int, str]] = []
    for indent, size, name in re.findall(
        r"^[0-9A-F]+( +)Size: +(\d+) \(0x[0-9A-F]+\)\n[0-9A-F]+ +Name: +(.{4})$", text, re.MULTILINE
    ):
        while stack and stack[-1][0] >= len(indent):
            stack.pop()
        found[stack[-1][1] if stack else "", code(name.encode("latin-1", "replace")), int(size)] += 1
        stack.append((len(indent), name))
    return found


def mp4analyzer(path: Path) -> Triples:
    """mp4analyzer's tree; nothing where it fails."""
    import mp4analyzer as library

    found: Triples = Counter()

    def add(parent: str, box: Any) -> None:
        kind = box.type if len(box.type) == 4 else code(bytes.fromhex(box.type))
        found[parent, kind, box.size] += 1
        for child in box.children or ():
            add(kind, child)

    try:
        for box in library.parse_mp4_boxes(str(path)):
            add("", box)
    except Exception:  # noqa: BLE001 - another program's failures are not ours
        return Counter()
    return found


WALKERS = {"ffprobe": ffprobe, "pymediainfo": mediainfo, "mp4analyzer": mp4analyzer}


def installed(name: str) -> bool:
    """Whether the walker can be run here."""
    if name == "ffprobe":
        return any(Path(folder, name).exists() for folder in os.get_exec_path())
    try:
        packages.version(name)
    except packages.PackageNotFoundError:
        return False
    return True


_SINGLE = {
    "make": ("IFD0:Make", "Keys:Make", "UserData:Make", "ItemList:Make", "XMP-tiff:Make"),
    "model": ("IFD0:Model", "Keys:Model", "UserData:Model", "ItemList:Model", "XMP-tiff:Model"),
    "software": (
        "IFD0:Software", "Keys:Software", "UserData:SoftwareVersion", "UserData:FirmwareVersion",
        "XMP-xmp:CreatorTool", "XMP-tiff:Software", "PNG:Software", "RIFF:Software",
        "IPTC:OriginatingProgram", "ItemList:Encoder", "Matroska:MuxingApp",
    ),
    "orientation": ("IFD0:Orientation", "XMP-tiff:Orientation"),
}  # fmt: skip
_DATE_GROUPS = re.compile(
    r"(IFD0|ExifIFD|QuickTime|Track\d+|Keys|UserData|ItemList|XMP-\w+|PNG|RIFF|Matroska|IPTC):(\w+)"
)
_DATE_NAMES = re.compile(
    r"DateTimeOriginal|CreateDate|ModifyDate|CreationDate|DateCreated|DateTimeDigitized|CreationTime"
    r"|(Track|Media)(Create|Modify)Date"
)


# What was looked into by hand.
EXPLAINED = {
    "cve-2012-2812.jpg": "a deliberately damaged directory, which exifread and ExifTool read differently",
    "cve-2012-2813.jpg": "a deliberately damaged directory, at which exifread gives up; that is named",
}
# Formats of cameras' raw pictures, and one of the web, whose EXIF exifread does not reach, or not all of it.
RAW = {".bpg", ".cr3", ".mrw", ".raf", ".rw2", ".x3f"}


def compare_fields(folder: Path) -> dict[str, Any]:
    """Each field that ExifTool gives, looked for among ours."""
    command = ["exiftool", "-json", "-n", "-G1", "-a", "-r", "-q", str(folder)]
    given = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    counts: Counter[str] = Counter()
    differing: list[dict[str, Any]] = []
    for theirs in given:
        path = Path(theirs["SourceFile"])
        wanted = list(asked(theirs))
        if not wanted:
            continue
        try:
            media = examined(path)
        except VerifyError as error:
            counts["of files that are not examined"] += len(wanted)
            counts["files not examined"] += 1
            differing.append(
                {"file": path.name, "reason": f"not examined: {error.code}", "fields": len(wanted)}
            )
            continue
        counts["files"] += 1
        ours = [date.when for date in metadata.declared(media)]
        for field, name, value in wanted:
            counts[f"{field}: given"] += 1
            if held(media, ours, field, value):
                counts[f"{field}: equal"] += 1
            else:
                said = getattr(media.metadata, field, None)
                row = {"file": path.name, "field": field, "name": name, "exiftool": str(value), "ours": said}
                row["reason"] = reason(media, field, value)
                counts[f"{field}: {'explained' if row['reason'] else 'unexplained'}"] += 1
                differing.append(row)
    return {**counts, "differing": differing}


def examined(path: Path) -> Media:
    """The file as a report has it: what it says is read where nothing of it can be decoded too."""
    try:
        return metadata.described(probe(path, id="a"))
    except UnreadableMediaError as error:
        problem = Problem(error.code, error.message)
        return metadata.described(Media("a", path, Role.CLIP, MediaKind.UNREADABLE, error=problem))


def asked(theirs: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Field, ExifTool's name and value of what it gives; of make, model, software, orientation its first."""
    found: list[tuple[str, str, Any]] = []
    for field, names in _SINGLE.items():
        first = next(
            ((field, name, theirs[name]) for name in names if str(theirs.get(name, "")).strip()), None
        )
        found += [first] if first else []
    for name, value in theirs.items():
        parts = _DATE_GROUPS.fullmatch(name) if re.search("[1-9]", str(value)) else None
        if parts and _DATE_NAMES.fullmatch(parts[2]):
            clock = theirs.get(name.replace("Date", "Time")) if parts[1] == "IPTC" else None
            found.append(("date", name, f"{value} {clock}" if clock else str(value)))
    if "GPS:GPSDateStamp" in theirs and "GPS:GPSTimeStamp" in theirs:
        found.append(("date", "GPS", f"{theirs['GPS:GPSDateStamp']} {theirs['GPS:GPSTimeStamp']}"))
    if (place := position(theirs)) is not None:
        found.append(("position", "GPS", place))
    return found


def position(theirs: dict[str, Any]) -> tuple[float, float] | None:
    """Degrees as ExifTool gives them, by group."""
    for name in ("Keys:GPSCoordinates", "UserData:GPSCoordinates", "UserData:LocationInformation"):
        numbers = re.findall(r"-?\d+\.?\d*", str(theirs.get(name, "")))
        if len(numbers) >= 2 and "Information" not in name:
            return float(numbers[0]), float(numbers[1])
    for group in ("GPS", "XMP-exif"):
        values = [theirs.get(f"{group}:GPS{axis}") for axis in ("Latitude", "Longitude")]
        if all(isinstance(value, (int, float)) for value in values):
            signs = [str(theirs.get(f"GPS:GPS{axis}Ref", ""))[:1] for axis in ("Latitude", "Longitude")]
            latitude, longitude = (abs(v) if group == "GPS" else v for v in values)
            turned = group == "GPS"
            return (
                -latitude if turned and signs[0] == "S" else latitude,
                -longitude if turned and signs[1] == "W" else longitude,
            )
    return None


def held(media: Any, ours: list[datetime], field: str, value: Any) -> bool:
    """Whether ours has the value after both are written in one way."""
    if field == "date":
        return any(same_date(when, str(value)) for when in ours)
    said = getattr(media.metadata, field)
    if isinstance(value, (int, float)) and isinstance(said, str):  # JSON turns ExifTool's 1.00 into 1.0
        return re.fullmatch(r"[\d.]+", said) is not None and float(said) == float(value)
    if field == "position":
        return said is not None and all(abs(a - b) < 2e-6 for a, b in zip(said, value, strict=True))
    return said is not None and " ".join(str(said).split()) == " ".join(str(value).replace("\0", " ").split())


def same_date(when: datetime, text: str) -> bool:
    """Whether the date shows the same figures, and the same zone where both name one."""
    found = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(.*)", text)
    if found is None:
        return False
    figures = [int(part) for part in found.groups("0")[:6]]
    same = [when.year, when.month, when.day, when.hour, when.minute, when.second] == figures
    zone = found[7].strip().replace("Z", "+00:00")
    return same and (not zone or when.tzinfo is None or when.isoformat().endswith(zone))


def reason(media: Any, field: str, value: Any) -> str:
    """Why ours differs, where that can be told; else ""."""
    text = str(value).strip()
    left_out = media.tags.get("not used", {})
    if known := next((why for name, why in EXPLAINED.items() if media.path.name == name), None):
        return known
    if media.path.suffix.lower() in RAW:
        return "a raw format that exifread does not know, or knows in part"
    if field == "date" and not re.match(r"\d{4}[:-]\d\d[:-]\d\d[ T]\d\d", text):
        return "a day without a time, or a time without a day: kept among the tags, and no instant"
    named = [f"{name}: {why}" for name, why in left_out.items() if field in why or text[:10] in why]
    return f"left out and named ({named[0]})" if named else ""


def survive(folder: Path) -> dict[str, Any]:
    """Read every file; an exception ends the benchmark, which is the point."""
    times = []
    walked = 0
    for path in files(folder):
        start = time.process_time()
        found = carried(path)
        times.append((time.process_time() - start, path.relative_to(folder).as_posix()))
        walked += found.boxes is not None
    slowest = max(times)
    return {
        "files": len(times), "with_boxes": walked, "crashes": 0,
        "slowest_milliseconds": round(1000 * slowest[0], 1), "slowest": slowest[1],
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """Where and with what it was measured."""
    version = {name: packages.version(name) for name in ("av", "exifread", "pymediainfo", "mp4analyzer")
               if installed(name)}  # fmt: skip
    return {"platform": platform.platform(), "python": platform.python_version(), "versions": version}


if __name__ == "__main__":
    sys.exit(main())
