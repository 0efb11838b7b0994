"""C2PA manifests: what a signer states of a file and of its history, and whether the signature holds.

Programs, services and some cameras write a signed record into the files they make (C2PA, "Content
Credentials"): which program made the file, from which other files, by which steps, and hashes of the bytes.
The extra `[c2pa]` brings the reference library (c2pa-rs, by its package c2pa-python), which reads the record
and checks hashes and signature against the specification. It is run in a process of its own, since a damaged
file can end it, and without any network: no manifest, no revocation list and no identity document is fetched.
Without the extra, a file is only searched for the marks of a manifest, `c2pa` and `dcterms:provenance`.

States: none (the file carries none), valid (hashes and signature hold, the signer is on no trust list),
trusted (the same, and the signer's certificate leads to one in the list of certificates that
`VERIFY_C2PA_TRUST` names, a PEM file; without that list nothing is ever called trusted), invalid (a hash, a
signature or a required part does not hold), unreadable, not_read.

Limits: no manifest means nothing is known from it; most never had one, and platforms remove it. A signer on
no list is not a bad one: anybody can make a certificate, and no list is shipped. A valid manifest shows
who signed and that these bytes were not changed since; it does not show that what it states is so, and a
certificate that was withdrawn later still counts, as that is not asked for. An invalid one shows that
something was changed after signing, by whoever, for whatever reason, re-saving included; a piece of a
segmented clip is invalid too, as the other pieces are missing. A changed manifest id goes unnoticed (c2pa-rs,
issue 1554). A manifest kept elsewhere, on a server, is not fetched.

Error rates: on the 34 files of two public collections of the library's authors, state and failed codes equal
what the library's own program gives offline; of 40 signed files with one byte of the picture changed, all are
invalid (`tests/benchmarks/results/c2pa.json`). Source: C2PA Technical Specification 2.x, sections on
validation; IPTC NewsCodes, digital source types.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.errors import MissingFileError, UsageError
from verify.metadata.manifests.manifest import manifest

if TYPE_CHECKING:
    from verify.model import Manifest

TRUST_VARIABLE = "VERIFY_C2PA_TRUST"
EXTRA = "c2pa"

_MARKS = (b"c2pa", b"dcterms:provenance")
_MOST = 64 << 20  # bytes; longer files are not searched for this alone
_BLOCK = 1 << 20
_TRUST_MOST = 8 << 20  # bytes of a list of certificates; the official one has under one
_STATES = {"Valid": "valid", "Trusted": "trusted", "Invalid": "invalid"}
_NOT_FOUND = "ManifestNotFound"
_REMOTE = "Remote:"
# Each of these alone keeps the library from the network; identity documents heed only the first.
_OFFLINE = {
    "core": {"allowed_network_hosts": []},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
}


@dataclass(frozen=True, slots=True)
class Trust:
    """Certificates that the investigator trusts."""

    name: str
    digest: str  # SHA-256 of the file
    pem: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file's manifest."""

    state: str
    note: str = ""
    manifest: Manifest | None = None


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


def installed() -> bool:
    """Whether the extra is there."""
    return importlib.util.find_spec("c2pa") is not None


def version() -> str:
    """Of the package that carries the library; "unknown" where it was not installed as a package."""
    try:
        return metadata.version("c2pa-python")
    except metadata.PackageNotFoundError:
        return "unknown"


def trust() -> Trust | None:
    """The certificates that `VERIFY_C2PA_TRUST` names, or None.

    Raises:
        MissingFileError: it names no file.
        UsageError: the file holds no certificate in PEM form.
    """
    named = os.environ.get(TRUST_VARIABLE, "")
    if not named:
        return None
    path = Path(named)
    if not path.is_file():
        raise MissingFileError(f"{TRUST_VARIABLE} names {named}, which is no file", "Name a PEM file.")
    data = path.read_bytes()
    text = data.decode("ascii", errors="replace")
    if len(data) > _TRUST_MOST or "-----BEGIN CERTIFICATE-----" not in text:
        raise UsageError(f"{TRUST_VARIABLE}: {named} holds no certificates", "Name a PEM file.")
    return Trust(path.name, hashlib.sha256(data).hexdigest(), text)


def read(path: Path, trusted: Trust | None = None) -> Reading:
    """A file's manifest, read and checked by the library. Nothing is fetched.

    Run it in a guarded process: the library is native code and has ended itself on damaged files.

    Raises:
        ModuleNotFoundError: the extra is not installed.
    """
    library = import_module("c2pa")
    try:
        with library.Reader(str(path), context=_context(trusted and trusted.pem)) as reader:
            said = json.loads(reader.json())
    except library.C2paError as error:
        return _refused(str(error))
    except OSError as error:
        return Reading("unreadable", f"the file could not be opened ({error.strerror})")
    except (ValueError, RecursionError):
        return Reading("unreadable", "the library's answer could not be read")
    found = manifest(said)
    known = _STATES.get(str(said.get("validation_state"))) if isinstance(said, dict) else None
    if known is None or found is None:
        return Reading("unreadable", "the manifest store names no active manifest")
    return Reading(known, manifest=found)


def _refused(reason: str) -> Reading:
    if reason.startswith(_NOT_FOUND):
        return Reading("none")
    if reason.startswith(_REMOTE):
        return Reading("not_read", "its manifest is kept on a server, and nothing is fetched")
    if "type is unsupported" in reason:
        return Reading("not_read", "the C2PA library does not know this kind of file")
    return Reading("unreadable", f"the C2PA library refuses it ({' '.join(reason.split())[:200]})")


@lru_cache(maxsize=2)
def _context(pem: str | None) -> Any:
    settings: dict[str, Any] = {"version": 1, **_OFFLINE}
    if pem is not None:
        settings["trust"] = {"trust_anchors": pem}
    return import_module("c2pa").Context.from_dict(settings)
