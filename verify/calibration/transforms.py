"""The catalogue: every edit that a benchmark of copies uses, by name.

It is the union of what VSC2022, VCSL, TMK+PDQF and DISC use: encodings, sizes and frame rates; cuts, inserts,
repeats and other orders; speed; crops, bars, vertical reframing, insets and split screens; mirror, turns,
perspective, filming off a screen; graphics; tones and colours, blur, grain, coarse squares; and combinations
of three and four, drawn by seed, each part from another group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.calibration.framing import Bars, Crop, Inset, Split, Vertical
from verify.calibration.light import Blur, Hue, Mix, Noise, Pixelate, Sharpen, Tone
from verify.calibration.making import MOST_SECONDS, make
from verify.calibration.marks import CaptionBar, Emoji, Logo, Subtitles, Watermark
from verify.calibration.picture import Mirror, Perspective, QuarterTurn, Scale, Turn
from verify.calibration.recipe import Transform
from verify.calibration.screen import Refilm
from verify.calibration.time import Freeze, Insert, Keep, RemoveMiddle, Reorder, Repeat, Reverse, Speed, Trim
from verify.media.writing import Encoding

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["CATALOGUE", "GROUPS", "MOST_SECONDS", "Combination", "Transform", "make", "named"]


def _speed(factor: str) -> Transform:
    return Transform(f"speed-{factor}", (Speed(Fraction(factor)),))


_TIME = (
    Transform("trim", (Trim(),)),
    Transform("two-seconds", (Keep(Fraction(2)),)),
    Transform("removed-middle", (RemoveMiddle(),)),
    Transform("inserted-around", (Insert(),), needs_other=True),
    Transform("inserted-middle", (Insert(middle=True),), needs_other=True),
    Transform("repeated", (Repeat(),)),
    Transform("reordered", (Reorder(),)),
    Transform("reversed", (Reverse(),)),
    Transform("frozen", (Freeze(),)),
    *(_speed(factor) for factor in ("0.5", "0.75", "0.9", "1.1", "1.25", "1.5", "2")),
)

_RATE = tuple(Transform(f"rate-{rate}", rate=Fraction(rate)) for rate in (10, 15, 24, 25, 30))

_ENCODING = (
    *(Transform(f"crf-{crf}", encoding=Encoding(crf=crf)) for crf in (23, 28, 34, 40)),
    *(Transform(f"scale-{round(share * 100)}", picture=(Scale(share),)) for share in (0.75, 0.5, 0.25)),
    Transform(
        "platform-720p",
        picture=(Scale(height=720),),
        encoding=Encoding(bit_rate=1_500_000, b_frames=2, gop=60),
    ),
    Transform(
        "platform-480p", picture=(Scale(height=480),), encoding=Encoding(bit_rate=600_000, b_frames=2, gop=60)
    ),
    Transform("platform-360p", picture=(Scale(height=360),), encoding=Encoding(bit_rate=300_000, gop=120)),
)

_PLACE = (
    *(
        Transform(f"crop-{round(keep * 100)}", picture=(Crop(keep),))
        for keep in (0.95, 0.9, 0.8, 0.7, 0.6, 0.5)
    ),
    Transform("letterbox", picture=(Bars(0.75),)),
    Transform("pillarbox", picture=(Bars(0.75, upright=True),)),
    Transform("padded", picture=(Bars(0.8, around=True),)),
    *(Transform(f"vertical-{how}", picture=(Vertical(how),)) for how in ("crop", "black", "blurred")),
    *(
        Transform(f"picture-in-picture-{round(share * 100)}", picture=(Inset(share),), needs_other=True)
        for share in (0.6, 0.5, 0.4, 0.33, 0.3)
    ),
    Transform("picture-on-still-40", picture=(Inset(0.4),)),
    Transform("side-by-side", picture=(Split(across=True), Scale(0.5)), needs_other=True),
    Transform("stacked", picture=(Split(across=False),), needs_other=True),
    Transform("mirror", picture=(Mirror(),)),
    *(Transform(f"rotate-{degrees}", picture=(Turn(degrees),)) for degrees in (3, 5, 10)),
    Transform("rotate-90", picture=(QuarterTurn(),)),
    Transform("perspective", picture=(Perspective(),)),
    *(Transform(f"refilmed-{rate}", picture=(Refilm(),), rate=Fraction(rate)) for rate in (24, 30)),
)

_MARKS = (
    Transform("logo", picture=(Logo(),)),
    Transform("caption-bar", picture=(CaptionBar(),)),
    Transform("subtitles", picture=(Subtitles(),)),
    Transform("emoji", picture=(Emoji(),)),
    Transform("watermark", picture=(Watermark(),)),
)

_LOOK = (
    Transform("brighter", picture=(Tone(brightness=0.2),)),
    Transform("darker", picture=(Tone(brightness=-0.2),)),
    Transform("contrast-more", picture=(Tone(contrast=1.5),)),
    Transform("contrast-less", picture=(Tone(contrast=0.5),)),
    Transform("gamma-0.6", picture=(Tone(gamma=0.6),)),
    Transform("gamma-1.7", picture=(Tone(gamma=1.7),)),
    Transform("saturated", picture=(Mix(saturation=1.8),)),
    Transform("grey", picture=(Mix(saturation=0.0),)),
    Transform("sepia", picture=(Mix(sepia=True),)),
    Transform("hue", picture=(Hue(),)),
    Transform("blur", picture=(Blur(),)),
    Transform("sharpen", picture=(Sharpen(),)),
    Transform("noise", picture=(Noise(),)),
    Transform("pixelated", picture=(Pixelate(),)),
)

_SOUND = (Transform("other-sound", needs_other=True, other_sound=True),)

GROUPS: tuple[tuple[Transform, ...], ...] = (_TIME, _RATE, _PLACE, _LOOK, _MARKS, _ENCODING)


@dataclass(frozen=True, slots=True)
class Combination(Transform):
    """Several transforms at once, drawn by seed, each from another of `GROUPS`."""

    count: int = 3

    def drawn(self, dice: Generator) -> Transform:
        """What they come to together: graphics lie over what was moved, and encoding comes last."""
        groups = sorted(int(at) for at in dice.choice(len(GROUPS), self.count, replace=False))
        parts = [GROUPS[at][int(dice.integers(len(GROUPS[at])))] for at in groups]
        return Transform(
            self.name,
            tuple(step for part in parts for step in part.time),
            tuple(step for part in parts for step in part.picture),
            # The last word on the frame rate, as on everything: a re-filmed copy has its camera's.
            next((part.rate for part in reversed(parts) if part.rate), None),
            next((part.encoding for part in reversed(parts) if part.encoding != Encoding()), Encoding()),
            needs_other=any(part.needs_other for part in parts),
            parts=tuple(part.name for part in parts),
        )


CATALOGUE: tuple[Transform, ...] = (
    *_ENCODING,
    *_RATE,
    *_TIME,
    *_PLACE,
    *_MARKS,
    *_LOOK,
    *_SOUND,
    *(replace(Combination(f"combination-{count}", needs_other=True), count=count) for count in (3, 4)),
)


def named(name: str) -> Transform:
    """The transform of the catalogue with this name.

    Raises:
        KeyError: There is none.
    """
    for transform in CATALOGUE:
        if transform.name == name:
            return transform
    raise KeyError(name)
