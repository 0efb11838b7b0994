"""How long work tells how far it is, without printing anything."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called as work goes on, from the calling process only."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage ("examining", "comparing", ...) are through."""


def silent(stage: str, done: int, total: int) -> None:
    """A progress that tells nobody."""
