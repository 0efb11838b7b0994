"""Which program or device class a file's structure is consistent with.

A table of rules (`writers.toml`), each on traces that were seen in files, read in a program's source or told
by others, each with that source and with how easily its traces are forged. Looked at are, of mp4, mov and 3gp
files, the brands, the order of the boxes, the names of handlers, the timescale, user data, keys and encoder
tags; of JPEG pictures the order of segments, the layout of the EXIF block, the maker note and the Software
field; and the pattern of the file's name. A camera is named where what marks it is there and the structure
is as its files have it. Where several rules hold of which none explains the others, none is named, and all of
them are listed.

Limits: every trace can be forged, inherited from an earlier file, or left by a program that writes as another
does, so a rule names what the file is *consistent with*. Platforms renew their programs; a writer that the
table does not know is called unknown. ffmpeg stands behind many programs and platforms.

Error rates: of 692 files that the counts of habits were not made on (pictures and videos of public
collections, and copies of cameras' files that ffmpeg, ExifTool and Pillow made of them), 203 were named and
none wrongly (precision 98 to 100 %); the others are called unknown. Who wrote the collections' pictures is
told by ExifTool from the same fields that the rules read, so this shows that the rules hold together, and on
the made copies that they do not fall for them. Few videos of cameras could be had: seven.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from verify.metadata.origin.conditions import Condition, check, holds
from verify.model import Writer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify.metadata.origin.traces import Traces

KINDS = ("camera", "platform", "program")
EVIDENCE = ("source", "measured", "published")
_TABLE = "writers.toml"
_EDITORS = "APP13 |APP14 Adobe|APP12 Ducky"  # Photoshop's image resources, Adobe's codec, Save for Web
_KEYS = {"name", "kind", "marks", "shape", "only", "because", "source", "evidence", "forged", "over"}
_KNOWN = {"source": "read in", "measured": "seen in", "published": "told by"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One writer, what its files show, and how that is known."""

    name: str
    kind: str  # one of KINDS
    marks: tuple[Condition, ...]  # all hold for its files, and mostly still after somebody rewrote them
    because: str
    source: str
    evidence: str  # one of EVIDENCE
    forged: str  # how easily
    shape: tuple[Condition, ...] = ()  # all hold for its files as it wrote them; each has its `words`
    only: tuple[Condition, ...] = ()  # all hold too where it is named; that they do not contradicts nothing
    over: tuple[str, ...] = ()  # writers whose traces this one's files also carry

    def __post_init__(self) -> None:
        """Refuse a rule that asks nothing, or says not where it is from."""
        if self.kind not in KINDS or self.evidence not in EVIDENCE:
            raise ValueError(f"{self.name}: unknown kind or evidence")
        if not all((self.name, self.marks, self.because, self.source, self.forged)):
            raise ValueError(f"{self.name}: a rule needs name, marks, because, source and forged")
        for condition in (*self.marks, *self.shape, *self.only):
            check(condition)
        if not all(condition.get("words") for condition in self.shape):
            raise ValueError(f"{self.name}: each part of a shape says in words what it asks")

    def marked(self, seen: Traces) -> bool:
        """Whether the file carries what marks this writer."""
        return all(holds(condition, seen) for condition in self.marks)

    def holds(self, seen: Traces) -> bool:
        """Whether the file is as this writer writes it."""
        return self.marked(seen) and not self.lacks(seen) and all(holds(each, seen) for each in self.only)

    def lacks(self, seen: Traces) -> tuple[str, ...]:
        """What of the writer's own structure the file does not have, in words."""
        return tuple(condition["words"] for condition in self.shape if not holds(condition, seen))


def table(text: str) -> tuple[Rule, ...]:
    """The rules of a table in TOML: those of containers, then one for each maker of picture cameras.

    Raises:
        ValueError: a rule is not of the form that `writers.toml` describes.
    """
    read = tomllib.loads(text)
    return tuple(_rule(row) for row in read["writer"]) + tuple(_picture(row) for row in read["picture"])


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the table that comes with the package."""
    return table(_text())


@dataclass(frozen=True, slots=True)
class Maker:
    """One maker of cameras, and how the EXIF blocks of its pictures are known to lie."""

    name: str
    make: str  # a pattern of what the EXIF names
    note: str = ""  # a pattern of how its maker notes begin; "" where they have no one beginning
    seen: int = 0  # pictures as the camera wrote them, as far as is known, that were looked at
    repacked: int = 0  # of these, laid out as ExifTool lays them
    jfif: int = 0  # of these, with a JFIF segment, which programs write that save or turn pictures

    def fits(self, seen: Traces) -> bool:
        """Whether the EXIF names this maker."""
        return holds({"exif": ["Image Make", self.make]}, seen)


@cache
def makers() -> tuple[Maker, ...]:
    """The makers of the table that comes with the package."""
    return tuple(Maker(**row) for row in tomllib.loads(_text())["picture"])


def _text() -> str:
    return (files("verify.metadata.origin") / _TABLE).read_text("utf-8")


def _rule(row: Mapping[str, Any]) -> Rule:
    if unknown := set(row) - _KEYS:
        raise ValueError(f"{row.get('name')}: unknown keys {sorted(unknown)}")
    lists: dict[str, Any] = {key: tuple(row.get(key, ())) for key in ("marks", "shape", "only", "over")}
    return Rule(**{**row, **lists})


def _picture(row: Mapping[str, Any]) -> Rule:
    """The rule of one maker's pictures: its name in the EXIF, a picture of the EXIF's size, no editor."""
    shape: list[Condition] = [
        {"words": "the size of picture that the EXIF gives", "same_size": True},
        {
            "words": "no segment of an editing program",
            "none": [{"segment": "APP13 |APP14 Adobe|APP12 Ducky"}],
        },
    ]
    if note := row.get("note"):
        shape.append({"words": f"a maker note that begins with {note!r}", "note": note})
    return Rule(
        f"{row['name']} camera",
        "camera",
        ({"exif": ["Image Make", row["make"]]}, {"any": [{"exif_block": True}, {"brand": "heic"}]}),
        f"the EXIF names {row['name']}, the picture has its size, and nothing names another program",
        "pictures of cameras in public collections",
        "measured",
        "by copying the EXIF of another picture of that size, one command",
        tuple(shape),
        ({"rewritten": False},),
    )


def candidates(seen: Traces) -> tuple[Rule, ...]:
    """Every rule that holds and that no other explains; of a camera's, those whose structure fits too."""
    holding = [rule for rule in rules() if rule.holds(seen)]
    programs = any(rule.kind == "program" for rule in holding)
    if programs and seen.jpeg is not None:  # a picture keeps its camera's fields when a program saves it
        holding = [rule for rule in holding if rule.kind != "camera"]
    explained = {name for rule in holding for name in rule.over}
    return tuple(rule for rule in holding if rule.name not in explained)


def writers(seen: Traces) -> tuple[Writer, ...]:
    """The writers that the traces are consistent with: none, one, or several where they do not tell."""
    return tuple(
        Writer(
            rule.name,
            (f"consistent with {rule.name}: {rule.because}", f"known from {rule.source}"),
            source=f"{_KNOWN[rule.evidence]} {rule.source}",
            forged=rule.forged,
            kind=rule.kind,
        )
        for rule in candidates(seen)
    )


def writer(seen: Traces) -> Writer | None:
    """The one writer that the traces are consistent with; None where they name none or several."""
    found = writers(seen)
    return found[0] if len(found) == 1 else None
