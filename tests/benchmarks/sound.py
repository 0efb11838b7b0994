"""How well one sound recording is told from others: recall by transform, false matches, offsets and cost.

    python tests/benchmarks/sound.py OUT.json FILE...

Takes up to 30 seconds of sound from each file; files must be of different recordings. Each is held against
what every transform makes of it, and pieces of five seconds against all pieces of the other files. Offsets
are of transforms that keep the time; codecs' own delays, which containers may not state, are in them.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_sounds import RATE, filtered, track, track_of, write_sound

from verify.copies.sound import SAME, compare
from verify.media import sound
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from verify.fingerprint.sound import SoundTrack

SOUND = SETTINGS.sound
SECONDS, PIECE = 30, 5
CODECS = {
    "aac 64 kbit/s": ("aac", "m4a", 64000, RATE),
    "aac 32 kbit/s": ("aac", "m4a", 32000, RATE),
    "mp3 32 kbit/s": ("libmp3lame", "mka", 32000, RATE),
    "opus 32 kbit/s": ("libopus", "mka", 32000, 48000),
    "opus 12 kbit/s, 8 kHz": ("libopus", "mka", 12000, 8000),
}
CHAINS = {
    "20 dB quieter": ("volume=-20dB", 1.0),
    "bass up, treble down 12 dB": ("bass=g=12,treble=g=-12", 1.0),
    "compressed 8 to 1": ("acompressor=threshold=0.05:ratio=8:makeup=4", 1.0),
    "telephone band": ("highpass=f=300,lowpass=f=3400,aresample=8000", 1.0),
    "echo": ("aecho=0.8:0.7:60|110:0.5|0.3", 1.0),
} | {
    f"speed {speed}, {words}": (chain, speed)
    for speed in (0.5, 0.8, 1.25, 1.5, 2.0)
    for words, chain in (
        ("pitch kept", f"atempo={speed}"),
        ("pitch moved", f"asetrate={round(RATE * speed)}"),
    )
}


def main(out: Path, files: list[Path]) -> None:
    """Measure, and write the results."""
    sounds = [np.concatenate(list(sound(path, RATE)))[: SECONDS * RATE] for path in files]
    rows = {name: [] for name in (*CODECS, *CHAINS, "other sound over it, as loud")}
    with tempfile.TemporaryDirectory() as folder:
        for number, samples in enumerate(sounds):
            one = track_of(write_sound(Path(folder) / "one.m4a", samples))
            for name, (codec, suffix, bits, rate) in CODECS.items():
                path = Path(folder) / f"two.{suffix}"
                rows[name].append(_row(one, track_of(write_sound(path, samples, codec, bits, rate)), 1.0))
            for name, (chain, speed) in CHAINS.items():
                made = write_sound(Path(folder) / "two.m4a", filtered(samples, chain))
                rows[name].append(_row(one, track_of(made), speed))
            over = np.resize(sounds[number - 1], len(samples))
            louder = samples.std() / max(float(over.std()), 1e-9)
            mixed = write_sound(Path(folder) / "two.m4a", samples + over * louder)
            rows["other sound over it, as loud"].append(_row(one, track_of(mixed), 1.0))
    pieces = [
        (number, track(samples[at : at + PIECE * RATE : 2]))
        for number, samples in enumerate(sounds)
        for at in range(0, len(samples) - PIECE * RATE + 1, PIECE * RATE)
    ]
    pairs = [(one, two) for (a, one), (b, two) in combinations(pieces, 2) if a != b]
    start = time.process_time()
    false = sum((heard := compare(*pair, SOUND)) is not None and heard.state == SAME for pair in pairs)
    spent = time.process_time() - start
    result = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}",
        "files": len(files),
        "transforms": {name: _summary(found) for name, found in rows.items()},
        "unrelated": {
            "pairs": len(pairs),
            "false": int(false),
            "milliseconds": round(1000 * spent / len(pairs), 2),
        },
    }
    out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(out.read_text("utf-8"))


def _row(one: SoundTrack, two: SoundTrack, speed: float) -> tuple[bool, float, float]:
    heard = compare(one, two, SOUND)
    if heard is None or heard.state != SAME:
        return False, 0.0, 0.0
    found, offset = heard.hypotheses[0]
    return abs(found / speed - 1) < 0.05, found / speed - 1, offset


def _summary(found: list[tuple[bool, float, float]]) -> dict[str, object]:
    right = [row for row in found if row[0]]
    return {
        "clips": len(found),
        "found": len(right),
        "speed_off": [round(float(np.quantile([abs(row[1]) for row in right], q)), 4) for q in (0.5, 0.95)],
        "offset_seconds": [round(float(np.quantile([row[2] for row in right], q)), 3) for q in (0, 0.5, 1)],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
