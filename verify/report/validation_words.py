"""What a validation came to, in sentences: counts first, with how far they may be off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.report import units

if TYPE_CHECKING:
    from verify.calibration.answer import Answer
    from verify.calibration.figures import Figures, OfNegatives, OfTransform, Spread
    from verify.calibration.intervals import Bound, Share
    from verify.calibration.validation import Validation

_WEAKEST = 5  # transforms named at the top
_NEGATIVES = {"hard": "that look alike and are no copies", "easy": "of different recordings"}


def percent(value: float) -> str:
    """`97 %`, with decimals for small shares and those near all: `2.6 %`, `0.25 %`, `0.015 %`, `99.8 %`."""
    part = 100 * value
    digits = 0
    if 0 < part < 10 or 99 < part < 100:
        digits = 1 if part >= 1 else 2 if part >= 0.1 else 3
    return f"{part:.{digits}f}\u00a0%"


def counted(share: Share) -> str:
    """`57 of 60`."""
    return f"{share.hits:,} of {share.of:,}"


def told(share: Share) -> str:
    """`57 of 60 (86 % to 98 %)`: with the 95 % interval."""
    if share.value is None:
        return "none to tell from"
    return f"{counted(share)} ({percent(share.low)} to {percent(share.high)})"


def bounded(bound: Bound) -> str:
    """`0 of 1,200 (below 0.25 %)`."""
    return f"{bound.false:,} of {bound.of:,} (below {percent(bound.upper)})" if bound.of else "none tried"


def spread(values: Spread | None, unit: str = "") -> str:
    """`median 0.5, 95 % within 2.1 frames`."""
    if values is None:
        return "none to tell from"
    bounds = f"median {values.median:.2f}, 95\u00a0% within {values.q95:.2f}"
    return f"{bounds} {unit} ({values.count:,})" if unit else f"{bounds} ({values.count:,})"


def headlines(validation: Validation) -> tuple[tuple[str, str], ...]:
    """The result in a few lines: a word and a sentence each."""
    figures = validation.figures
    lines = [("found", _found(figures)), ("false matches", _false(figures))]
    if missed := _weakest(figures):
        lines.append(("least found", missed))
    if figures.within.of:
        place = f"Start and offset were right to three frames in {counted(figures.within)} stretches"
        lines.append(("placed", f"{place}; the offset was off by {spread(figures.offset, 'frames')}."))
    if figures.direction.given.of:
        given, right = figures.direction.given, figures.direction.right
        text = (
            f"Which is nearer the source was told of {counted(given)} copies, and right for {counted(right)}."
        )
        lines.append(("direction", text))
    if validation.table is not None and validation.table.cllr is not None:
        text = f"Their cost (Cllr) is {validation.table.cllr:.2f} bits; 0 is perfect, 1 says nothing."
        lines.append(("likelihood ratios", text))
    lines.append(("not measured", _unmeasured(validation)))
    return tuple(lines)


def _found(figures: Figures) -> str:
    if figures.found.value is None:
        return "No copy could be made and compared."
    interval = f"{percent(figures.found.low)} and {percent(figures.found.high)}"
    text = (
        f"{counted(figures.found)} copies were found ({percent(figures.found.value)}; "
        f"on footage and edits like these, between {interval} with 95\u00a0% confidence)."
    )
    if figures.misplaced:
        text += f" Of these, {figures.misplaced} were placed at the wrong seconds."
    return text


def _false(figures: Figures) -> str:
    parts = [_bound(group) for group in (figures.easy, figures.hard) if group.false.of]
    return f"{units.listed(parts)}." if parts else "No pairs that are no copies were compared."


def _bound(group: OfNegatives) -> str:
    pairs = f"{units.count(group.false.of, 'pair')} {_NEGATIVES[str(group.kind)]}"
    return (
        f"{group.false.false:,} false among {pairs}, from {units.count(group.sources, 'source')} "
        f"(with 95\u00a0% confidence below {percent(group.false.upper)})"
    )


def by_share(figures: Figures) -> list[OfTransform]:
    """The ways of making copies, those that were found least often first, then by name."""
    return sorted(figures.found_by, key=lambda each: (each.found.value or 0.0, each.transform))


def _weakest(figures: Figures) -> str:
    missed = [each for each in by_share(figures) if each.found.hits < each.found.of]
    named = [f"{each.transform} ({each.found.hits} of {each.found.of})" for each in missed]
    return f"{units.listed(named, _WEAKEST + 1)}." if named else ""


def _unmeasured(validation: Validation) -> str:
    parts = [f"{left.name}: {left.reason}" for left in validation.unused if left.failed][:3]
    if more := sum(left.failed for left in validation.unused) - len(parts):
        parts.append(units.count(more, "more file") + " could not be read")
    if aside := sum(not left.failed for left in validation.unused):
        parts.append(f"{units.count(aside, 'file')} of the folder left aside")
    if validation.not_made:
        left = units.count(len(validation.not_made), "copy or negative", "copies or negatives")
        parts.append(f"not made: {left}")
    if validation.figures.failed:
        parts.append(f"{units.count(validation.figures.failed, 'pair')} could not be compared")
    parts.append("edits by hand and by platforms are only imitated")
    return f"{'; '.join(parts)}."


def wrong(answer: Answer) -> str:
    """What went wrong with a pair, in one sentence."""
    said = str(answer.relation.kind).replace("_", " ") if answer.relation is not None else "nothing"
    if answer.misplaced:
        return "Found, and placed at the wrong seconds."
    if answer.copy:
        return f"A copy, and not found to be one: {said}."
    return "No copy by how it was made, and said to be one."
