"""The staged case that comes with the program: clips of an invented incident, and the truth about it.

It is found inside the package in a wheel (`verify/_samples`) and in `samples/` in a checkout. Every file is
checked against the manifest on its way out, so that what a reader tries is what was rendered.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from verify.errors import MissingFileError, OutputExistsError, UnreadableMediaError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

CASE = "dome"
MANIFEST = "manifest.json"


def write(out: Path, *, force: bool = False) -> Path:
    """Copy the staged case into the folder `out`, made where it is missing; where its case.toml then is.

    Raises:
        OutputExistsError: `out` has files in it, and `force` was not given.
        MissingFileError: the staged case did not come with this installation, or is not complete.
        UnreadableMediaError: a file of it is not the one that the manifest names.
    """
    if out.exists() and not out.is_dir():
        raise OutputExistsError(f"{out} is a file", "name a folder")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise OutputExistsError(f"{out} has files in it", "name another folder, or use --force")
    source = _source()
    for name, sha256 in listed(source).items():
        data = _bytes(source, name)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise UnreadableMediaError(
                name, "it is not the file that the manifest names", "install verify again"
            )
        _replace(out / name, data)
    _replace(out / MANIFEST, _bytes(source, MANIFEST))
    return out / "case.toml"


def listed(source: Traversable) -> Mapping[str, str]:
    """The files of the case that `source` holds, by name with forward slashes, and the sha256 of each."""
    entries = json.loads(_bytes(source, MANIFEST))["files"]
    return {name: entry["sha256"] for name, entry in sorted(entries.items())}


def _source() -> Traversable:
    package = files("verify")
    installed = package / "_samples" / CASE
    if (installed / MANIFEST).is_file():
        return installed
    with as_file(package) as folder:
        checkout = folder.parent / "samples" / CASE
    if (checkout / MANIFEST).is_file():
        return checkout
    raise MissingFileError(
        "the staged case did not come with this installation", "install the wheel, or a checkout"
    )


def _bytes(source: Traversable, name: str) -> bytes:
    try:
        return (source / name).read_bytes()
    except OSError as error:
        raise MissingFileError(f"{name} of the staged case is missing", "install verify again") from error


def _replace(path: Path, data: bytes) -> None:
    """Write beside its place and rename: an interrupted run leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
