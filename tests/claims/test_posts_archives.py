"""Web archives in one file, made here record by record, whole and broken."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from verify.claims.posts import read_export
from verify.settings import PostSettings

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media" / "telegram"
SHARED = MEDIA / "webrecorder__py-wacz/tests/fixtures"
VIDEO = bytes(range(256)) * 200
URL = "https://x.com/a/status/1233161576649121792"


def record(kind: str, url: str, block: bytes, content: str, **extra: str) -> bytes:
    named = {f"WARC-{key.replace('_', '-')}": value for key, value in extra.items()}
    headers = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2023-05-03T02:37:11Z",
        "Content-Type": content,
        "Content-Length": str(len(block)),
        **named,
    }
    lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def response(url: str, body: bytes, status: str = "200 OK", kind: str = "video/mp4", **extra: Any) -> bytes:
    sent = {"Content-Type": kind, **extra.pop("sent", {})}
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{key}: {value}\r\n" for key, value in sent.items()) + "\r\n"
    return record("response", url, head.encode() + body, "application/http; msgtype=response", **extra)


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 7000] for start in range(0, len(body), 7000)]
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts) + b"0\r\n\r\n"


def archive(
    folder: Path, *records: bytes, pages: tuple[Any, ...] = (), packed: bool = True, spoil: str = ""
) -> Path:
    warc = b"".join(gzip.compress(each) if packed else each for each in records)
    lines = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}, *pages]
    files = {
        "archive/data.warc.gz" if packed else "archive/data.warc": warc,
        "pages/pages.jsonl": "\n".join(
            each if isinstance(each, str) else json.dumps(each) for each in lines
        ).encode(),
        "indexes/index.cdx.gz": gzip.compress(b"..."),
    }
    resources = [
        {"name": name, "path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
        for name, data in files.items()
    ]
    described = json.dumps({"profile": "data-package", "resources": resources}).encode()
    if spoil == "file":
        files["pages/pages.jsonl"] += b"\n"
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
    if spoil == "package":
        described += b" "
    path = folder / "a.wacz"
    with zipfile.ZipFile(path, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
        target.writestr("datapackage.json", described)
        target.writestr("datapackage-digest.json", json.dumps({**digest, "signedData": {}}))
    return path


def page(url: str = URL, **values: Any) -> dict[str, Any]:
    return {"id": "p1", "url": url, "title": "Smoke", "ts": "2023-05-03T03:00:00.5Z", **values}


def gathered(path: Path, **settings: int) -> Any:
    return read_export(path, "a.wacz", "", PostSettings(**settings))


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("body", "values"),
    [
        (VIDEO, {}),
        (chunked(VIDEO), {"sent": {"Transfer-Encoding": "chunked"}}),
        (VIDEO, {"sent": {"Transfer-Encoding": "chunked"}}),  # put together by the archiver already
        (VIDEO, {"status": "206 Partial Content", "sent": {"Content-Range": "bytes 0-51199/51200"}}),
        (VIDEO, {"Payload_Digest": f"sha256:{hashlib.sha256(VIDEO).hexdigest()}"}),
    ],
)
def test_a_page_has_the_video_that_was_fetched_for_it(
    tmp_path: Path, packed: bool, body: bytes, values: dict[str, Any]
) -> None:
    info = record("warcinfo", "", b"software: test\r\n", "application/warc-fields")
    icon = response("https://x.com/i.png", b"icon", kind="image/png")
    video = response("https://v.example/1.mp4", body, **values)
    found = gathered(archive(tmp_path, info, icon, video, pages=(page(),), packed=packed))
    assert (found.format, found.broken, found.malformed) == ("wacz", None, ())
    (post,) = found.posts
    assert (post.platform, post.url, post.text) == ("x", URL, "Smoke")
    assert post.start is None
    assert post.end == post.seen == datetime(2023, 5, 3, 3, 0, 0, 500000, UTC)
    assert [file.sha256 for file in post.files] == [hashlib.sha256(VIDEO).hexdigest()]


@pytest.mark.parametrize(
    "values",
    [
        {"sent": {"Content-Encoding": "br"}},
        {"status": "206 Partial Content", "sent": {"Content-Range": "bytes 0-51199/90000"}},
        {"status": "206 Partial Content"},
    ],
)
def test_a_part_of_a_video_is_not_taken_for_the_video(tmp_path: Path, values: dict[str, Any]) -> None:
    video = response("https://v.example/1.mp4", VIDEO, **values)
    (post,) = gathered(archive(tmp_path, video, pages=(page(),))).posts
    assert [file.sha256 for file in post.files] == [None]
    assert "part" in post.files[0].note


def test_of_several_pages_each_has_its_own(tmp_path: Path) -> None:
    other = page("https://t.me/residents/12", id="p2")
    found = gathered(
        archive(
            tmp_path,
            response("https://v.example/1.mp4", VIDEO, Page_ID="p2"),
            response("https://v.example/2.mp4", VIDEO + b"2"),
            pages=(page(), other),
        )
    )
    urls = ("https://v.example/2.mp4", URL, "https://t.me/residents/12")
    lone, first, second = (next(post for post in found.posts if post.url == url) for url in urls)
    assert len(found.posts) == 3
    assert lone.seen == datetime(2023, 5, 3, 2, 37, 11, tzinfo=UTC)
    assert first.files == ()
    assert second.files[0].sha256 == hashlib.sha256(VIDEO).hexdigest()


@pytest.mark.parametrize(("spoil", "place"), [("file", "pages/pages.jsonl"), ("package", "datapackage.json")])
def test_bytes_other_than_those_it_was_closed_with_are_named(tmp_path: Path, spoil: str, place: str) -> None:
    found = gathered(archive(tmp_path, pages=(page(),), spoil=spoil))
    assert [each.place for each in found.malformed] == [place]
    assert len(found.posts) == 1


def test_malformed_pages_and_records_are_named_and_the_rest_read(tmp_path: Path) -> None:
    pages = (page(ts="soon"), "{no json", {"id": "x"}, page(id="p4"), '["list"]')
    found = gathered(archive(tmp_path, b"WARC/1.1\r\nContent-Length: a\r\n\r\n", pages=pages))
    assert [each.place for each in found.malformed] == [
        "pages/pages.jsonl, line 2, ts",
        "pages/pages.jsonl, line 3",
        "pages/pages.jsonl, line 4",
        "pages/pages.jsonl, line 6",
        "archive/data.warc.gz",
    ]
    assert len(found.posts) == 2


def test_a_digest_that_does_not_fit_is_named(tmp_path: Path) -> None:
    wrong = response("https://v.example/1.mp4", VIDEO, Payload_Digest="sha256:" + "0" * 64)
    found = gathered(archive(tmp_path, wrong, pages=(page(),)))
    assert ["other bytes" in each.problem for each in found.malformed] == [True]


def test_a_record_cut_short_or_too_large_ends_with_a_reason(tmp_path: Path) -> None:
    whole = response("https://v.example/1.mp4", VIDEO)
    found = gathered(archive(tmp_path, whole[:-9000], pages=(page(),)))
    assert ["cut short" in each.problem for each in found.malformed] == [True]
    bomb = response("https://v.example/1.mp4", bytes(30 << 20))
    found = gathered(archive(tmp_path, bomb, pages=(page(),)), archive_bytes=1 << 20)
    assert found.broken is not None or any("unpacks" in each.problem for each in found.malformed)


def test_what_is_no_archive_ends_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    whole = archive(tmp_path, pages=(page(),)).read_bytes()
    for data in (b"PK\x03\x04" + b"x" * 100, whole[:-40], whole[: len(whole) // 2]):
        path.write_bytes(data)
        assert read_export(path, "a", "wacz", PostSettings()).broken is not None
    assert gathered(archive(tmp_path, pages=(page(),)), archive_files=2).broken is not None


def test_any_damage_ends_with_a_result(tmp_path: Path) -> None:
    path = archive(tmp_path, response("https://v.example/1.mp4", VIDEO), pages=(page(),))
    whole = bytearray(path.read_bytes())
    for place in range(0, len(whole), 61):
        hurt = bytearray(whole)
        hurt[place] ^= 0xFF
        path.write_bytes(hurt)
        found = read_export(path, "a", "wacz", PostSettings())
        assert found.broken is not None or found.malformed or len(found.posts) <= 2


def test_published_archives_are_read() -> None:
    if not SHARED.is_dir():
        pytest.skip("the archives that others published are not on this machine")
    found = {path.name: gathered(path) for path in SHARED.glob("*.wacz")}
    assert {name: len(each.posts) for name, each in found.items()} == {
        "invalid_example_1.wacz": 0, "invalid_signed_example_1.wacz": 1, "valid_example_1.wacz": 1,
        "valid_example_2.wacz": 1, "valid_signed_example_1.wacz": 1,
    }  # fmt: skip
    assert {name for name, each in found.items() if each.malformed} == {"invalid_example_1.wacz"}
