"""Whether a file that names a camera is still as that camera wrote it.

A camera writes the parts of a file in an order and with names of its own. Programs that copy, encode or tag a
file afterwards write it in theirs, and mostly leave some of the camera's traces in place, so that the two
contradict each other. Looked at, for videos: whether the structure is as this kind of camera writes it (see
"writers"), whether ffmpeg's or another program's mark stands beside a camera's, whether an encoder that no
camera has left its settings, whether the container's own dates agree, and whether an edit list hides the
beginning. For JPEG pictures: whether the picture has the size that its EXIF gives, segments of editing
programs, the program named in the EXIF, a maker note of another maker than named, dates that differ, and an
EXIF block laid out as ExifTool lays it, or a JFIF segment, where the maker's cameras are known to do
otherwise.

Limits: a file that is not as the camera wrote it has been passed through a program, which platforms,
messengers and desks do every day; it does not show that anything in the picture was changed, nor that
somebody meant to deceive. A program may also write just as the camera does, and all of it can be forged, so
that nothing contradicts does not show that the file is untouched. Little is known of many cameras: what is
looked at there is less, and traces that some cameras leave too are left open.

Error rates: of 64 pictures and 7 videos that are, as far as can be known, as the camera wrote them, none was
contradicted (below 5.7 and 36 % with 95 % confidence), and 9 pictures were left open. Of 76 copies of the
videos by ffmpeg and ExifTool, 70 were contradicted (92 %, 84 to 96 %); the other six carry no trace of the
camera and were named as ffmpeg's. Of 382 copies of the pictures, 181 were contradicted and 177 more left open
(together 94 %, 91 to 96 %): ExifTool's change of all dates or of the position leaves a trace that settles it
on few cameras. `tests/benchmarks/results/writers.json` has each step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify import metadata
from verify.checks.evidence import per_file
from verify.model import Finding, Measurement, MediaKind, Outcome

if TYPE_CHECKING:
    from verify.checks.evidence import Evidence
    from verify.model import Media

NAME = "camera-original/1"
LIMITS = (
    "Programs, platforms and messengers rewrite files without changing what they show, and a file can be "
    "forged as a camera writes it. So a contradiction shows only that a program came after the camera, and "
    "that none was found does not show that the file is untouched."
)


@per_file(NAME, "Whether the file is as the camera it names wrote it", LIMITS)
def camera_original(media: Media, evidence: Evidence) -> Finding | None:
    """What in the file contradicts that it is as a camera wrote it."""
    if media.kind not in {MediaKind.VIDEO, MediaKind.IMAGE}:
        return None
    seen = metadata.traces(media)
    cameras = metadata.cameras(seen)
    found = metadata.contradictions(seen, evidence.settings)
    if found:
        counted = Measurement("contradictions", len(found), "traces", 0)
        named = " or ".join(cameras) or "camera or recorder"
        statement = f"The file is not as its {named} wrote it: {'; '.join(found)}. {_AFTER}"
        return Finding(NAME, (media.id,), Outcome.INCONSISTENT, statement, LIMITS, (counted,))
    if doubts := metadata.doubts(seen):
        counted = Measurement("traces that some cameras leave too", len(doubts), "traces", 0)
        statement = f"Programs leave such traces, and so do some cameras: {'; '.join(doubts)}."
        return Finding(NAME, (media.id,), Outcome.INCONCLUSIVE, statement, LIMITS, (counted,))
    if cameras:
        counted = Measurement("contradictions", 0, "traces", 0)
        named = " or ".join(cameras)
        statement = f"Nothing that was looked at contradicts that the file is as its {named} wrote it."
        return Finding(NAME, (media.id,), Outcome.CONSISTENT, statement, LIMITS, (counted,))
    return _other(media)


_AFTER = (
    "This is consistent with having been passed through another program after recording; platforms, "
    "messengers and desks do so too."
)


def _other(media: Media) -> Finding:
    writer = media.metadata.writer
    if writer is None:
        statement = "The file names no camera that is known here, so there is nothing to hold it against."
    else:
        statement = (
            f"The file names no camera. Its structure is consistent with {writer.name}, so it is a file that "
            "was written after recording, as most copies that circulate are."
        )
    return Finding(NAME, (media.id,), Outcome.NOT_APPLICABLE, statement, LIMITS)
