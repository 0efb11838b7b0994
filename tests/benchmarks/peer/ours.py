"""`verify` itself on the same pairs: what it calls one recording, with and without learned fingerprints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from peer.method import NEVER, Scores, cpu
from verify.calibration.answer import Answer
from verify.calibration.truth import Pair, PairKind
from verify.copies import Judgement
from verify.media import Children
from verify.model import Inquiry
from verify.pipeline.inputs import Input
from verify.pipeline.judge import judge
from verify.pipeline.run import Plan, examine_all
from verify.pipeline.work import Work
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOUND = 1.0  # the score of what it calls one recording; it gives no other


def answered(clips: Sequence[Path], pairs: Sequence[tuple[int, int]], jobs: int, *, learned: bool) -> Scores:
    """What the tool says of pairs of clips, given by their positions, as `batch` would."""
    settings = replace(SETTINGS, neural=replace(SETTINGS.neural, use=learned))
    inputs = [Input(f"clip-{place}", path, path) for place, path in enumerate(clips)]
    plan = Plan("batch", Inquiry("Peers", "Which pairs are copies?"))
    costs = []
    # Children count once they have ended.
    before = cpu()
    with Children() as children:
        work = Work({"jobs": jobs, "cache": False, "settings": settings}, children=children)
        examined = examine_all(inputs, plan, work)
    costs.append(cpu() - before)
    before = cpu()
    with Children() as children:
        work = Work({"jobs": jobs, "cache": False, "settings": settings}, children=children)
        judged = judge(examined, pairs, work)
    costs.append(cpu() - before)
    failed = {item.media.path.name: item.media.error.message for item in examined if item.media.error}
    scores = []
    for a, b in pairs:
        result = judged.get((a, b))
        relation = result.relation if isinstance(result, Judgement) else None
        said = Answer(Pair(clips[a], clips[b], PairKind.EASY, "", ""), relation, ()).said
        scores.append(FOUND if said else NEVER)
        if result is not None and not isinstance(result, Judgement):
            failed[f"{clips[a].name} and {clips[b].name}"] = result.message
    return Scores(tuple(scores), *costs, failed)
