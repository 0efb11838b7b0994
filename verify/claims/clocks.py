"""Offsets between clips that do not add up.

What it does: where three or more clips are joined by copies and shared moments, the offsets around each loop
must add up to nothing. One that does not, beyond what was allowed for, is left out of the timeline and named.

How: copies are taken first, then shared moments, each in the order of the relations; what contradicts those
before it is left out. So it is told that something around the loop is wrong, and not which part of it.

Limits: offsets that add up need not be right. Error rates: none are measured; this is arithmetic on what the
relations give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.model import Finding, Measurement, Outcome

if TYPE_CHECKING:
    from verify.claims.network import Network

_NAME = "shared-clock/1"
_LIMITS = (
    "It shows that an offset around the loop is wrong, and not which: that two clips share a moment may be "
    "mistaken in any of its pairs."
)


def shared_clocks(network: Network) -> tuple[Finding, ...]:
    """A finding for each pair whose offset contradicts those of other pairs."""
    found: dict[str, tuple[tuple[str, str], float]] = {}
    for link in network.refused:
        back = network.chain(link.then, link.first)
        off = float(-(back.most + link.most)) if back else 0.0
        subjects = link.first[1], link.then[1]
        known = found.get(link.because)
        if known is None or known[1] < off:
            found[link.because] = subjects if known is None else known[0], off
    return tuple(
        Finding(
            _NAME,
            subjects,
            Outcome.INCONCLUSIVE,
            f"By what other pairs give, it cannot be that {because}, by at least {off:.1f} s. It is left out "
            "of the timeline.",
            _LIMITS,
            (Measurement("least disagreement", round(off, 1), "second"),),
        )
        for because, (subjects, off) in found.items()
    )
