"""What checks need to hold claimed hours against pictures: what is said of a file, and how bright it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.scene.light import usual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from verify.claims import Case, CaseInput
    from verify.model import Media
    from verify.pipeline.examine import Examined


def said_of(case: Case | None, media: Sequence[Media]) -> dict[str, CaseInput]:
    """What the case says of each of its clips, by the file's id; the case's clips are the first inputs."""
    clips = case.clips if case is not None else ()
    return {item.id: clip for item, clip in zip(media, clips, strict=False)}


def brightness(
    examined: Sequence[Examined], said: Mapping[str, CaseInput]
) -> dict[tuple[str, float | None], NDArray[np.float32]]:
    """`usual` of each file with a claim or a position, as it usually is and at the second of each reading."""
    found = {}
    for item in examined:
        clip = said.get(item.media.id)
        if item.seen is None or (clip is None and item.media.metadata.position is None):
            continue
        for second in {None, *(reading.at for reading in (clip.readings if clip else ()))}:
            grid = usual(item.seen.light, second)
            if grid is not None:
                found[item.media.id, second] = grid
    return found
