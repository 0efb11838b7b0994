"""Posts that the investigator wrote into the case file, as posts like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify.claims.case import Case
    from verify.model import Post


def written_posts(case: Case, ids: Mapping[int, str]) -> Iterator[Post]:
    """The `[[clip.post]]`s of a case; `ids` gives the input of each clip, by its position in the case."""
    for index, clip in enumerate(case.clips):
        for post in clip.posts:
            yield replace(post, shows=(ids[index],) if index in ids else ())
