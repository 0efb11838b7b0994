"""The methods, described by the docstrings of the modules that carry them out.

What a reader is told of a method is what stands beside its code: `verify methods` and the appendix of every
report print these texts.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib import import_module

# In the order in which a file meets them.
METHODS = (
    "verify.media.probe",
    "verify.media.decode",
    "verify.media.shots",
    "verify.media.payload",
    "verify.metadata",
    "verify.metadata.containers.boxes",
    "verify.metadata.picture.jpeg",
    "verify.metadata.bitstream.encoders",
    "verify.metadata.origin.writers",
    "verify.metadata.origin.platforms",
    "verify.metadata.manifests.c2pa",
    "verify.fingerprint.pdq",
    "verify.fingerprint.pictures",
    "verify.fingerprint.local",
    "verify.fingerprint.track",
    "verify.fingerprint.sound",
    "verify.fingerprint.neural",
    "verify.geometry.sketch",
    "verify.geometry.fit",
    "verify.geometry.views",
    "verify.geometry.register",
    "verify.geometry.agreement",
    "verify.copies.relate",
    "verify.copies.identity",
    "verify.copies.seeds",
    "verify.copies.vectors",
    "verify.copies.rhythm",
    "verify.copies.votes",
    "verify.copies.align",
    "verify.copies.closer",
    "verify.copies.ends",
    "verify.copies.exact",
    "verify.copies.recording",
    "verify.copies.refine",
    "verify.copies.steady",
    "verify.copies.camera",
    "verify.copies.stills",
    "verify.copies.edits",
    "verify.copies.edits.timing",
    "verify.copies.edits.picture",
    "verify.copies.edits.bars",
    "verify.copies.edits.marks",
    "verify.copies.edits.tone",
    "verify.copies.edits.frozen",
    "verify.copies.edits.replay",
    "verify.copies.sound",
    "verify.copies.sound_under",
    "verify.copies.nearer",
    "verify.copies.breaks",
    "verify.copies.around",
    "verify.copies.detail",
    "verify.copies.gop",
    "verify.copies.sight",
    "verify.copies.family",
    "verify.scene.light",
    "verify.scene.steady",
    "verify.scene.plate",
    "verify.scene.spots",
    "verify.scene.chains",
    "verify.scene.movers",
    "verify.scene.visible",
    "verify.scene.place",
    "verify.scene.differences",
    "verify.scene.text",
    "verify.scene.overlays",
    "verify.claims.posts",
    "verify.claims.posts.identifiers",
    "verify.claims.posts.order",
    "verify.claims.timeline",
    "verify.claims.file_names",
    "verify.claims.fields",
    "verify.claims.bearing",
    "verify.claims.clocks",
    "verify.claims.sky",
    "verify.claims.shadow",
    "verify.claims.ground",
    "verify.claims.places",
    "verify.checks.c2pa",
    "verify.checks.claimed_light",
    "verify.checks.distances",
    "verify.checks.camera_original",
    "verify.checks.declared_times",
    "verify.checks.file_metadata",
    "verify.checks.picture_text",
    "verify.checks.thumbnail",
    "verify.checks.timestamps",
    "verify.calibration.figures",
    "verify.calibration.overlap",
    "verify.calibration.intervals",
    "verify.calibration.ratio",
)


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name as `verify methods NAME` takes it, a title, and its module's text."""

    name: str
    title: str
    text: str


def methods() -> tuple[Method, ...]:
    """Every method of `METHODS`, in its order; ImportError where one is not there."""
    return tuple(_method(module) for module in METHODS)


def _method(module: str) -> Method:
    described = inspect.cleandoc(import_module(module).__doc__ or "")
    title, _, text = described.partition("\n")
    return Method(module.removeprefix("verify."), title.rstrip("."), text.strip())
