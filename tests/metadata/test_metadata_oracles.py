"""What other programs read of the same files, where they are installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from exif_bytes import LATITUDE, LATITUDE_REF, LONGITUDE, LONGITUDE_REF, MAKE, MODEL, ORIENTATION, TAKEN, jpeg

from verify import metadata
from verify.media import probe
from verify.metadata.carried import carried
from verify.metadata.containers.boxes import boxes

if TYPE_CHECKING:
    from conftest import MakeClip

MEDIA = Path(__file__).parents[3] / "shared" / "media"
TRACE = re.compile(rb"type:'(.{4}|\[169\].{3})' parent:'(.{4}|\[169\].{3})' sz: (\d+) ")
needs_ffprobe = pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
needs_media = pytest.mark.skipif(not MEDIA.is_dir(), reason="the folder of real media is not here")


def _name(kind: str) -> bytes:
    return kind.encode("latin-1")


@needs_ffprobe
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", {}),
        ("a.mov", {}),
        ("a.3gp", {}),
        ("a.mp4", {"movflags": "frag_keyframe+empty_moov", "g": "6"}),
        ("a.mp4", {"movflags": "faststart"}),
    ],
)
def test_ffmpeg_sees_the_same_boxes(make_clip: MakeClip, name: str, options: dict[str, str]) -> None:
    path = make_clip(name, tone=440, metadata={"title": "A", "comment": "B"}, options=options)
    run = subprocess.run(["ffprobe", "-v", "trace", str(path)], capture_output=True, check=True)
    theirs = Counter(
        (parent.replace(b"[169]", b"\xa9"), kind.replace(b"[169]", b"\xa9"), int(size))
        for kind, parent, size in TRACE.findall(run.stderr)
    )
    root = boxes(path)
    assert root is not None
    # FFmpeg names the list of sample descriptions as the parent of what a description holds.
    described = {id(entry) for table in root.named("stsd") for entry in table.children}
    ours = Counter(
        (_name("stsd" if id(node) in described else node.type or "root"), _name(child.type), child.size)
        for node in root.under()
        for child in node.children
    )
    assert theirs.total() > 30
    assert theirs - ours == Counter()


@needs_exiftool
def test_exiftool_reads_the_same_fields(tmp_path: Path) -> None:
    path = jpeg(
        tmp_path / "a.jpg", np.full((40, 60, 3), 128, np.uint8),
        {MAKE: "Maker", MODEL: "M 1", ORIENTATION: 6}, {TAKEN: "2023:05:03 02:37:01"},
        {LATITUDE_REF: "S", LATITUDE: [(55, 1), (45, 1), (9, 1)], LONGITUDE_REF: "E",
         LONGITUDE: [(37, 1), (37, 1), (3, 1)]},
    )  # fmt: skip
    command = ["exiftool", "-config", "", "-q", "-overwrite_original", "-XMP-dc:Creator=Someone"]
    command += ["-XMP-xmpMM:HistoryAction=saved", "-IPTC:Keywords=one", "-IPTC:Keywords=two", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    said = json.loads(
        subprocess.run(["exiftool", "-json", "-n", str(path)], capture_output=True, check=True).stdout
    )
    theirs, media = said[0], metadata.described(probe(path, id="a"))
    ours = media.metadata
    assert (ours.make, ours.model, ours.orientation) == (
        theirs["Make"],
        theirs["Model"],
        theirs["Orientation"],
    )
    assert ours.position == pytest.approx((theirs["GPSLatitude"], theirs["GPSLongitude"]), abs=1e-6)
    assert ours.taken == theirs["DateTimeOriginal"].replace(":", "-", 2).replace(" ", "T")
    assert media.tags["xmp"]["dc:creator"] == theirs["Creator"]
    assert media.tags["iptc"]["Keywords"] == "; ".join(theirs["Keywords"])


@needs_media
def test_every_hostile_file_is_survived() -> None:
    folder = MEDIA / "hostile"
    seen = [carried(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    assert sum(found.boxes is not None for found in seen) > 100
