"""What would have to be so for a statement to hold beside one that it conflicts with, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.model import Need

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from verify.claims.conflicts import Conflict
    from verify.claims.ledger import Stated

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def need(conflict: Conflict, other: Stated, ids: Sequence[str], together: Sequence[str] = ()) -> Need:
    """What one side of a conflict needs of the other.

    Args:
        conflict: the two and what joins them.
        other: the statement that would have to be wrong.
        ids: those of its entries.
        together: ids of all entries, where only several exclude every reading.
    """
    wrong = other.wrong or "the other statement"
    ways = [f"{wrong} would have to be wrong by {_by(conflict.least)}"]
    ways += dict.fromkeys(link.instead for link in conflict.chain if link.instead)
    if other.besides and other.besides not in ways:
        ways.append(other.besides)
    through = tuple(dict.fromkeys(link.because for link in conflict.chain if link.because))
    statement = f"For this to hold, {_or(ways)}."
    if together:
        statement = f"No reading agrees with all of {', '.join(together)}. {statement}"
    return Need(tuple(ids), float(conflict.least), statement, through)


def _or(ways: Sequence[str]) -> str:
    return ", or ".join(ways)


def _by(seconds: Fraction | int) -> str:
    return f"at least {lasting(seconds)}" if seconds >= 1 else "some moments"


def lasting(seconds: Fraction | float) -> str:
    """A length of time in its two largest units, cut off below: "1 hour 3 minutes", "2 days"."""
    rest = int(seconds)
    parts: list[tuple[int, str]] = []
    for size, name in _UNITS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append((count, name))
    named = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts[:2] if count]
    return " ".join(named) or "less than a second"
