"""How many characters of drawn lines are read rightly, by script, font, style and height of the letters.

    python tests/benchmarks/ocr.py OUT.json FONT.ttf... [PICTURE...]

Lines of known words are drawn on pictures (those named, as *.jpg or *.png, or made ones) of 1280 x 720, eight
on each; the picture is encoded as video is (H.264, CRF 28) and read back. A character is right where the
shortest edit from the true line to the reading leaves it. A line counts as found where a located line covers
half of its box. `VERIFY_OCR_MODELS` is heeded; the results name the readers.
"""

from __future__ import annotations

import json
import platform
import random
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_clips import scene, write_clip
from PIL import Image, ImageDraw, ImageFont

from verify.media import pictures
from verify.scene import ocr
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.scene.ocr import Line, Models

SIZE = (1280, 720)
HEIGHTS = (10, 14, 18, 24, 32, 44)  # pixels of the font; capital letters have 0.73 of it
ROUNDS = 3
LINES = 8
STYLES = ("outlined", "plain white", "on a dark band", "yellow outlined")
WORDS = {
    "Latin": "breaking news channel eyewitness video morning city square explosion smoke Reporter Ukraine "
    "Moscow 02:37 03.05.2023 @some_channel t.me/example Exclusive LIVE subscribe Überblick façade",
    "Cyrillic": "срочно новости канал очевидец видео утро город площадь взрыв дым Москва Кремль жители "
    "Подпишись ПРЯМОЙ ЭФИР хлопок дрон объект сегодня 02:37 площади улица щука ёлка",
}


def main(out: Path, files: list[Path]) -> None:
    """Measure, and write the results."""
    fonts = [file for file in files if file.suffix == ".ttf"]
    backgrounds = [file for file in files if file.suffix != ".ttf"]
    used = ocr.models()
    if used is None or not fonts:
        raise SystemExit("the extra ocr and at least one font are needed")
    chosen, scores, spent = random.Random(7), [], []
    for script in WORDS:
        for height in HEIGHTS:
            for _ in range(ROUNDS):
                picture = _background(backgrounds, chosen)
                rgb, truth = _drawn(picture, script, height, fonts, chosen)
                start = time.process_time()
                found = ocr.lines(_recompressed(rgb), used, SETTINGS.text)
                spent.append(time.process_time() - start)
                scores += [_score(script, height, item, found) for item in truth]
    result = _summary(scores) | {
        "machine": _machine(used),
        "cpu_seconds_a_picture": round(float(np.median(spent)), 2),
    }
    result["false"] = _false(backgrounds, used)
    out.write_text(json.dumps(result, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    print(out.read_text("utf-8"))


def _background(files: list[Path], chosen: random.Random) -> NDArray[np.uint8]:
    if not files:
        return next(scene(chosen.randrange(1000), 1, SIZE))
    with Image.open(chosen.choice(files)) as image:
        return np.asarray(image.convert("RGB").resize(SIZE))


def _drawn(
    rgb: NDArray[np.uint8], script: str, height: int, fonts: list[Path], chosen: random.Random
) -> tuple[NDArray[np.uint8], list[dict[str, object]]]:
    image = Image.fromarray(rgb)
    draw, truth = ImageDraw.Draw(image), []
    for row in range(LINES):
        font_file, style = chosen.choice(fonts), chosen.choice(STYLES)
        font = ImageFont.truetype(str(font_file), height)
        words = " ".join(chosen.sample(WORDS[script].split(), 3))
        place = (chosen.randrange(20, 300), 20 + row * 86)
        box = draw.textbbox(place, words, font)
        if style == "on a dark band":
            draw.rectangle((box[0] - 8, box[1] - 4, box[2] + 8, box[3] + 4), (20, 20, 30))
        outline = (
            {"stroke_width": max(1, height // 14), "stroke_fill": (0, 0, 0)} if "outlined" in style else {}
        )
        draw.text(place, words, (240, 220, 40) if "yellow" in style else (255, 255, 255), font, **outline)
        truth.append({"text": words, "box": box, "font": font_file.stem, "style": style})
    return np.asarray(image), truth


def _recompressed(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    with tempfile.TemporaryDirectory() as folder:
        clip = write_clip(Path(folder) / "clip.mp4", [rgb] * 3, options={"crf": "28"})
        return next(pictures(clip, [Fraction(0)], None)).rgb


def _score(script: str, height: int, item: dict[str, object], found: list[Line]) -> dict[str, object]:
    left, top, right, bottom = (float(edge) for edge in item["box"])  # type: ignore[attr-defined]
    best, share = None, 0.0
    for line in found:
        x, y = line.box.x * SIZE[0], line.box.y * SIZE[1]
        wide = min(right, x + line.box.width * SIZE[0]) - max(left, x)
        high = min(bottom, y + line.box.height * SIZE[1]) - max(top, y)
        covered = max(0.0, wide) * max(0.0, high) / ((right - left) * (bottom - top))
        if covered > share:
            best, share = line, covered
    true = str(item["text"])
    read = best.text if best is not None and share >= 0.5 and best.text else ""
    return {
        "script": script,
        "height": height,
        "font": item["font"],
        "style": item["style"],
        "found": share >= 0.5,
        "read": bool(read),
        "right": max(0, len(true) - _edits(true, read)),
        "right_of_read": max(0, len(true) - _edits(true, read)) if read else 0,
        "of": len(true),
        "of_read": len(true) if read else 0,
        "whole": read == true,
    }


def _edits(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for index, against in enumerate(other, 1):
            before, row[index] = (
                row[index],
                min(row[index] + 1, row[index - 1] + 1, before + (letter != against)),
            )
    return row[-1]


def _summary(scores: list[dict[str, object]]) -> dict[str, object]:
    def of(key: str) -> dict[str, object]:
        groups: dict[str, list[dict[str, object]]] = {}
        for score in scores:
            groups.setdefault(f"{score['script']}, {score[key]}", []).append(score)
        return {name: _figures(group) for name, group in groups.items()}

    return {"by_height": of("height"), "by_font": of("font"), "by_style": of("style")}


def _figures(group: list[dict[str, object]]) -> dict[str, object]:
    def total(key: str) -> int:
        return sum(int(score[key]) for score in group)  # type: ignore[call-overload]

    return {
        "lines": len(group),
        "found": round(total("found") / len(group), 3),
        "read": round(total("read") / len(group), 3),
        "characters_right": round(total("right") / total("of"), 3),
        "characters_right_of_lines_read": round(total("right_of_read") / max(1, total("of_read")), 3),
        "whole_lines_right": round(total("whole") / len(group), 3),
    }


def _false(backgrounds: list[Path], used: Models) -> dict[str, int]:
    """Lines that are seen in the pictures without anything drawn; some may have writing of their own."""
    shown = [cv2.resize(cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB), SIZE) for file in backgrounds]
    found = [line for rgb in shown for line in ocr.lines(np.asarray(rgb, np.uint8), used, SETTINGS.text)]
    return {
        "pictures": len(shown),
        "located": len(found),
        "read": sum(line.text is not None for line in found),
    }


def _machine(used: Models) -> dict[str, str]:
    return {"python": platform.python_version(), "system": platform.system(), "readers": used.origin}


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
