"""The C2PA library's answer -> `Manifest`. All of it is text from a file: bounded, and of any shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify.metadata.manifests.words import UNTRUSTED, words
from verify.metadata.text import plain
from verify.model import Ingredient, Manifest, ManifestAction

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 200  # characters of one text
_MOST = 64  # actions, ingredients or failures that are kept; real manifests have under twenty
_ACTIONS = "c2pa.actions"


def manifest(said: Any) -> Manifest | None:
    """The active manifest of a manifest store as the library prints it, or None where it names none.

    Args:
        said: the parsed JSON of `Reader.json()`.
    """
    store = _mapping(said)
    manifests = _mapping(store.get("manifests"))
    label = store.get("active_manifest")
    if not isinstance(label, str):
        return None
    # One that is too damaged to be printed is named all the same, with what fails in it.
    active = _mapping(manifests.get(label))
    signature = _mapping(active.get("signature_info"))
    actions = tuple(_actions(active))[:_MOST]
    types = (action.source_type for action in actions if action.source_type)
    return Manifest(
        label=_text(label) or "",
        signer=_text(signature.get("common_name")),
        issuer=_text(signature.get("issuer")),
        generator=_generator(active),
        signed=_text(signature.get("time")),
        source_types=tuple(dict.fromkeys(types)),
        actions=actions,
        ingredients=tuple(_ingredients(active, _deltas(store)))[:_MOST],
        failures=tuple(_failures(store))[:_MOST],
        manifests=max(1, len(manifests)),
    )


def _actions(active: dict[str, Any]) -> Iterator[ManifestAction]:
    for assertion in map(_mapping, _list(active.get("assertions"))):
        label = assertion.get("label")
        if not isinstance(label, str) or not label.startswith(_ACTIONS):
            continue
        for action in map(_mapping, _list(_mapping(assertion.get("data")).get("actions"))):
            yield ManifestAction(
                name=_text(action.get("action")) or "not named",
                when=_text(action.get("when")),
                agent=_program(action.get("softwareAgent")),
                source_type=_source_type(action.get("digitalSourceType")),
            )


def _source_type(value: Any) -> str | None:
    """The last part of a digital source type's address: trainedAlgorithmicMedia, digitalCapture ..."""
    text = _text(value)
    return text.rstrip("/").rsplit("/", 1)[-1] if text else None


def _generator(active: dict[str, Any]) -> str | None:
    named = [_program(item) for item in _list(active.get("claim_generator_info"))]
    return _text(", ".join(filter(None, named))) or _text(active.get("claim_generator"))


def _program(value: Any) -> str | None:
    """A program's name: older manifests give it as text, newer ones as name and version."""
    if isinstance(value, dict):
        return _text(" ".join(filter(None, (_text(value.get("name")), _text(value.get("version"))))))
    return _text(value)


def _ingredients(active: dict[str, Any], failed: dict[str, set[str]]) -> Iterator[Ingredient]:
    for item in map(_mapping, _list(active.get("ingredients"))):
        yield Ingredient(
            title=_text(item.get("title")) or "without a title",
            format=_text(item.get("format")),
            relationship=_text(item.get("relationship")) or "not stated",
            state=_ingredient_state(item, failed.get(str(item.get("label")), set())),
        )


def _ingredient_state(item: dict[str, Any], failed: set[str]) -> str:
    """An ingredient's own: what was recorded when it was taken in, and what fails now."""
    recorded = _mapping(_mapping(item.get("validation_results")).get("activeManifest"))
    codes = _codes(item.get("validation_status")) | _codes(recorded.get("failure")) | failed
    if codes - UNTRUSTED:
        return "invalid"
    if not item.get("active_manifest"):
        return "none"
    return "trusted" if "signingCredential.trusted" in _codes(recorded.get("success")) else "valid"


def _deltas(store: dict[str, Any]) -> dict[str, set[str]]:
    """Codes that fail now, by the label of the ingredient that they are about."""
    found: dict[str, set[str]] = {}
    for delta in map(_mapping, _list(_mapping(store.get("validation_results")).get("ingredientDeltas"))):
        label = str(delta.get("ingredientAssertionURI")).rsplit("/", 1)[-1]
        codes = _codes(_mapping(delta.get("validationDeltas")).get("failure"))
        found.setdefault(label, set()).update(codes)
    return found


def _failures(store: dict[str, Any]) -> Iterator[tuple[str, str]]:
    status = _list(store.get("validation_status"))
    active = _mapping(_mapping(store.get("validation_results")).get("activeManifest"))
    for code in sorted(_codes([*status, *_list(active.get("failure"))])):
        yield code, words(code)


def _codes(statuses: Any) -> set[str]:
    named = (_text(_mapping(status).get("code")) for status in _list(statuses))
    return {code for code in named if code}


def _text(value: Any) -> str | None:
    """Text without control characters, bounded; None where it is none or empty."""
    if not isinstance(value, str):
        return None
    text = plain(value)
    return (text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…") or None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
