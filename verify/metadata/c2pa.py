"""Whether a file carries a C2PA manifest, as far as that is certain without reading one.

A manifest store is a JUMBF box whose label is `c2pa`, and a manifest kept elsewhere is named by an XMP entry
`dcterms:provenance` (C2PA specification, embedded and external manifests). Where neither byte string is in
the file, there is no manifest. Where one is, it takes a reader to say more.

Error rates: there are none to state; the search is exact, and what it leaves open is called so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (b"c2pa", b"dcterms:provenance")
_MOST = 64 << 20  # bytes; longer files are not searched for this alone
_BLOCK = 1 << 20


def state(path: Path) -> str:
    """The state "none" where the file certainly carries no manifest, else "not_read"."""
    keep = max(map(len, _MARKS)) - 1
    tail = b""
    try:
        if path.stat().st_size > _MOST:
            return "not_read"
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if any(mark in tail + block for mark in _MARKS):
                    return "not_read"
                tail = block[-keep:]
    except OSError:
        return "not_read"
    return "none"
