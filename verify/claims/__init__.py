"""What people say of clips and of the incident, side by side with their sources."""

from verify.claims.bearing import claims
from verify.claims.case import Case, Export, read_case
from verify.claims.clocks import shared_clocks
from verify.claims.inputs import CaseInput, Claim, Reading
from verify.claims.known import Known
from verify.claims.moments import Moment
from verify.claims.timeline import Ledger, ledger, timeline

__all__ = [
    "Case",
    "CaseInput",
    "Claim",
    "Export",
    "Known",
    "Ledger",
    "Moment",
    "Reading",
    "claims",
    "ledger",
    "read_case",
    "shared_clocks",
    "timeline",
]
