"""Detail: which of two copies shows finer detail of the same thing, whatever their numbers of pixels.

Aligned frames of both are brought onto one grid, as fine as the finer of the two, and looked at there and at
half and a quarter of it. In every patch with structure whose coarse structure agrees (so not under captions,
nor where the two are not the same picture) the energy of fine and of middling structure is compared,
contrast evened out by the coarse. A picture that was scaled down, blurred, filmed off a screen or heavily
compressed has lost most of its fine structure, and enlarging it does not bring that back: a copy in 4K of a
copy in 480p has more pixels and less detail.

Four things are asked for before one is said to show more. It has several times the fine energy of the other,
and more of the middling as well: what enlarging and sharpening add is fine only. Its own fine structure is as
strong, against its coarse, as that of pictures that a camera took at this size; enlarged ones fall below. And
what it has more of lies where there is structure, not everywhere alike, as noise and grain do, and agrees
with the other's middling structure, as the edges of coarse squares do not. Fine structure that is stronger
without all this may be detail, sharpening or noise: it speaks for neither, and raises a doubt.

Limits: programs that invent detail while they enlarge pass for detail. Of small losses, as re-encoding and
scaling to three quarters leave, and where the source itself is soft, nothing is said.

Error rates: see copies.nearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.settings import SourceSettings

BANDS = ((0.28, 0.4), (0.17, 0.25), (0.05, 0.15))  # cycles a pixel of the grid, fine first


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Energies of one aligned moment's patches, grey levels squared, (n, 3) by band, fine first."""

    ours: NDArray[np.float64]
    theirs: NDArray[np.float64]
    agree: NDArray[np.float64]  # (n, 3) correlation of the bands


@dataclass(frozen=True, slots=True)
class Finer:
    """How the fine structure of two inputs compares, over the patches with structure."""

    fine: float  # b's fine energy over a's, log2, contrast evened out
    middling: float  # likewise
    flat: float  # likewise fine, in the patches with least structure: noise, if it is as large there
    tilt: tuple[float, float]  # of a and of b: fine energy over coarse, log2
    alike: float  # share of the patches that lean the same way, 0.5 to 1
    agree: float  # correlation of the middling structure, -1 to 1
    patches: int

    def better(self, limits: SourceSettings) -> str | None:
        """Which of the two shows more, "a" or "b"; None where neither clearly does."""
        sign = -1 if self.fine < 0 else 1
        holds = (
            sign * self.fine >= limits.detail_fine
            and sign * self.middling >= limits.detail_middling
            and sign * (self.flat - self.fine) <= limits.detail_noise
            and self.agree >= limits.detail_agrees
            and self.tilt[0 if sign < 0 else 1] >= limits.detail_tilt
        )
        return self.stronger(limits) if holds else None

    def stronger(self, limits: SourceSettings) -> str | None:
        """Which has the stronger fine structure, be it detail, sharpening or noise; None where neither."""
        more = "a" if self.fine < 0 else "b"
        holds = (
            abs(self.fine) >= limits.detail_stronger
            and self.tilt["ab".index(more)] >= limits.detail_least_tilt
            and self.alike >= limits.detail_alike
        )
        return more if holds else None


def cells(a: NDArray[np.float32], b: NDArray[np.float32], inside: NDArray[np.bool_], side: int) -> Cells:
    """The bands' energies of two lumas on one grid, (H, W) 0-255, patch by patch where both have picture."""
    whole = _patches(inside.astype(np.float32), side).min(axis=1) > 0
    waves_a, waves_b = (_waves(_patches(luma, side)[whole], side) for luma in (a, b))
    bands = _within(side)
    ours, theirs = (
        (np.abs(waves) ** 2).reshape(len(waves), len(bands)) @ bands for waves in (waves_a, waves_b)
    )
    shared = (waves_a * waves_b.conj()).real.reshape(len(waves_a), len(bands)) @ bands
    return Cells(ours, theirs, shared / np.sqrt(np.maximum(ours * theirs, 1e-9)))


def finer(found: Sequence[Cells], limits: SourceSettings) -> Finer | None:
    """How b's fine structure compares with a's over all moments; None where too little can be compared."""
    if not found:
        return None
    ours = np.concatenate([each.ours for each in found])
    theirs = np.concatenate([each.theirs for each in found])
    agree = np.concatenate([each.agree for each in found])
    structure = np.minimum(ours[:, 2], theirs[:, 2])
    same = (agree[:, 2] >= limits.detail_same) & (structure >= limits.detail_level)
    if same.sum() < limits.detail_patches:
        return None
    strong = same & (structure >= np.median(structure[same]))
    weak = structure <= np.quantile(structure, 0.25)
    logs = [np.log2(each + limits.detail_floor) for each in (ours, theirs)]
    change = logs[1] - logs[0]
    even = float(np.median(change[same, 2]))
    fine = change[strong, 0] - even
    leaning = float((fine < 0).mean())
    tilts = [float(np.median(each[strong, 0] - each[strong, 2])) for each in logs]
    return Finer(
        float(np.median(fine)),
        float(np.median(change[strong, 1])) - even,
        float(np.median(change[weak, 0])) - even,
        (tilts[0], tilts[1]),
        max(leaning, 1 - leaning),
        float(np.median(agree[strong, 1])),
        int(strong.sum()),
    )


def _patches(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    cut = picture[: rows * side, : columns * side].reshape(rows, side, columns, side)
    return cut.swapaxes(1, 2).reshape(rows * columns, side * side)


def _waves(patches: NDArray[np.float32], side: int) -> NDArray[np.complex64]:
    """(n, side, side // 2 + 1) spectrum of each patch, its mean taken away; squares sum to its energy."""
    window = np.hanning(side + 2)[1:-1].astype(np.float32)
    square = (patches - patches.mean(axis=1, keepdims=True)).reshape(-1, side, side)
    waves = np.fft.rfft2(square * np.outer(window, window))
    return np.asarray(waves / (side * (window**2).sum()), np.complex64)


def _within(side: int) -> NDArray[np.float64]:
    """(side * (side // 2 + 1), 3): how often each frequency of the half spectrum counts in each band."""
    rows, columns = np.fft.fftfreq(side), np.fft.rfftfreq(side)
    radius = np.hypot(rows[:, None], columns[None]).ravel()
    twice = np.tile(np.where((columns > 0) & (columns < 0.5), 2.0, 1.0), side)
    return np.stack([((radius >= low) & (radius < high)) * twice for low, high in BANDS], axis=1)
