"""One relation of report.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.report.plain import SHARES, box, matrix, number, plain, seconds, span

if TYPE_CHECKING:
    from verify.model import Difference, Edit, Registration, Relation, Segment


def relation_json(relation: Relation) -> dict[str, object]:
    """`relations[]`, every key of the contract present."""
    offset = relation.offset
    return {
        "a": relation.a,
        "b": relation.b,
        "kind": str(relation.kind),
        "footage": relation.footage and str(relation.footage),
        "sound": relation.sound,
        "log10_lr": None if relation.log10_lr is None else number(relation.log10_lr, 2),
        "against": relation.against,
        "support": relation.support,
        "segments": [_segment(segment) for segment in relation.segments],
        "edits": [_edit(edit) for edit in relation.edits],
        "residual": None if relation.residual is None else number(relation.residual, SHARES),
        "nearer_source": relation.nearer_source,
        "because": list(relation.because),
        "registration": relation.registration and _registration(relation.registration),
        "offset": offset
        and {
            "seconds": seconds(offset.seconds),
            "uncertainty": seconds(offset.uncertainty),
            "by": list(offset.by),
        },
        "differences": [_difference(difference, relation) for difference in relation.differences],
    }


def _segment(segment: Segment) -> dict[str, object]:
    return {
        "a": span(segment.a),
        "b": span(segment.b),
        "speed": number(segment.speed, SHARES),
        "mirrored": segment.mirrored,
        "reversed": segment.reversed,
        "a_box": box(segment.a_box),
        "b_box": box(segment.b_box),
        "homography": matrix(segment.homography),
        "score": number(segment.score, SHARES),
        "uncertainty": seconds(segment.uncertainty),
    }


def _edit(edit: Edit) -> dict[str, object]:
    return {
        "kind": edit.kind,
        "a": edit.a and span(edit.a),
        "b": edit.b and span(edit.b),
        "box": edit.box and box(edit.box),
        "box_in": edit.box_in,
        "parameters": plain(edit.parameters),
        "statement": edit.statement,
    }


def _registration(registration: Registration) -> dict[str, object]:
    return {
        "model": registration.model,
        "matrix": matrix(registration.matrix),
        "inliers": registration.inliers,
        "a_box": box(registration.a_box),
        "b_box": box(registration.b_box),
        "a_time": seconds(registration.a_time),
        "b_time": seconds(registration.b_time),
    }


def _difference(difference: Difference, relation: Relation) -> dict[str, object]:
    return {
        "present_in": side(difference.present_in, relation),
        "absent_from": side(difference.absent_from, relation),
        "at": span(difference.at),
        "box": box(difference.box),
        "box_in_other": difference.box_in_other and box(difference.box_in_other),
        "comparable": difference.comparable,
        "reasons": list(difference.reasons),
        "statement": difference.statement,
    }


def side(media: str, relation: Relation) -> str:
    """`"a"` or `"b"`: which of the relation's two inputs a media id names."""
    if media not in {relation.a, relation.b}:
        raise ValueError(f"{media} is neither {relation.a} nor {relation.b}")
    return "a" if media == relation.a else "b"
