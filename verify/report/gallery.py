"""Which pictures a page carries: those of the strongest relations first, up to the bound on its size."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from verify.report import digest

if TYPE_CHECKING:
    from verify.model import Exhibit, Report, Still
    from verify.settings import ReportSettings

_RANK = {"difference": 0, "aligned": 1, "registered": 2, "key_frames": 3}


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


def gallery(report: Report, settings: ReportSettings) -> Gallery:
    """Choose exhibits, whole ones only, whose pictures together take at most `html_bytes` of the page.

    Only what the page has a section for is chosen; of an input without one, the picture beside its name.
    """
    related = digest.related(report)[: settings.detailed_pairs]
    strongest: dict[tuple[str, ...], int] = {(r.a, r.b): place for place, r in enumerate(related)}
    detailed = {(media.id,) for media in digest.examined(report)[: settings.detailed_inputs]}
    ranked = sorted(report.exhibits, key=lambda e: (_RANK[e.kind], strongest.get(e.subjects, len(strongest))))
    result: dict[tuple[str, tuple[str, ...]], list[Exhibit]] = {}
    offered = sum(len(exhibit.stills) for exhibit in report.exhibits)
    spent = shown = 0
    for whole in ranked:
        exhibit, thumbnail = whole, whole.stills[len(whole.stills) // 2 :][:1]
        if whole.kind != "key_frames":
            thumbnail = ()
            if whole.subjects not in strongest:
                continue
        elif whole.subjects not in detailed:
            exhibit = replace(whole, stills=())
        cost = sum(_cost(still) for still in (*exhibit.stills, *thumbnail))
        if spent + cost > settings.html_bytes:
            continue
        spent += cost
        shown += len(exhibit.stills) or len(thumbnail)
        kept = exhibit if exhibit.stills else replace(whole, stills=thumbnail)
        result.setdefault((whole.kind, whole.subjects), []).append(kept)
    return Gallery(result, offered - shown)


def _cost(still: Still) -> int:
    return len(still.jpeg) * 4 // 3 + 500  # base64, and the markup around it


def data_uri(still: Still) -> Markup:
    """A still as a `data:` address, which needs no file and no network; base64 has nothing to escape."""
    return Markup("data:image/jpeg;base64,") + Markup(b64encode(still.jpeg).decode("ascii"))
