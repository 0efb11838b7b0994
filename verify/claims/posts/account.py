"""What was read of an export and what was not, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.model import Finding, Measurement, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verify.claims.posts.found import Malformed
    from verify.claims.posts.reading import Gathered
    from verify.model import Post

CHECK = "posts/1"
LIMITS = (
    "An export is a file like any other, and who made it can have changed it. It holds what its maker could "
    "see and chose to save: the earliest post in it is the earliest found here."
)
_NAMED = 10  # malformed places in the statement
_MEASURED = 50  # malformed places of one export among the measurements; the rest are counted


def account(read: Gathered, subjects: Sequence[str] = (), not_examined: int = 0) -> tuple[Finding, ...]:
    """Findings about one export.

    Args:
        read: what it gave.
        subjects: ids of the inputs that its posts show.
        not_examined: of its pictures and videos.
    """
    found = []
    if read.broken is not None:
        found.append(_broken(read, tuple(subjects)))
    if read.posts or read.broken is None:
        found.append(_read(read, tuple(subjects), not_examined))
    if read.malformed:
        found.append(_malformed(read, tuple(subjects)))
    return tuple(found)


def omitted(unlisted: int, listed: int) -> tuple[Finding, ...]:
    """That a report does not list every post that was read; those that show an input are listed first."""
    if not unlisted:
        return ()
    statement = (
        f"{_count(unlisted, 'post')} read, and not listed: the report holds {listed}, those that "
        "show an input first. Leave exports out of the case, or split them, to see the others."
    )
    measured = Measurement("posts not listed", unlisted, "posts", 0)
    return (Finding(CHECK, (), Outcome.INCONCLUSIVE, statement, LIMITS, (measured,)),)


def _broken(read: Gathered, subjects: tuple[str, ...]) -> Finding:
    problem = read.broken
    how = "was not read to its end" if read.posts else "was not read"
    said = f"{problem.message}. {_sentence(problem.hint)}" if problem else ""
    return Finding(
        CHECK, subjects, Outcome.NOT_RUN, f"The export of posts {read.export} {how}: {said}".strip(), LIMITS
    )


def _read(read: Gathered, subjects: tuple[str, ...], not_examined: int) -> Finding:
    files = [file for post in read.posts for file in post.files]
    held = sum(1 for file in files if file.file is not None or file.sha256 is not None)
    whole = not (read.malformed or read.left_out or read.broken)
    kind = f" ({read.format})" if read.format else ""
    said = [f"{_count(len(read.posts), 'post')} read from the export {read.export}{kind}."]
    said += [f"{count} passed over: {what}." for what, count in sorted(read.passed_over.items())]
    if files:
        said.append(f"{held} of the {_count(len(files), 'file')} that they name are there.")
    if read.left_out:
        said.append(f"{_count(read.left_out, 'more post')} left out: split the export by date.")
    if not_examined:
        said.append(
            f"{_count(not_examined, 'picture or video', 'pictures and videos')} of it not examined: "
            f"write files = {not_examined} and more under [[posts]] to have them compared."
        )
    said += _zones(read.posts)
    measured = [
        Measurement("posts read", len(read.posts), "posts", where=read.export),
        Measurement("malformed places", len(read.malformed), "places", 0, read.export),
        Measurement("files named", len(files), "files", where=read.export),
        Measurement("files there", held, "files", where=read.export),
    ]
    outcome = Outcome.CONSISTENT if whole else Outcome.INCONCLUSIVE
    return Finding(CHECK, subjects, outcome, " ".join(said), LIMITS, tuple(measured))


def _zones(posts: Iterable[Post]) -> list[str]:
    """What must be said of dates without a zone."""
    zones = [post.zone for post in posts if post.start or post.end]
    bare, placed = zones.count(""), zones.count("case")
    found = []
    if bare:
        found.append(
            f"{_count(bare, 'date')} without a zone: the time of the computer that made the export. "
            "Write timezone under [[posts]] if you know it."
        )
    if placed:
        found.append(
            f"{_count(placed, 'date')} without a zone, read in the zone of the place; the "
            "computer that made the export may have had another. Write timezone under [[posts]] if "
            "you know it."
        )
    return found


def _malformed(read: Gathered, subjects: tuple[str, ...]) -> Finding:
    places = read.malformed
    named = "; ".join(f"{each.place}: {each.problem}" for each in places[:_NAMED])
    more = f"; and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    hints = " ".join(dict.fromkeys(_sentence(each.hint) for each in places if each.hint))
    statement = (
        f"{_count(len(places), 'malformed place')} in the export {read.export}: {named}{more}. {hints}"
    )
    measured = tuple(_place(read.export, each) for each in places[:_MEASURED])
    return Finding(CHECK, subjects, Outcome.INCONCLUSIVE, statement.strip(), LIMITS, measured)


def _place(export: str, each: Malformed) -> Measurement:
    return Measurement("malformed place", 1, "place", 0, f"{export}: {each.place}")


def _count(number: int, what: str, several: str = "") -> str:
    return f"{number} {what if number == 1 else several or what + 's'}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
