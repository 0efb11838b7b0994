"""What people say of clips and of the incident, side by side with their sources."""

from verify.claims.case import Case, Export, read_case
from verify.claims.inputs import CaseInput, Claim, Post, Reading
from verify.claims.moments import Moment
from verify.claims.timeline import Ledger, ledger, timeline

__all__ = [
    "Case",
    "CaseInput",
    "Claim",
    "Export",
    "Ledger",
    "Moment",
    "Post",
    "Reading",
    "ledger",
    "read_case",
    "timeline",
]
