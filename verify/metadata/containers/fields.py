"""Which decoder reads a box, and where in it its inner boxes begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.metadata.containers.codecs import CODECS, entry_head, sample_entry
from verify.metadata.containers.fragments import FRAGMENTS
from verify.metadata.containers.items import ITEMS, infe_start, reference
from verify.metadata.containers.movie import MOVIE
from verify.metadata.containers.texts import TEXTS, data, international, is_item, shown, uuid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify.metadata.cursor import Cursor

    Decoder = Callable[[Cursor], Iterator[tuple[str, object]]]

_INNER = {
    "moov", "trak", "mdia", "minf", "stbl", "dinf", "edts", "udta", "mvex", "moof", "traf", "mfra", "ilst",
    "iprp", "ipco", "sinf", "schi", "rinf", "strk", "strd", "hnti", "hinf", "gmhd", "wave", "tapt", "clip",
    "matt", "rmra", "rmda", "cmov", "grpl", "meco", "fiin", "paen", "tref", "jp2h", "res ", "imap",
}  # fmt: skip
_FULL = {"dref": 8, "stsd": 8, "iref": 4}
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_DECODERS: dict[str, Decoder] = {**MOVIE, **FRAGMENTS, **CODECS, **ITEMS, **TEXTS}


def decoder(kind: str, above: tuple[str, ...], handler: str) -> Decoder | None:
    """What reads the fields of a box of this type below those types, or None.

    Args:
        kind: its type.
        above: the types around it, outermost first; the file itself is "".
        handler: of the track it lies in ("vide", "soun"), "" where that is not known.
    """
    parent = above[-1]
    if parent == "stsd":
        return sample_entry(handler)
    if kind == "data":
        return data
    if kind == "uuid":
        return uuid
    if parent == "iref":
        return reference
    if parent in {"ilst", "mebx"} or ("wave" in above and kind == "mp4a"):
        return None
    if kind.startswith("©"):
        return international
    if parent == "udta" and (kind == "name" or kind not in {*_DECODERS, *_INNER, "meta"}):
        return shown
    return _DECODERS.get(kind)


def first_child(kind: str, above: tuple[str, ...], handler: str, head: bytes) -> int | None:
    """Bytes of the box's content before its first inner box, or None where it has none.

    Args:
        kind: its type.
        above: the types around it, outermost first.
        handler: of the track it lies in.
        head: the first 96 bytes of its content, or all of it.
    """
    parent = above[-1]
    if parent in {"tref", "iref", "wave"} and kind not in {"wave", "sinf"}:
        return None
    if parent == "stsd":
        return entry_head(kind, handler, head)
    if kind == "meta":
        # QuickTime's has no version and flags before its first box.
        return 0 if head[4:8] in {b"hdlr", b"keys", b"ilst"} else 4
    if kind == "iinf":
        return infe_start(head)
    if kind == "uuid":
        return 16 if head[:16] == _CANON else None
    if kind in _FULL:
        return _FULL[kind]
    if parent == "ilst" or "mebx" in above[-2:] or (kind.startswith("©") and is_item(head)):
        return 0
    return 0 if kind in _INNER else None
