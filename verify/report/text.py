"""Report -> a short summary for a terminal. Nothing from a file can steer the terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

from verify.model import MediaKind, Outcome
from verify.report import digest, units, wording
from verify.report.escape import visible

if TYPE_CHECKING:
    from verify.model import Media, Report

_DIFFERENCES = 4
_TOLD = frozenset({Outcome.CONSISTENT, Outcome.INCONCLUSIVE})
_MOST = 12  # lines of one part; the rest is counted and stands in the report


def summary(report: Report) -> str:
    """What was found, in lines of text without colours; ends with one newline."""
    parts = [[report.inquiry.title, report.inquiry.question]]
    if len(report.media) <= _MOST:
        stems = Counter(PurePath(media.path).stem for media in report.media)
        parts.append([_item(media, stems) for media in report.media])
    else:
        parts.append([units.count(len(report.media), "input")])
    lines = [(wording.NAMES[line.kind], line.text) for line in digest.headlines(report)]
    width = max((len(name) for name, _ in lines), default=0)
    parts.append([f"{name:<{width}}  {text}" for name, text in lines])
    parts.append([f"contradiction  {line}" for line in digest.contradictions(report)])
    differences = digest.differences(report)
    parts.append([f"difference  {difference.statement}" for difference in differences[:_DIFFERENCES]])
    if len(differences) > _DIFFERENCES:
        more = units.count(len(differences) - _DIFFERENCES, "further difference")
        parts[-1].append(f"difference  {more}, in the report")
    inconsistent = digest.with_outcome(report, Outcome.INCONSISTENT)
    parts.append([f"inconsistent  {', '.join(f.subjects)}: {f.statement}" for f in inconsistent])
    if report.command == "inspect":  # what the files say is the question there
        parts.append(
            [f"{', '.join(f.subjects)}: {f.statement}" for f in report.findings if f.outcome in _TOLD]
        )
    parts.append(list(digest.not_looked_at(report)))
    parts.append([wording.DISCLAIMER])
    blocks = ["\n".join(visible(line) for line in _short(part)) for part in parts if part]
    return "\n\n".join(blocks) + "\n"


def _short(lines: list[str]) -> list[str]:
    kept = [line for line in lines if line][:_MOST]
    return [*kept, f"... and {len(lines) - _MOST} more, in the report"] if len(lines) > _MOST else kept


def _item(media: Media, stems: Counter[str]) -> str:
    name = PurePath(media.path)
    # An id that the file's name does not give away, such as the second of two names, is told with the name.
    called = f"{media.id} ({name.name})" if media.id != name.stem or stems[name.stem] > 1 else media.id
    if media.kind in {MediaKind.UNREADABLE, MediaKind.SKIPPED}:
        return f"{called}: not examined"
    facts = [str(media.kind)]
    if media.duration is not None:
        facts.append(units.time(media.duration))
    if media.video:
        facts.append(f"{media.video.width} x {media.video.height}")
    return f"{called}: {', '.join(facts)}"
