"""Renders everything into a folder: `python -m samples.dome.render OUT [--manifest-only]`."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import time
from pathlib import Path

import av

from . import derive, elsewhere, encode, sound, stills, takes
from .truth import truth

HERE = Path(__file__).resolve().parent.parent
STAGED = "STAGED sample of verify. Rendered by samples.dome.render; nothing in it took place."
FILES = (
    "case.toml",
    "truth.json",
    *(
        f"clips/{name}"
        for name in ("dome.mp4", "monitor.mp4", "remux.mkv", "repost.mp4", "smoke.mp4", "unrelated.mp4")
    ),
    "reference/dome-by-day.jpg",
    "reference/other-building.jpg",
)


def main() -> None:
    """Render, or only write the manifest anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--manifest-only", action="store_true", help="the files are there; write manifest.json"
    )
    options = parser.parse_args()
    if not options.manifest_only:
        render(options.out)
    manifest(options.out)


def render(out: Path) -> None:
    """Every file of the case, into `out`."""
    clips, reference = out / "clips", out / "reference"
    clips.mkdir(parents=True, exist_ok=True)
    reference.mkdir(exist_ok=True)
    if out.resolve() != HERE:
        shutil.copyfile(HERE / "case.toml", out / "case.toml")
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s  {what}")

    stills.save(reference / "dome-by-day.jpg", stills.dome_by_day(), STAGED, "2023:04:22 15:10:00")
    stills.save(reference / "other-building.jpg", stills.other_building(), STAGED, "2023:04:16 12:32:00")
    say("reference pictures")
    smoke = takes.smoke_take()
    heard = sound.smoke_sound(smoke.seconds)
    encode.video(
        clips / "smoke.mp4",
        smoke.frames(),
        25,
        heard,
        tags("the roof, smoke", "2023-05-02T23:27:31Z"),
        {"crf": "23.5"},
    )
    del smoke
    say("smoke")
    dome = takes.dome_take()
    heard = sound.dome_sound(dome.seconds, takes.bang_at())
    encode.video(
        clips / "dome.mp4",
        dome.frames(),
        25,
        heard,
        tags("the dome, two people", "2023-05-02T23:43:12Z"),
        {"crf": "22.5"},
    )
    say("dome")
    (out / "truth.json").write_text(
        json.dumps(truth(dome), indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    del dome
    encode.remux(
        clips / "dome.mp4", clips / "remux.mkv", {"title": STAGED, "comment": "the same packets in Matroska"}
    )
    played = decoded(clips / "dome.mp4")
    part = sound.reposted(sound.cut(heard, *derive.REPOST_SPAN))
    about = tags("a channel's repost", "2023-05-03T05:02:40Z")
    encode.video(clips / "repost.mp4", derive.repost(played), 25, part, about, {"crf": "28"}, 48_000)
    say("repost")
    part = sound.from_speakers(sound.cut(heard, *derive.MONITOR_SPAN))
    about = tags("filmed off a monitor", "2023-05-03T09:46:05Z")
    encode.video(
        clips / "monitor.mp4", derive.monitor(played), derive.MONITOR_RATE, part, about, {"crf": "26"}
    )
    del played
    say("monitor")
    street = elsewhere.street_take()
    about = tags("another place", "2023-05-01T20:14:09Z")
    encode.video(clips / "unrelated.mp4", street.frames(), 25, sound.street_sound(8.0), about, {"crf": "27"})
    say("unrelated")


def tags(title: str, made: str) -> dict[str, str]:
    """What a file says of itself: that it is staged, and when the story has it made (UTC)."""
    return {"title": f"STAGED sample: {title}", "comment": STAGED, "creation_time": made}


def decoded(path: Path) -> list:
    """All pictures of a clip, (H, W, 3) uint8 RGB."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def manifest(out: Path) -> None:
    """manifest.json: sha256 and size of every file of the case."""
    files = {}
    for name in FILES:
        data = (out / name).read_bytes()
        files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
    (out / "manifest.json").write_text(
        json.dumps({"schema": "verify-staged-manifest/1", "files": files}, indent=1, sort_keys=True) + "\n",
        encoding="utf-8",
    )
    print(f"{sum(entry['size_bytes'] for entry in files.values()) / 1e6:.2f} MB in {len(files)} files")


if __name__ == "__main__":
    sys.exit(main())
