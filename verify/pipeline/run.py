"""One investigation, from inputs to report: examine each file, relate the pairs, ask the checks.

Everything that touches a file runs in guarded processes. A file, a pair or a check that fails takes nothing
else with it: it is in the report with its reason, and the report says that it is not complete. The order of
everything is that of the inputs, however many processes work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from verify.calibration import ratio
from verify.checks import CHECKS, Evidence, run_checks
from verify.checks.evidence import not_run
from verify.claims import Known, claims, ledger, shared_clocks
from verify.claims.fields import fields
from verify.claims.posts import order, order_findings
from verify.claims.stated_by_sky import stated_by_sky
from verify.copies import families
from verify.errors import NotMediaError, VerifyError
from verify.media import Children
from verify.model import Finding, Media, MediaKind, Outcome, Problem, RelationKind, Report
from verify.pipeline import hours, pairs, seen
from verify.pipeline import posts as exports
from verify.pipeline.examine import Examined, ToExamine, examine
from verify.pipeline.manifests import read_manifests
from verify.pipeline.texts import read_texts
from verify.pipeline.tool import describe
from verify.pipeline.work import Work, cores
from verify.scene.light import events_from
from verify.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.claims import Case
    from verify.model import Event, Exhibit, Inquiry, Relation
    from verify.pipeline.inputs import Input
    from verify.pipeline.work import Options


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with the inputs."""

    command: str
    inquiry: Inquiry
    relate: bool = True
    all_pairs: bool = True  # also those with nothing found
    shown: int = 0  # aligned moments of a pair in the report
    texts: bool = True  # whether text in the pictures is read, where it can be
    skip_others: bool = False  # files that are no media are listed, and are no failure
    case: Case | None = None


def run(inputs: Sequence[Input], plan: Plan, options: Options) -> Report:
    """Carry out a plan on its inputs."""
    with Children() as children:
        work = Work(options, children=children)
        work.find_parts()
        return _run(inputs, plan, work)


def _run(inputs: Sequence[Input], plan: Plan, work: Work) -> Report:
    created = work.options.get("created") or datetime.now(UTC).replace(microsecond=0)
    gathered = exports.gather(plan.case, work)
    added, left = exports.further(gathered, inputs, plan.case, work.settings.posts.files)
    inputs = (*inputs, *added)
    examined = examine_all(inputs, plan, work)
    media = read_manifests([item.media for item in examined], work)
    media = read_texts(media, [item.exhibit for item in examined], work) if plan.texts else media
    exhibits = [item.exhibit for item in examined if item.exhibit is not None]
    events = [event for item in examined for event in _events(item, work.settings)]
    compared, notes = pairs.compare(examined, plan.shown, work) if plan.relate else ([], {})
    media = [replace(item, notes=(*item.notes, *notes.get(place, ()))) for place, item in enumerate(media)]
    table = ratio.shipped()
    relations = tuple(ratio.attach(item.relation, table) for item in compared)
    exhibits += [exhibit for item in compared for exhibit in item.exhibits]
    posts, unlisted = exports.collected(gathered, media, plan.case, work.settings.posts, created)
    orders = order(posts, relations)
    findings = (
        *_check(_evidence(media, relations, events, examined, plan, work), work),
        *exports.findings(gathered, posts, left, unlisted),
        *order_findings(orders, posts),
    )
    failed = (
        any(item.kind is MediaKind.UNREADABLE for item in media)
        or any(item.failed for item in compared)
        or any(finding.outcome is Outcome.NOT_RUN and finding.extra is None for finding in findings)
    )
    kept = tuple(item for item in relations if plan.all_pairs or item.kind is not RelationKind.NONE_FOUND)
    ids = {place: item.id for place, item in enumerate(media)}
    sky = stated_by_sky(plan.case, media, ids)
    book = ledger(media, plan.case, ids, posts=posts, relations=relations, more=sky)
    known = Known(book, {item.id: item for item in media}, relations, findings, work.settings.claims)
    return Report(
        created=created,
        inquiry=plan.inquiry,
        tool=describe(work.settings, work.model, work.trust, work.readers),
        complete=not failed,
        media=tuple(
            replace(item, path=given.shown, fields=fields(item, posts))
            for item, given in zip(media, inputs, strict=True)
        ),
        relations=kept,
        events=tuple(events),
        findings=(*findings, *shared_clocks(book.facts.network)),
        timeline=book.entries,
        claims=claims(plan.case, ids, known) if plan.case else (),
        families=families(relations, media),
        exhibits=_wanted(exhibits, kept),
        timings=work.timings,
        command=plan.command,
        posts=posts,
        post_orders=orders,
    )


