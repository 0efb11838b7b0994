"""What a file says of itself, counted and put into a sentence.

Device, program, date, place and orientation are read from EXIF or the container's tags. A file that says
nothing is reported as such, without suspicion: messengers and social networks remove these fields from what
they serve, so nearly every copy that circulates has none.

Limits: each field is a claim of the file; common programs change every one. That fields are present does not
show that a camera wrote them, that they are missing does not show that somebody removed them. Error rates:
this check counts and quotes; it decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.checks.evidence import per_file
from verify.metadata import explains
from verify.model import Finding, Measurement, MediaKind, Outcome

if TYPE_CHECKING:
    from verify.checks.evidence import Evidence
    from verify.model import Media

NAME = "file-metadata/1"
LIMITS = (
    "What a file says of itself is a claim and can be changed with common programs. Its absence is normal in "
    "copies that were sent through messengers or social networks."
)

_SHOWN = 120  # characters of a field in the sentence; the whole text is among the tags


@per_file(NAME, "What the file says of itself", LIMITS)
def file_metadata(media: Media, _evidence: Evidence) -> Finding | None:
    """How many descriptive fields the file has, and which."""
    said = media.metadata
    fields = [
        ("device", " ".join(filter(None, (said.make, said.model)))),
        ("program", said.software),
        ("date", said.taken),
        ("position", f"{said.position[0]}, {said.position[1]}" if said.position else None),
    ]
    present = [f"{name} {text[:_SHOWN]}" for name, text in fields if text]
    if not present:
        statement = (
            "The file names no device, program, date or place. That is normal for copies from messengers and "
            "social networks, and says nothing for or against the file."
        )
        statement += _normal(media)
        return Finding(NAME, (media.id,), Outcome.NOT_APPLICABLE, statement, LIMITS)
    statement = f"The file says of itself: {'; '.join(present)}."
    if not (said.make or said.model or said.taken or said.position):
        statement += (
            " It names no device, date or place, which is normal for copies from platforms and messengers."
        )
        statement += _normal(media)
    if said.writer is not None:
        statement += f" Its structure is {said.writer.because[0]}."
    counted = Measurement("descriptive fields", len(present), "fields")
    return Finding(NAME, (media.id,), Outcome.CONSISTENT, statement, LIMITS, (counted,))


def _normal(media: Media) -> str:
    """Why the file says nothing, where its structure tells the platform that it came from."""
    of = "picture" if media.kind is MediaKind.IMAGE else "video"
    names = [writer.name for writer in media.metadata.writers if writer.kind == "platform"]
    told = (explains(name, field, of) for name in names for field in ("position", "date", "device"))
    first = next(filter(None, told), "")
    return f" {first}" if first else ""
