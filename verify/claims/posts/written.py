"""Posts that the investigator wrote into the case file, as posts like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.model import Post

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify.claims.case import Case

FOUND_IN = "the case file"


def written_posts(case: Case, ids: Mapping[int, str]) -> Iterator[Post]:
    """The `[[clip.post]]`s of a case; `ids` gives the input of each clip, by its position in the case."""
    for index, clip in enumerate(case.clips):
        for number, post in enumerate(clip.posts, 1):
            yield Post(
                id="",
                platform="",
                source=post.source,
                start=post.at.start if post.at else None,
                end=post.at.end if post.at else None,
                zone="given" if post.at else "",
                dated_by="the case file" if post.at else "",
                text=post.text,
                url=post.url,
                shows=(ids[index],) if index in ids else (),
                found_in=FOUND_IN,
                place=f"clip[{index + 1}].post[{number}]",
            )
