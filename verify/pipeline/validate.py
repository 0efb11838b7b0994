"""How often the tool is right on somebody's own footage: it is run on pairs whose truth is known.

The tool is run as `batch` runs it: each file is examined once, then each pair is related, in guarded
processes. What cannot be read, made or compared is listed with its reason, and costs nothing else.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from verify.calibration.answer import Answer
from verify.calibration.figures import figures
from verify.calibration.motion import movement
from verify.calibration.ratio import fit
from verify.calibration.validation import Validation
from verify.copies import Judgement
from verify.errors import UsageError, VerifyError
from verify.fingerprint.track import TINY_STEPS, from_arrays
from verify.media import Children
from verify.model import Inquiry
from verify.pipeline import trials
from verify.pipeline.inputs import Input, collect
from verify.pipeline.judge import judge
from verify.pipeline.run import Plan, examine_all
from verify.pipeline.tool import describe
from verify.pipeline.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction
    from typing import Unpack

    from verify.calibration.truth import Pair
    from verify.model import Media, Still
    from verify.pipeline.examine import Examined
    from verify.pipeline.work import Options
    from verify.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried."""

    seed: int = 0
    per_source: int | None = None  # copies of each source; None: as the settings say
    transforms: tuple[str, ...] = ()  # names; none: all
    negatives: int | None = None  # sources that pairs which look like copies are made of; None: all
    easy_pairs: int | None = None  # pairs of different sources; None: as the settings say
    all_pairs: bool = False  # all of them
    keep: Path | None = None  # where the made clips stay; None: they are removed


_PLAN = Plan("validate", Inquiry("Validation", "How often is the tool right?"), skip_others=True)


def validate(
    paths: Sequence[Path], wanted: Wanted = Wanted(), media: str = "", **options: Unpack[Options]
) -> Validation:
    """The tool's measured error rates on these clips.

    Args:
        paths: files and folders; folders are walked recursively.
        wanted: what is to be tried.
        media: what the clips are called in the report; by default the paths.
        options: see `Options`.

    Raises:
        UsageError: a path is missing, there is no clip that copies can be made of, or no such transform.
    """
    chosen = trials.transforms(wanted.transforms)
    inputs = collect(paths)
    with Children() as children, _folder(wanted.keep) as folder:
        work = Work(options, children=children)
        created = options.get("created") or datetime.now(UTC).replace(microsecond=0)
        looked = examine_all(inputs, _PLAN, work)
        work.timings["examining the sources"] = work.timings.pop("examining")
        sources, kept, unused = trials.usable(inputs, looked, work.settings)
        if not sources:
            told = "; ".join(f"{left.name}: {left.reason}" for left in unused[:3])
            raise UsageError(f"there is no clip that copies can be made of ({told})", "name another folder")
        limits = work.settings.calibration
        each = wanted.per_source or limits.copies
        made = trials.make_pairs(sources, kept, chosen, each, folder, wanted.seed, work, wanted.negatives)
        most = limits.easy_pairs if wanted.easy_pairs is None else wanted.easy_pairs
        easy, possible = trials.easy(made.clips, None if wanted.all_pairs else most, wanted.seed)
        answers, stills = _answers([*made.trials, *easy], kept, folder, work)
        # A table is passed on, so it names the folder and not where that lies on somebody's disk.
        origin = _origin(
            media or ", ".join(path.resolve().name for path in paths), len(sources), wanted, created, work
        )
        fitted = fit(answers, origin, limits)
        return Validation(
            created=created,
            tool=describe(work.settings, work.model),
            media=media or ", ".join(map(str, paths)),
            seed=wanted.seed,
            per_source=each,
            transforms=tuple(transform.name for transform in chosen),
            sources=tuple(sources),
            unused=tuple(unused),
            not_made=made.not_made,
            answers=tuple(answers),
            easy_possible=possible,
            figures=figures(answers, limits),
            table=fitted[0] if fitted else None,
            curve=fitted[1] if fitted else (),
            stills=stills,
            timings=work.timings,
        )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where clips are made: a folder that stays, or one that is gone afterwards."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="verify-") as place:
        yield Path(place)


def _answers(
    tried: Sequence[trials.Trial], kept: Sequence[Examined], folder: Path, work: Work
) -> tuple[list[Answer], dict[str, Still]]:
    """What the tool says of each pair, and a picture of each clip in those that went wrong."""
    done = {item.media.path: item for item in kept}
    clips = (path for trial in tried for path in (trial.pair.a, trial.pair.b))
    fresh = list(dict.fromkeys(path for path in clips if path not in done))
    inputs = [Input(_name(path, folder), path, path) for path in fresh]
    # Clips that are made and thrown away would drive the user's own out of the cache.
    passing = Work({**work.options, "cache": False}, work.timings, work.children)
    examined = [*kept, *examine_all(inputs, _PLAN, passing)]
    at = {path: place for place, path in enumerate([*done, *fresh])}
    places = [(at[trial.pair.a], at[trial.pair.b]) for trial in tried]
    judged = judge(examined, places, work)
    answers = []
    for trial, place in zip(tried, places, strict=True):
        pair = trial.pair
        result = judged.get(place)
        both = examined[place[0]], examined[place[1]]
        problem = "" if isinstance(result, Judgement) else _problem(result, both)
        answers.append(
            Answer(
                pair,
                result.relation if isinstance(result, Judgement) else None,
                trial.sources,
                _frame(both[0].media, both[1].media),
                _moves(pair, both[0]) if pair.segments else (),
                problem,
                (_name(pair.a, folder), _name(pair.b, folder)),
            )
        )
    return answers, _stills(answers, examined, at, work.settings.calibration.shown_misses)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _problem(result: VerifyError | None, both: Sequence[Examined]) -> str:
    if result is not None:
        return result.message
    errors = [item.media.error.message for item in both if item.media.error is not None]
    return "; ".join(errors) or "there is no picture to compare"


def _frame(a: Media, b: Media) -> Fraction | None:
    """Seconds of a frame of the slower clip."""
    rates = [media.video.frame_rate for media in (a, b) if media.video is not None and media.video.frame_rate]
    return 1 / min(rates) if len(rates) == 2 else None


def _moves(pair: Pair, a: Examined) -> tuple[float, ...]:
    if a.seen is None:
        return ()
    track = from_arrays(a.seen.track)
    return tuple(
        movement(track.tiny_times, track.tiny, true.a, true.a_box) / TINY_STEPS for true in pair.segments
    )


def _stills(
    answers: Sequence[Answer], examined: Sequence[Examined], at: Mapping[Path, int], most: int
) -> dict[str, Still]:
    """The middle key frame of each clip in the first `most` pairs that went wrong, by name."""
    found: dict[str, Still] = {}
    for answer in [each for each in answers if each.wrong][:most]:
        for path, name in zip((answer.pair.a, answer.pair.b), answer.names, strict=True):
            exhibit = examined[at[path]].exhibit
            if exhibit is not None and exhibit.stills:
                found[name] = exhibit.stills[len(exhibit.stills) // 2]
    return found


def _origin(media: str, sources: int, wanted: Wanted, created: datetime, work: Work) -> dict[str, object]:
    """Where a table of likelihood ratios comes from."""
    tool = describe(work.settings, work.model)
    return {
        "media": media,
        "sources": sources,
        "created": created.isoformat(),
        "version": tool.version,
        "settings": _digest(work.settings),
        "seed": wanted.seed,
    }


def _digest(settings: Settings) -> str:
    """The settings in short: other settings have another digest."""
    return hashlib.sha256(repr(asdict(settings)).encode()).hexdigest()[:16]
