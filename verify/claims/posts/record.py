"""One item of Bellingcat's auto-archiver: as JSON, as its CSV database prints it, or as its page shows it.

An item has a `status`, `metadata` (url, title, content, timestamp, _processed_at) and `media` (filename,
key, urls, properties with their hash). Printed by Python, dates stand as `datetime.datetime(2023, 5, ...)`;
such text is parsed and taken apart, never run. Hashes that are SHA-256 identify files that are not at hand.

Source of the format: metadata.py, media.py, json_enricher.py and csv_db.py of bellingcat/auto-archiver.
"""

from __future__ import annotations

import ast
import re
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from verify.claims.posts import dates
from verify.claims.posts.found import Malformed, PassedOver, address, name
from verify.claims.posts.identifiers import platform
from verify.metadata.text import bounded
from verify.model import Post, PostFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify.claims.posts.files import Folder
    from verify.settings import PostSettings

_SHA256 = re.compile(r"(?:SHA-?256:)?([0-9a-f]{64})\Z", re.IGNORECASE)
_HINT = "compare it with the archiver's own record"
_OWN = {"html_formatter", "metadata_json"}  # what the archiver wrote itself is no file of the post


def of_csv(
    metadata: str, media: str, place: str, folder: Folder, settings: PostSettings
) -> Iterator[Post | Malformed | PassedOver]:
    """The post of one line of the CSV database."""
    try:
        values, files = printed(metadata), printed(media) if media else []
    except ValueError as error:
        yield Malformed(place, f"it is nothing that Python prints ({error})", _HINT)
        return
    yield from of_item({"metadata": values, "media": files}, place, folder, settings)


def of_item(
    item: Mapping[str, Any], place: str, folder: Folder, settings: PostSettings
) -> Iterator[Post | Malformed | PassedOver]:
    """The post of one item."""
    values = item.get("metadata")
    if not isinstance(values, dict):
        yield Malformed(f"{place} metadata", "is missing or no object", _HINT)
        return
    url = values.get("url")
    if not isinstance(url, str) or not url:
        yield Malformed(f"{place} url", "is missing", _HINT)
        url = ""
    found: dict[str, dates.Interval | None] = {}
    for key in ("timestamp", "_processed_at"):
        try:
            found[key] = _when(values.get(key))
        except ValueError:
            found[key] = None
            yield Malformed(f"{place} {key}", f'is no date: "{name(str(values.get(key)))[:60]}"', _HINT)
    posted, seen = found["timestamp"], found["_processed_at"]
    parts = [values.get(key) for key in ("title", "content")]
    yield Post(
        id="",
        platform=platform(url),
        source=name(values.get("author") or values.get("uploader") or values.get("channel")) or _host(url),
        start=posted[0] if posted else None,
        end=posted[1] if posted else None,
        zone="given" if posted and posted[0].tzinfo else "",
        dated_by="the archiver's upload time" if posted else "",
        seen=seen[0] if seen else None,
        text=bounded("\n".join(part for part in parts if isinstance(part, str) and part), settings.text),
        url=address(url),
        archived=_archived(item.get("media")),
        files=tuple(_files(item.get("media"), folder)),
        place=place,
    )


def _when(value: object) -> dates.Interval | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value, value
    if isinstance(value, str):
        return dates.written(value)
    instant = dates.unix(value)
    return instant, instant


def _host(url: str) -> str:
    return name(url.split("/")[2]) if url.count("/") >= 2 else ""


def _items(media: object) -> Iterator[Mapping[str, Any]]:
    """The files of an item, and those inside their properties (thumbnails, screenshots)."""
    for each in media if isinstance(media, list) else []:
        if isinstance(each, dict):
            yield each


def _properties(each: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = each.get("properties")
    return properties if isinstance(properties, dict) else {}


def _archived(media: object) -> str:
    """The address of the archived page, else of the first stored file."""
    links = {
        str(_properties(each).get("id")): url
        for each in reversed(list(_items(media)))
        for url in (each.get("urls") if isinstance(each.get("urls"), list) else [])
        if isinstance(url, str) and url.startswith("http")
    }
    return address(links.get("_final_media") or next(reversed(links.values()), ""))


def _files(media: object, folder: Folder) -> Iterator[PostFile]:
    for each in _items(media):
        written, properties = each.get("filename") or each.get("key") or each.get("_key"), _properties(each)
        if not isinstance(written, str) or str(properties.get("id")) in {"_final_media", *_OWN}:
            continue
        stored = each.get("key") or each.get("_key")
        tried = [stored, written] if isinstance(stored, str) else [written]
        tried += [each.replace("\\", "/").rpartition("/")[2] for each in tried]
        yield _file(tried, properties.get("hash"), folder)


def _file(tried: list[str], hashed: object, folder: Folder) -> PostFile:
    """The file under one of its names; else what the archiver says of its bytes."""
    found = [folder.file(each) for each in tried if each]
    there = next((file for file in found if file.file is not None), None)
    if there is not None:
        return there
    known = _SHA256.fullmatch(hashed.strip()) if isinstance(hashed, str) else None
    if known is None:
        return PostFile(name(tried[0]), note="there is no such file in the export's folder")
    return PostFile(
        name(tried[0]), None, known[1].lower(), "identified by the archiver's record of its bytes"
    )


def printed(text: str) -> Any:
    """What Python printed, of plain values, lists, objects and dates.

    Raises:
        ValueError: it is something else.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # what "1if" means is nobody's business here
            return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError, TypeError) as error:
        raise ValueError("it cannot be parsed") from error


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.List() | ast.Tuple() | ast.Set():
            return [_value(each) for each in node.elts]
        case ast.Dict():
            return {
                str(_value(key)): _value(value)
                for key, value in zip(node.keys, node.values, strict=True)
                if key is not None
            }
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Call(func=ast.Attribute(attr="datetime")):
            parts = [_value(each) for each in node.args]
            zones = [ast.dump(each.value).lower() for each in node.keywords if each.arg == "tzinfo"]
            if len(parts) > 7 or any("utc" not in zone for zone in zones):
                raise ValueError("a date in another zone than UTC")
            return datetime(*parts[:7]).replace(tzinfo=UTC if zones else None)  # noqa: DTZ001 - it follows
        case ast.Call(func=ast.Name(id=kind)) if kind in {"Media", "Metadata"}:
            return {each.arg: _value(each.value) for each in node.keywords if each.arg}
        case _:
            raise ValueError(f"column {node.col_offset}")
