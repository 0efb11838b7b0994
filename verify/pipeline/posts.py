"""Exports of posts that a case names: read, their pictures and videos added as inputs, and matched by bytes.

A post shows an input when one of its files has the same bytes, or when the case file says so. Pictures and
videos of an export that are not among the inputs become inputs themselves, up to a stated number, so that a
post also meets re-encoded copies: its file is related to the clips like any other input.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from verify.claims.posts import Gathered, account, omitted, read_export, written_posts
from verify.claims.posts.files import digest
from verify.claims.posts.identifiers import coded, coded_number, platform
from verify.errors import VerifyError
from verify.model import Problem, Role
from verify.pipeline.inputs import Input, unused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from verify.claims import Case, Export
    from verify.model import Finding, Media, Post, PostFile
    from verify.pipeline.work import Work
    from verify.settings import PostSettings

_PICTURES = {
    ".3gp", ".avi", ".avif", ".bmp", ".flv", ".gif", ".heic", ".jpeg", ".jpg", ".m2ts", ".m4v", ".mkv",
    ".mov", ".mp4", ".mpeg", ".mpg", ".png", ".tif", ".tiff", ".ts", ".webm", ".webp", ".wmv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Job:
    """One export, for the guarded process that reads it."""

    path: Path
    export: Export
    settings: PostSettings


def gather(case: Case | None, work: Work) -> list[Gathered]:
    """What each export of a case holds, in its order."""
    if case is None or not case.exports:
        return []
    jobs = [Job(case.path.parent / export.path, export, work.settings.posts) for export in case.exports]
    results = work.guarded("reading posts", _read, jobs, lambda job: job.path)
    return [
        Gathered(job.export.path, job.export.format, broken=Problem(result.code, result.message, result.hint))
        if isinstance(result, VerifyError)
        else result
        for job, result in zip(jobs, results, strict=True)
    ]


def _read(job: Job) -> Gathered:
    export = job.export
    return read_export(job.path, export.path, export.format, job.settings, export.zone, export.zone_from)


def further(
    gathered: Sequence[Gathered], inputs: Sequence[Input], case: Case | None, most: int
) -> tuple[tuple[Input, ...], tuple[int, ...]]:
    """Pictures and videos of exports as inputs of their own, and how many of each export are left out.

    One that has the bytes of an input, or of another one, is no further input.
    """
    found: list[Input] = []
    left: list[int] = []
    taken, known = {item.id for item in inputs}, Known(inputs)
    for export, read in zip(case.exports if case else (), gathered, strict=True):
        files = [file for file in _pictures(read.posts) if file.file and known.add(file.file, file.sha256)]
        allowed = files[: most if export.files is None else export.files]
        for file in allowed:
            path = file.file or Path()
            found.append(Input(unused(path, taken), path, _shown(path, case), Role.CLIP))
        left.append(len(files) - len(allowed))
    return tuple(found), tuple(left)


class Known:
    """Files that are inputs already, by place and by bytes; bytes are read where the sizes agree."""

    def __init__(self, inputs: Iterable[Input]) -> None:
        """Take the inputs that can be opened."""
        self._places: set[Path] = set()
        self._sizes: dict[int, list[Path]] = {}
        self._sums: set[str] = set()
        for item in inputs:
            try:
                size = item.path.stat().st_size if item.problem is None and item.path.is_file() else None
            except OSError:
                continue  # what cannot be looked at is told of when it is examined
            if size is not None:
                self._places.add(item.path.resolve())
                self._sizes.setdefault(size, []).append(item.path)

    def add(self, path: Path, sha256: str | None) -> bool:
        """Whether the file is a new one; it is known from then on."""
        if path in self._places or sha256 is None:
            return False
        try:
            for same in self._sizes.pop(path.stat().st_size, []):
                self._sums.add(digest(same))
        except OSError:
            return False
        new = sha256 not in self._sums
        self._places.add(path)
        self._sums.add(sha256)
        return new


def _shown(path: Path, case: Case | None) -> Path:
    """A file of an export as the case would name it, where it lies under the case's folder."""
    root = case.path.parent.resolve() if case is not None else Path()
    return path.relative_to(root) if path.is_relative_to(root) else path


def _pictures(posts: Iterable[Post]) -> Iterable[PostFile]:
    """Files of posts that may be pictures or videos; stickers and other ornaments are none."""
    for post in posts:
        for file in post.files:
            name = Path(file.path.replace("\\", "/"))
            if name.suffix.lower() in _PICTURES and name.parts[:1] != ("stickers",):
                yield file


def collected(
    gathered: Sequence[Gathered],
    media: Sequence[Media],
    case: Case | None,
    settings: PostSettings,
    created: datetime,
) -> tuple[tuple[Post, ...], int]:
    """The posts of a report, in the order of the case and its exports, and how many are left out.

    Where there are more than are listed, those that show an input are kept before others.

    Args:
        gathered: what each export gave.
        media: the inputs, those of the case first.
        case: whose own posts come first.
        settings: bounds.
        created: when the report is made: identifiers that carry a later time are none.
    """
    ids = {place: item.id for place, item in enumerate(media)}
    sums: dict[str, list[str]] = {}
    for item in media:
        if item.sha256:
            sums.setdefault(item.sha256, []).append(item.id)
    posts = [*written_posts(case, ids)] if case else []
    posts += [replace(post, shows=_shows(post, sums)) for read in gathered for post in read.posts]
    room = max(0, settings.listed - sum(1 for post in posts if post.shows))
    kept = []
    for post in posts:
        if post.shows:
            kept.append(post)
        elif room:
            kept.append(post)
            room -= 1
    slack = timedelta(seconds=float(settings.number_slack))
    numbered = tuple(_numbered(post, number, created, slack) for number, post in enumerate(kept, 1))
    return numbered, len(posts) - len(kept)


def _numbered(post: Post, number: int, created: datetime, slack: timedelta) -> Post:
    """The post with its id, its platform and the time that its identifier carries."""
    found = coded(post.url, created) or coded_number(post.platform, post.number, created)
    return replace(
        post,
        id=f"p{number}",
        platform=post.platform or platform(post.url) or (found.platform if found else ""),
        number=post.number or (found.number if found else ""),
        coded=found.time if found else None,
        coded_from=found.time - slack if found else None,
        coded_until=found.time + slack if found and found.prompt else None,
    )


def _shows(post: Post, sums: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Ids of the inputs with the bytes of one of the post's files."""
    return tuple(dict.fromkeys(name for file in post.files for name in sums.get(file.sha256 or "", ())))


def findings(
    gathered: Sequence[Gathered], posts: Sequence[Post], left: Sequence[int], unlisted: int
) -> tuple[Finding, ...]:
    """What was read of each export, with the inputs that its posts show.

    Args:
        gathered: what each gave.
        posts: of the report.
        left: of each export, the pictures and videos that are no inputs.
        unlisted: posts that the report leaves out.
    """
    found: list[Finding] = []
    for read, not_examined in zip(gathered, left, strict=True):
        shown = [name for post in posts if post.found_in == read.export for name in post.shows]
        found += account(read, tuple(dict.fromkeys(shown)), not_examined)
    return (*found, *omitted(unlisted, len(posts)))
