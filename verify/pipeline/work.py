"""The means of one run: how many processes, which settings, what was kept, who is told how far it is."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, TypeVar

from verify.fingerprint import neural
from verify.fingerprint.cache import Cache, default_folder
from verify.media import run_guarded
from verify.metadata.manifests import c2pa
from verify.pipeline.progress import silent
from verify.scene import ocr
from verify.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from verify.errors import VerifyError
    from verify.fingerprint.neural import Model
    from verify.media import Children
    from verify.metadata.manifests.c2pa import Trust
    from verify.pipeline.progress import Progress
    from verify.scene.ocr import Models

Job = TypeVar("Job")
Result = TypeVar("Result")


class Options(TypedDict, total=False):
    """How to work; nothing here but `settings` changes what is found."""

    jobs: int | None  # processes at once; None: one a core
    cache: bool  # whether to use and keep what earlier runs found; True by default
    cache_folder: Path | None  # None: the user's cache folder
    progress: Progress
    created: datetime | None  # what the report gives as its date; None: now
    settings: Settings


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class Work:
    """The means of one run, with the seconds that each stage took so far."""

    options: Options
    timings: dict[str, float] = field(default_factory=dict)
    children: Children | None = None  # where guarded processes wait between stages

    def __post_init__(self) -> None:
        """Refuse an option that nothing would heed."""
        unknown = sorted(set(self.options) - set(Options.__annotations__))
        if unknown:
            raise TypeError(f"unknown option: {', '.join(unknown)}")

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.options.get("settings", SETTINGS)

    @property
    def workers(self) -> int:
        """Processes at once."""
        return self.options.get("jobs") or cores()

    @cached_property
    def model(self) -> Model | None:
        """Of learned fingerprints; None where the extra is not installed or the settings do without."""
        return neural.model() if self.settings.neural.use else None

    @cached_property
    def trust(self) -> Trust | None:
        """Certificates by which signers of C2PA manifests are trusted; None where no list is named."""
        return c2pa.trust()

    @cached_property
    def readers(self) -> Models | None:
        """Of text in the picture; None where the extra is not installed or the settings do without."""
        return ocr.models() if self.settings.text.use else None

    def find_parts(self) -> None:
        """Find what variables of the environment name, so that a wrong one is told before the work.

        Raises:
            UsageError: one names what is not there or cannot be used.
            MissingExtraError: what it names needs a package that is not installed.
        """
        _ = self.model, self.trust, self.readers

    def cache(self) -> Cache | None:
        """What earlier runs found, or None where that is neither used nor kept."""
        if not self.options.get("cache", True):
            return None
        return Cache(self.options.get("cache_folder") or default_folder())

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = time.perf_counter() - start

    def guarded(
        self,
        stage: str,
        function: Callable[[Job], Result],
        jobs: Sequence[Job],
        name: Callable[[Job], object],
        done: Callable[[Result | VerifyError], None] | None = None,
    ) -> list[Result | VerifyError]:
        """`run_guarded` as a stage of its own, timed and told of; `done` gets each result as it comes."""
        tell = self.options.get("progress", silent)
        count = 0

        def step(_: int, result: Result | VerifyError) -> None:
            nonlocal count
            count += 1
            tell(stage, count, len(jobs))
            if done is not None:
                done(result)

        tell(stage, 0, len(jobs))
        with self.stage(stage):
            return run_guarded(function, jobs, workers=self.workers, done=step, name=name, keep=self.children)
