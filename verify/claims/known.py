"""All that a claim is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verify.claims.timeline import Ledger
    from verify.model import Finding, Media, Relation
    from verify.settings import ClaimSettings


@dataclass(frozen=True, slots=True)
class Known:
    """The ledger, and what was found in and between the inputs."""

    book: Ledger
    media: Mapping[str, Media]
    relations: Sequence[Relation] = ()
    findings: Sequence[Finding] = ()
    settings: ClaimSettings = SETTINGS.claims

    def related(self, media: str) -> Iterator[tuple[Relation, str]]:
        """Each relation of an input, with the other one's id."""
        for relation in self.relations:
            if media in {relation.a, relation.b}:
                yield relation, relation.b if relation.a == media else relation.a
