"""Questions put to the evidence, one a file; each answer is a finding with its measurements and its limits.

`CHECKS` lists them. A check that could not be carried out becomes a finding too, with the reason.
"""

from __future__ import annotations

from verify.checks.c2pa import c2pa
from verify.checks.camera_original import camera_original
from verify.checks.claimed_light import claimed_light
from verify.checks.declared_times import declared_times
from verify.checks.distances import bang_distance, claimed_place
from verify.checks.evidence import Check, Evidence, not_run
from verify.checks.file_metadata import file_metadata
from verify.checks.picture_text import picture_text
from verify.checks.thumbnail import embedded_thumbnail
from verify.checks.timestamps import timestamps
from verify.errors import VerifyError
from verify.model import Finding

__all__ = ["CHECKS", "Check", "Evidence", "run_checks"]

CHECKS: tuple[Check, ...] = (
    file_metadata,
    c2pa,
    camera_original,
    declared_times,
    timestamps,
    embedded_thumbnail,
    picture_text,
    claimed_light,
    claimed_place,
    bang_distance,
)


def run_checks(evidence: Evidence, checks: tuple[Check, ...] = CHECKS) -> tuple[Finding, ...]:
    """The findings of every check, in the order of `checks`; never raises for a check that failed."""
    findings: list[Finding] = []
    everything = tuple(media.id for media in evidence.media)
    for check in checks:
        try:
            findings.extend(check(evidence))
        except VerifyError as error:
            findings.append(not_run(check.name, everything, check.limits, error))
    return tuple(findings)
