"""What a C2PA manifest in the file states, whether its signature holds, and what follows from that.

Read by `verify.metadata.manifests.c2pa`; this check puts it into sentences. "Inconsistent" is said only where
a hash or the signature does not fit: the file, or the manifest, is not what was signed. A manifest that
breaks another rule of the specification, or that is kept on a server, is "inconclusive". No manifest is the
normal case.

Limits: a manifest is a statement of whoever signed it. That it is valid does not show that the statement is
so; that it is invalid does not show what was changed; that there is none shows nothing. Error rates: those of
the reading, told there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.checks.evidence import per_file
from verify.metadata.manifests.c2pa import EXTRA
from verify.metadata.manifests.words import CHANGED, UNTRUSTED, source
from verify.model import Finding, Measurement, Outcome

if TYPE_CHECKING:
    from verify.checks.evidence import Evidence
    from verify.model import Manifest, Media

NAME = "c2pa/1"
LIMITS = (
    "A manifest is a statement of its signer. A valid one shows that the file was not changed since it was "
    "signed, not that the statement is so; an invalid one does not show what was changed or why; none shows "
    "nothing, as most files never had one and platforms remove it. Nothing was asked for over the network, "
    "so certificates that were withdrawn are not known."
)
_SHOWN = 6  # actions or ingredients in the sentence; the rest is counted


@per_file(NAME, "C2PA manifest: who signed the file, and what they state", LIMITS)
def c2pa(media: Media, _evidence: Evidence) -> Finding | None:
    """The state of the file's manifest, what it states, and what fails."""
    said = media.metadata
    if said.c2pa == "none":
        statement = "The file carries no C2PA manifest. Nothing follows from that; most files carry none."
        return Finding(NAME, (media.id,), Outcome.NOT_APPLICABLE, statement, LIMITS)
    if said.manifest is None:
        return _unread(media)
    failed = [code for code, _ in said.manifest.failures if code not in UNTRUSTED]
    measured = (
        Measurement("validation rules that fail", len(failed), "codes", 0),
        Measurement("manifests in the file", said.manifest.manifests, "manifests"),
    )
    statement = f"{_held(said.c2pa, said.manifest, failed)} {_stated(said.manifest)}".strip()
    return Finding(NAME, (media.id,), _outcome(said.c2pa, failed), statement, LIMITS, measured)


def _unread(media: Media) -> Finding:
    said = media.metadata
    if not said.c2pa_note:
        statement = (
            "Not examined: the file may carry a C2PA manifest, and the extra that reads it is not installed "
            "(pip install 'verify-media[c2pa]')."
        )
        return Finding(NAME, (media.id,), Outcome.NOT_RUN, statement, LIMITS, extra=EXTRA)
    if said.c2pa == "unreadable":
        statement = f"Not examined: the file's C2PA manifest could not be read; {said.c2pa_note}."
        return Finding(NAME, (media.id,), Outcome.NOT_RUN, statement, LIMITS)
    statement = f"The file has marks of a C2PA manifest that was not read: {said.c2pa_note}."
    read = Measurement("manifests read", 0, "manifests")
    return Finding(NAME, (media.id,), Outcome.INCONCLUSIVE, statement, LIMITS, (read,))


def _outcome(state: str, failed: list[str]) -> Outcome:
    if CHANGED & set(failed):
        return Outcome.INCONSISTENT
    return Outcome.CONSISTENT if state in {"valid", "trusted"} and not failed else Outcome.INCONCLUSIVE


def _held(state: str, manifest: Manifest, failed: list[str]) -> str:
    why = "; ".join(f"{text} ({code})" for code, text in manifest.failures if code in failed)
    if state == "invalid":
        only = "" if CHANGED & set(failed) else " None of that says that the file was changed since."
        return f"The file carries a C2PA manifest that does not hold: {why or 'no reason is given'}.{only}"
    known = (
        "the signer's certificate leads to one on the list that was given"
        if state == "trusted"
        else "the signer is on no list that was given, which anybody can be; it does not make it invalid"
    )
    beside = f" Beside that, {why}." if why else ""
    return f"The file carries a C2PA manifest whose hashes and signature hold; {known}.{beside}"


def _stated(manifest: Manifest) -> str:
    signer = ", ".join(filter(None, (manifest.signer, manifest.issuer))) or "a signer without a name"
    parts = [f"It names {signer} as its signer"]
    parts.append(f", with a time stamp of {manifest.signed}" if manifest.signed else ", without a time stamp")
    if manifest.generator:
        parts.append(f", and was written by {manifest.generator}")
    said = [_listed("actions", [action.name.removeprefix("c2pa.") for action in manifest.actions])]
    said += [_listed("ingredients", [f"{item.title} ({item.relationship}, own manifest: {item.state})"
                                     for item in manifest.ingredients])]  # fmt: skip
    said += [f"source {kind}: {source(kind) or 'not a known type'}" for kind in manifest.source_types]
    stated = "; ".join(filter(None, said))
    return "".join(parts) + "." + (f" It states {stated}." if stated else "")


def _listed(what: str, items: list[str]) -> str:
    if not items:
        return ""
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"the {what} {', '.join(items[:_SHOWN])}{more}"
