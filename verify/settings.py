"""Every number that can change a result, with its unit, the reason for it and where it was measured.

A front end that changes one builds a new `Settings`; the report lists every value that was in force.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Reading files."""

    max_pixels: int = 178_956_970  # of a picture; Pillow's bound against bombs
    worker_seconds: int = 3600  # a guarded process may spend this long on one file before it is ended
    worker_bytes: int = 8 << 30  # address space of a guarded process; 8K video decodes in under 4 GiB


@dataclass(frozen=True, slots=True)
class FingerprintSettings:
    """Tracks: what is kept of a clip."""

    sample_rate: Fraction = Fraction(4)  # samples a second; at 1, most frames of a copy miss
    min_quality: int = 50  # PDQ quality, 0-100; below it a frame never votes. The published cut-off


@dataclass(frozen=True, slots=True)
class GeometrySettings:
    """Local features and robust fits."""


@dataclass(frozen=True, slots=True)
class CopySettings:
    """When two inputs are one recording."""


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """Events, moving things and differences."""


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Checks on one file."""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What a report shows; no measurement depends on these."""

    still_side: int = 480  # pixels, the longer side of a picture in the report
    still_quality: int = 72  # JPEG
    html_bytes: int = 16 << 20  # pictures are left out of the HTML past this, and the report says so


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, by room."""

    media: MediaSettings = field(default_factory=MediaSettings)
    fingerprint: FingerprintSettings = field(default_factory=FingerprintSettings)
    geometry: GeometrySettings = field(default_factory=GeometrySettings)
    copies: CopySettings = field(default_factory=CopySettings)
    scene: SceneSettings = field(default_factory=SceneSettings)
    checks: CheckSettings = field(default_factory=CheckSettings)
    report: ReportSettings = field(default_factory=ReportSettings)


SETTINGS = Settings()
