"""The sentences of a report, in one voice: what was measured and found, never a verdict.

A difference is an observation. Nothing found is not proof of anything. What was not looked at is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.model import Footage, Outcome, RelationKind
from verify.report import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Media, Relation, Segment

DISCLAIMER = "A clean result does not prove authenticity, and a flagged result does not prove manipulation."

NAMES = {
    RelationKind.IDENTICAL: "identical",
    RelationKind.COPY: "copy",
    RelationKind.SAME_CAMERA: "same camera view",
    RelationKind.SAME_EVENT: "same event",
    RelationKind.SAME_PLACE: "same place",
    RelationKind.NONE_FOUND: "none found",
    RelationKind.INCONCLUSIVE: "inconclusive",
}

LETTERS = {
    RelationKind.IDENTICAL: "I",
    RelationKind.COPY: "C",
    RelationKind.SAME_CAMERA: "V",
    RelationKind.SAME_EVENT: "E",
    RelationKind.SAME_PLACE: "P",
    RelationKind.NONE_FOUND: "·",
    RelationKind.INCONCLUSIVE: "?",
}

GLOSSARY = {
    RelationKind.IDENTICAL: "The same bytes, or the same encoded streams in another container or with other "
    "tags.",
    RelationKind.COPY: "The same recording, established: re-encoded, cut, cropped, mirrored, re-filmed or "
    "captioned, in part or whole.",
    RelationKind.SAME_CAMERA: "The same view from the same place. That it is the same recording was refuted, "
    "or could not be told because nothing moves; the report says which.",
    RelationKind.SAME_EVENT: "Different cameras at one moment: at least two kinds of evidence, or one that "
    "cannot be a shared sound track, agree on one offset.",
    RelationKind.SAME_PLACE: "Different cameras at one place, and no shared moment was found.",
    RelationKind.NONE_FOUND: "Nothing was found that relates the two. That is not proof that they are "
    "unrelated.",
    RelationKind.INCONCLUSIVE: "There is too little in one of the two (black, flat, a moment long) to say "
    "anything.",
}

OUTCOMES = {
    Outcome.INCONSISTENT: "Inconsistent with what was claimed or expected",
    Outcome.CONSISTENT: "Consistent with what was claimed or expected",
    Outcome.INCONCLUSIVE: "Inconclusive",
    Outcome.NOT_APPLICABLE: "Does not apply",
    Outcome.NOT_RUN: "Not run",
}

_FOOTAGE = {
    Footage.REFUTED: "That they are one recording was refuted.",
    Footage.ESTABLISHED: "That they are one recording was established.",
    Footage.NOT_DETERMINED: "Whether they are one recording could not be determined.",
    None: "Whether they are one recording could not be determined.",
}

_SOUND = {
    "same_recording": "The sound, in part or whole, is the same recording.",
    "same_moment": "The sound was recorded at the same moment.",
    "different": "Other sound lies under the shared pictures.",
}


def sentence(relation: Relation) -> str:
    """What a pair is, in one or two sentences."""
    a, b = relation.a, relation.b
    match relation.kind:
        case RelationKind.IDENTICAL:
            return f"{a} and {b} are identical in what they encode."
        case RelationKind.COPY:
            return f"{a} and {b} are copies of one recording, in part or whole."
        case RelationKind.SAME_EVENT if relation.offset:
            offset = relation.offset
            return (
                f"{a} and {b} show one moment from different cameras. A moment at t in {a} is at "
                f"t {'-' if offset.seconds < 0 else '+'} {abs(offset.seconds):.2f} s in {b}, give or take "
                f"{offset.uncertainty:.2f} s, by {units.listed(offset.by)}."
            )
        case RelationKind.NONE_FOUND if relation.sound == "same_recording":
            return f"Nothing was found that the pictures of {a} and {b} have in common."
        case RelationKind.NONE_FOUND:
            return f"Nothing was found that relates {a} and {b}. That is not proof that they are unrelated."
        case RelationKind.INCONCLUSIVE if relation.sound == "same_recording":
            return f"There are too few pictures in one of {a} and {b} to compare."
        case RelationKind.INCONCLUSIVE:
            return f"Nothing can be said of {a} and {b}: there is too little in one of them."
    return group(relation.kind, relation.footage, a, (b,))


def group(kind: RelationKind, footage: Footage | None, centre: str, others: Sequence[str]) -> str:
    """What one input has with several others, where all of these relations are of one kind."""
    them = units.listed(others)
    match kind:
        case RelationKind.IDENTICAL:
            return f"{centre} is identical in what it encodes to {them}."
        case RelationKind.SAME_CAMERA:
            return f"{centre} has the same view from the same place as {them}. {_FOOTAGE[footage]}"
        case RelationKind.SAME_EVENT:
            return f"{centre} shows the same moment as {them}, from a different camera."
        case RelationKind.SAME_PLACE:
            place = f"{centre} shows the same place as {them}, from a different camera."
            return f"{place} No shared moment was found."
        case RelationKind.INCONCLUSIVE:
            return f"Nothing can be said of {centre} with {them}: there is too little in one of each pair."
    return f"{centre} and {them}: {NAMES[kind]}."


def copies(members: Sequence[str], nearest: str | None, *, complete: bool) -> str:
    """What inputs are that are copies of each other."""
    them = units.listed(members)
    text = (
        f"{them} are copies of one recording, in part or whole."
        if complete
        else f"{them} are joined by copies: each shares a recording with at least one of the others."
    )
    if nearest is None:
        return f"{text} Which of them is nearest the source cannot be told."
    return f"{text} Of these, {nearest} is nearest the source."


def direction(relation: Relation) -> str:
    """Which of a pair is nearer the source."""
    if relation.kind is not RelationKind.COPY:
        return ""
    if relation.nearer_source is None:
        return "Which of the two is nearer the source cannot be told."
    return f"{relation.a if relation.nearer_source == 'a' else relation.b} is nearer the source."


def segment(segment: Segment, a: str, b: str) -> str:
    """Where a shared stretch lies in each, and how."""
    how = [f"{units.span(segment.a)} of {a} is {units.span(segment.b)} of {b}"]
    if segment.mirrored:
        how.append("mirrored")
    if segment.reversed:
        how.append("played backwards")
    if abs(segment.speed - 1) > 0.0005:
        how.append(f"at {segment.speed:.3f} times the speed")
    how.append(f"agreement {segment.score:.2f}")
    if segment.uncertainty:
        how.append(f"give or take {units.time(segment.uncertainty)}")
    return ", ".join(how) + "."


def strength(relation: Relation) -> str:
    """The likelihood ratio in words, only where it was calibrated."""
    if relation.log10_lr is None or relation.support is None:
        return ""
    against = f", against {relation.against}" if relation.against else ""
    return f"Support: {relation.support} (log10 of the likelihood ratio {relation.log10_lr:.1f}{against})."


def unread(media: Media) -> str:
    """Why nothing could be taken from an input, without its path, which stands beside it."""
    if media.error is None:
        return "no picture, video or sound"
    return media.error.message.removeprefix(f"{media.path}: ")


def sentence_case(text: str) -> str:
    """The text with a capital first letter and no full stop."""
    return (text[:1].upper() + text[1:]).rstrip(".")


def sound(relation: Relation) -> str:
    """What the sound says of a pair."""
    text = _SOUND.get(relation.sound or "", "")
    if relation.sound == "same_recording" and relation.footage is not Footage.ESTABLISHED:
        return f"{text} A shared sound track does not make them copies."
    return text


def heard(members: Sequence[str], *, complete: bool) -> str:
    """What inputs are that share sound, and of whose pictures nothing was found in common."""
    them = units.listed(members)
    text = (
        f"The same sound lies in {them}, and nothing was found that their pictures have in common."
        if complete
        else f"{them} are joined by shared sound: each shares some with at least one of the others, and "
        "nothing was found that the pictures of such pairs have in common."
    )
    return f"{text} A shared sound track does not make them copies."