def examine_all(inputs: Sequence[Input], plan: Plan, work: Work) -> list[Examined]:
    """Everything about each input, in their order; one that fails stays in the list with its reason."""
    cache, made_by = work.cache(), seen.recipe(work.settings, work.model, views=plan.relate)
    opened = [item for item in inputs if item.problem is None]
    threads = max(1, cores() // max(1, min(work.workers, len(opened))))
    folder = cache.folder if cache is not None else None
    jobs = [
        ToExamine(item.path, item.id, item.role, threads, folder, work.settings, work.model, plan.relate)
        for item in opened
    ]

    def keep(result: Examined | VerifyError) -> None:
        if cache is None or not isinstance(result, Examined) or not result.fresh:
            return
        if result.seen is not None and result.media.sha256 is not None:
            seen.store(cache, result.media.sha256, made_by, result.seen)

    results = iter(work.guarded("examining", examine, jobs, lambda job: job.path, keep))
    found = []
    for item in inputs:
        if item.problem is not None:
            found.append(Examined(_not_examined(item, item.problem, plan)))
            continue
        result = next(results)
        if isinstance(result, VerifyError):
            problem = Problem(result.code, result.message, result.hint)
            found.append(Examined(_not_examined(item, problem, plan)))
        else:
            found.append(result)
    return found


def _not_examined(item: Input, problem: Problem, plan: Plan) -> Media:
    """The entry of a file that gave nothing: skipped where it is no media and was not asked for by name."""
    aside = problem.code == NotMediaError.code and (plan.skip_others or not item.named)
    kind = MediaKind.SKIPPED if aside else MediaKind.UNREADABLE
    # The report names the file beside the reason already.
    message = problem.message.removeprefix(f"{item.path}: ")
    try:
        size: int | None = item.path.stat().st_size
    except OSError:
        size = None
    error = replace(problem, message=message)
    return Media(item.id, item.path, item.role, kind, size_bytes=size, error=error)


def _events(item: Examined, settings: Settings) -> tuple[Event, ...]:
    if item.seen is None or item.media.kind is not MediaKind.VIDEO:
        return ()
    return events_from(item.seen.light, item.media.id, settings.scene)


def _evidence(
    media: Sequence[Media],
    relations: tuple[Relation, ...],
    events: Sequence[Event],
    examined: Sequence[Examined],
    plan: Plan,
    work: Work,
) -> Evidence:
    said = hours.said_of(plan.case, media)
    return Evidence(
        tuple(media),
        relations,
        tuple(events),
        work.settings.checks,
        sky=work.settings.sky,
        place=plan.inquiry.place,
        said=said,
        light=hours.brightness(examined, said),
    )


def _one_check(job: tuple[Evidence, int]) -> tuple[Finding, ...]:
    evidence, place = job
    return run_checks(evidence, (CHECKS[place],))


def _check(evidence: Evidence, work: Work) -> tuple[Finding, ...]:
    """Every check's findings; checks read files again, so each is a guarded job of its own."""
    jobs = [(evidence, place) for place in range(len(CHECKS))]
    results = work.guarded("checking", _one_check, jobs, lambda job: CHECKS[job[1]].name)
    findings: list[Finding] = []
    for check, result in zip(CHECKS, results, strict=True):
        if isinstance(result, VerifyError):
            everything = tuple(media.id for media in evidence.media)
            findings.append(not_run(check.name, everything, check.limits, result))
        else:
            findings.extend(result)
    return tuple(findings)


def _wanted(exhibits: Sequence[Exhibit], kept: Sequence[Relation]) -> tuple[Exhibit, ...]:
    """Pictures of single inputs, and of pairs that are in the report."""
    related = {(relation.a, relation.b) for relation in kept}
    return tuple(item for item in exhibits if len(item.subjects) == 1 or item.subjects[:2] in related)
