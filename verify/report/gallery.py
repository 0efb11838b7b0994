"""Which pictures a page carries: those of the strongest relations first, up to the bound on its size."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verify.report import digest

if TYPE_CHECKING:
    from verify.model import Exhibit, Report, Still

_ORDER = ("difference", "aligned", "registered", "key_frames")


@dataclass(frozen=True, slots=True)
class Gallery:
    """The exhibits of a page by what they show, and how many pictures were left out."""

    shown: dict[tuple[str, tuple[str, ...]], list[Exhibit]] = field(default_factory=dict)
    left_out: int = 0

    def of(self, kind: str, *subjects: str) -> list[Exhibit]:
        """The exhibits of one kind about one input, or about a and b of a relation."""
        return self.shown.get((kind, subjects), [])

    def thumbnail(self, media: str) -> Still | None:
        """The middle one of an input's key frames: the first is often black."""
        for exhibit in self.of("key_frames", media):
            if exhibit.stills:
                return exhibit.stills[len(exhibit.stills) // 2]
        return None


def gallery(report: Report, bound: int) -> Gallery:
    """Choose exhibits, whole ones only, whose pictures together take at most `bound` bytes of the page."""
    strongest: dict[tuple[str, ...], int] = {
        (r.a, r.b): place for place, r in enumerate(digest.related(report))
    }
    kinds = {kind: place for place, kind in enumerate(_ORDER)}
    ranked = sorted(
        report.exhibits,
        key=lambda e: (kinds.get(e.kind, len(kinds)), strongest.get(e.subjects, len(strongest))),
    )
    result: dict[tuple[str, tuple[str, ...]], list[Exhibit]] = {}
    spent = left_out = 0
    for exhibit in ranked:
        cost = sum(_cost(still) for still in exhibit.stills)
        if exhibit.kind == "key_frames" and exhibit.stills:  # one is shown again beside the input's name
            cost += _cost(exhibit.stills[len(exhibit.stills) // 2])
        if spent + cost > bound:
            left_out += len(exhibit.stills)
            continue
        spent += cost
        result.setdefault((exhibit.kind, exhibit.subjects), []).append(exhibit)
    return Gallery(result, left_out)


def _cost(still: Still) -> int:
    return len(still.jpeg) * 4 // 3 + 500  # base64, and the markup around it


def data_uri(still: Still) -> str:
    """A still as a `data:` address, which needs no file and no network."""
    return f"data:image/jpeg;base64,{b64encode(still.jpeg).decode('ascii')}"
