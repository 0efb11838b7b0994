"""Tables of posts, auto-archiver's records and yt-dlp's, in the forms that these programs write."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from verify.claims.posts import read_export
from verify.claims.posts.record import printed
from verify.settings import PostSettings

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media" / "telegram"
SHARED = MEDIA / "bellingcat__auto-archiver/tests/data"
TWEET = "https://twitter.com/a/status/1233161576649121792"


def gathered(
    folder: Path, content: str | bytes, file: str = "posts.csv", kind: str = "", **settings: int
) -> Any:
    path = folder / file
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_export(path, file, kind, PostSettings(**settings))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_whatever_parts_its_columns(tmp_path: Path, delimiter: str, encoding: str) -> None:
    (tmp_path / "a.mp4").write_bytes(b"clip")
    text = io.StringIO()
    rows = csv.writer(text, delimiter=delimiter)
    rows.writerow(["Channel", "URL", "Posted at", "Text", "File", "Archive link", "notes"])
    text.write("\r\n")
    rows.writerow(
        [
            "жители",
            TWEET,
            "2023-05-03T02:37:00+03:00",
            'say, "what"; is|that\tnow\nhere',
            "a.mp4",
            "https://e.org/1",
            "",
        ]
    )
    found = gathered(tmp_path, text.getvalue().encode(encoding))
    assert (found.format, found.broken, found.malformed) == ("csv", None, ())
    (post,) = found.posts
    assert (post.source, post.url, post.platform) == ("жители", TWEET, "x")
    assert post.text == 'say, "what"; is|that\tnow\nhere'
    assert post.start == post.end == datetime(2023, 5, 2, 23, 37, tzinfo=UTC)
    assert (post.archived, post.place) == ("https://e.org/1", "line 4")
    assert post.files[0].sha256 == hashlib.sha256(b"clip").hexdigest()


@pytest.mark.parametrize(
    ("cell", "start", "length"),
    [
        ("2023-05-03T02:37:11Z", datetime(2023, 5, 3, 2, 37, 11, tzinfo=UTC), timedelta(0)),
        ("2023-05-03 02:37:11+03:00", datetime(2023, 5, 2, 23, 37, 11, tzinfo=UTC), timedelta(0)),
        ("2023-05-03T02:37:11.250000+00:00", datetime(2023, 5, 3, 2, 37, 11, 250000, UTC), timedelta(0)),
        ("2023-05-03 02:37 UTC", datetime(2023, 5, 3, 2, 37, tzinfo=UTC), timedelta(seconds=59)),
        ("2023-05-03 02:37", datetime(2023, 5, 3, 2, 37), timedelta(seconds=59)),  # noqa: DTZ001 - no zone
        ("2023-05-03", datetime(2023, 5, 3), timedelta(days=1, seconds=-1)),  # noqa: DTZ001 - no zone
        ("20230503", datetime(2023, 5, 3), timedelta(days=1, seconds=-1)),  # noqa: DTZ001 - no zone
        ("03.05.2023 02:37:11", datetime(2023, 5, 3, 2, 37, 11), timedelta(0)),  # noqa: DTZ001 - no zone
        ("1683070631", datetime(2023, 5, 2, 23, 37, 11, tzinfo=UTC), timedelta(0)),
    ],
)
def test_a_written_date_is_the_interval_that_it_can_mean(
    tmp_path: Path, cell: str, start: datetime, length: timedelta
) -> None:
    (post,) = gathered(tmp_path, f"url,date\nhttps://e.org/1,{cell}\n").posts
    assert post.start == start
    assert post.start.tzinfo is None or post.start.utcoffset() is not None
    assert post.end - post.start == length
    assert post.zone == ("given" if start.tzinfo else "")


@pytest.mark.parametrize(
    "cell",
    ["03/05/2023", "yesterday", "2023-02-30", "0001-01-01", "2023-05-03T02:37:11+19:00", "12", "9" * 30],
)
def test_a_date_without_one_meaning_is_named_and_not_guessed(tmp_path: Path, cell: str) -> None:
    found = gathered(tmp_path, f"url,date\nhttps://e.org/1,{cell}\n")
    assert [each.place for each in found.malformed] == ["line 2 (date)"]
    assert found.posts[0].start is None


def test_addresses_alone_are_posts_of_unknown_date(tmp_path: Path) -> None:
    for text in (
        f"{TWEET},other\nhttps://e.org/2,other\n",
        f"webpages,data\n{TWEET},a\n",
        f"what,where\na,{TWEET}\n",
    ):
        found = gathered(tmp_path, text)
        assert found.posts[0].url == TWEET
        assert found.posts[0].start is None
        assert len(found.posts) == text.count("http")


def test_rows_that_are_no_posts_are_counted_or_named(tmp_path: Path) -> None:
    found = gathered(tmp_path, 'url,date,text\n,,\nnothing,2023-05-03,x\n,2023-05-03,y\n"",,\n')
    assert [each.place for each in found.malformed] == ["line 3 (url)"]
    assert [post.text for post in found.posts] == ["x", "y"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        b"url,text\nhttps://e.org,\xff\xfe\n",
        b"url,text\nhttps://e.org," + b"x" * 3000 + b"\n",
        b'url,text\nhttps://e.org,"' + b"x\n" * 3000,
        b"\x80\x04\x95",
        b"\x00\x01\x02",
        b"\xff\xfeu",
    ],
)
def test_what_is_no_table_ends_with_a_reason(tmp_path: Path, content: bytes) -> None:
    found = gathered(tmp_path, content, cell=1000)
    assert found.broken is not None
    assert found.broken.message


def test_a_long_address_is_kept_whole(tmp_path: Path) -> None:
    url = "https://e.org/?" + "a" * 900
    assert gathered(tmp_path, f"url\n{url}\n").posts[0].url == url


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    found = gathered(tmp_path, b"\x80\x04cos\nsystem\n(S'touch gotcha'\ntR.")
    assert found.broken is not None
    assert "pickle" in found.broken.message
    assert not (tmp_path / "gotcha").exists()


def test_the_sheet_of_auto_archiver_is_read(tmp_path: Path) -> None:
    text = (
        "Link,Archive status,Destination folder,Archive location,Archive date,Thumbnail,Upload timestamp,"
        "Upload title,Text content,Screenshot,Hash,WACZ,ReplayWebpage\n"
        f'{TWEET},twitter: success,f,"https://s3.org/a.html\nhttps://s3.org/b.html",2023-05-04T10:00:00+00:00,'
        '"=IMAGE(""https://s3.org/t.jpg"")",2023-05-03T02:37:11+00:00,Smoke,over the roof,,SHA-256:00,,\n'
        "https://e.org/2,Archive failed,,,,,,,,,,,\n"
    )
    first, second = gathered(tmp_path, text, kind="auto-archiver").posts
    assert first.start == datetime(2023, 5, 3, 2, 37, 11, tzinfo=UTC)
    assert first.seen == datetime(2023, 5, 4, 10, tzinfo=UTC)
    assert (first.archived, first.text) == ("https://s3.org/a.html", "Smoke\nover the roof")
    assert (second.start, second.source) == (None, "e.org")


ITEM = {
    "status": "telethon: success",
    "metadata": {
        "_processed_at": "2023-05-04 10:00:00.123456+00:00",
        "url": "https://t.me/residents/12",
        "title": "Smoke",
        "content": "over the roof",
        "timestamp": "2023-05-03 02:37:11+00:00",
    },
    "media": [
        {
            "filename": "./tmp12/clip.mp4",
            "_key": "f/clip.mp4",
            "urls": ["https://s3.org/clip.mp4"],
            "properties": {"hash": "SHA-256:" + "ab" * 32},
        },
        {
            "filename": "./tmp12/there.mp4",
            "_key": None,
            "urls": [],
            "properties": {"hash": "SHA3-512:" + "1" * 128},
        },
        {"filename": "p.html", "urls": ["https://s3.org/p.html"], "properties": {"id": "_final_media"}},
    ],
}


@pytest.mark.parametrize("several", [False, True])
def test_an_item_of_auto_archiver_is_read_from_its_json(tmp_path: Path, several: bool) -> None:
    (tmp_path / "there.mp4").write_bytes(b"there")
    found = gathered(tmp_path, json.dumps([ITEM, ITEM] if several else ITEM), "metadata.json")
    assert (found.format, found.malformed) == ("auto-archiver", ())
    assert len(found.posts) == 1 + several
    post = found.posts[0]
    assert (post.platform, post.text) == ("telegram", "Smoke\nover the roof")
    assert post.start == datetime(2023, 5, 3, 2, 37, 11, tzinfo=UTC)
    assert post.seen == datetime(2023, 5, 4, 10, 0, 0, 123456, UTC)
    assert post.archived == "https://s3.org/p.html"
    away, there = post.files
    assert (away.file, away.sha256) == (None, "ab" * 32)
    assert there.sha256 == hashlib.sha256(b"there").hexdigest()


def test_its_csv_database_is_taken_apart_without_being_run(tmp_path: Path) -> None:
    metadata = {
        "_processed_at": datetime(2023, 5, 4, 10, tzinfo=UTC),
        "url": "https://t.me/residents/12",
        "timestamp": datetime(2023, 5, 3, 2, 37, 11, tzinfo=UTC),
        "title": 'it\'s "smoke"',
    }
    text = io.StringIO()
    rows = csv.DictWriter(text, ["status", "metadata", "media"])
    rows.writeheader()
    rows.writerow({"status": "success", "metadata": metadata, "media": ITEM["media"]})
    rows.writerow({"status": "success", "metadata": "__import__('os').system('touch gotcha')", "media": "[]"})
    found = gathered(tmp_path, text.getvalue(), "db.csv")
    (post,) = found.posts
    assert post.start == datetime(2023, 5, 3, 2, 37, 11, tzinfo=UTC)
    assert post.text == 'it\'s "smoke"'
    assert post.files[0].sha256 == "ab" * 32
    assert [each.place for each in found.malformed] == ["line 3"]
    assert not (tmp_path / "gotcha").exists()


@pytest.mark.parametrize(
    "text",
    [
        "f()", "a", "[" * 400 + "]" * 400, "1 +", "open('x')", "datetime.datetime('x')",
        "datetime.datetime(1, 99, 1)", "datetime.datetime(2023, 1, 1, tzinfo=zone)", "lambda: 1",
        "{**{}}['a']", "\x00",
    ],
)  # fmt: skip
def test_what_python_does_not_print_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        printed(text)


def test_the_page_of_auto_archiver_is_read(tmp_path: Path) -> None:
    text = (
        "<!DOCTYPE html><html><head><title>u</title></head><body><h2>Archived media</h2>"
        '<table class="content"><tr><th>about</th><th>files</th></tr><tbody><tr><td><ul><li><b>hash:</b> '
        f'<span class="copy">SHA-256:{"cd" * 32}</span></li></ul></td><td>'
        '<video src="https://s3.org/clip.mp4"></video><a href="https://s3.org/clip.mp4">open</a></td></tr>'
        '</tbody></table><table class="metadata"><tr><th>key</th><th>value</th></tr>'
        '<tr><td>url</td><td><span class="copy"><a href="https://t.me/r/1">'
        "https://t.me/r/1</a></span></td></tr><tr><td>timestamp</td><td>2023-05-03 02:37:11+00:00</td></tr>"
        "<tr><td>title</td><td>&lt;b&gt;Smoke&lt;/b&gt;</td></tr></table>"
        '<p>Made with <a href="https://github.com">bellingcat/auto-archiver</a> v1</p>'
    )
    found = gathered(tmp_path, text, "item.html")
    assert (found.format, found.broken) == ("auto-archiver", None)
    (post,) = found.posts
    assert (post.url, post.text) == ("https://t.me/r/1", "<b>Smoke</b>")
    assert post.start == datetime(2023, 5, 3, 2, 37, 11, tzinfo=UTC)
    assert post.files[0].sha256 == "cd" * 32


def info(**values: Any) -> str:
    plain = {
        "id": "l75MaDRXzG8",
        "webpage_url": "https://www.youtube.com/watch?v=l75MaDRXzG8",
        "extractor_key": "Youtube",
        "channel": "residents",
        "uploader": "somebody",
        "title": "Smoke",
        "description": "over the roof",
        "upload_date": "20230503",
        "timestamp": 1683070631,
        "epoch": 1683100000,
    }
    return json.dumps(plain | values)


def test_what_yt_dlp_writes_beside_a_video_is_read(tmp_path: Path) -> None:
    (tmp_path / "clip [x].mp4").write_bytes(b"video")
    found = gathered(tmp_path, info(_filename="/home/somebody/clip.mp4"), "clip [x].info.json")
    assert (found.format, found.malformed) == ("yt-dlp", ())
    (post,) = found.posts
    assert (post.platform, post.source, post.author, post.number) == (
        "youtube", "residents", "somebody", "l75MaDRXzG8"
    )  # fmt: skip
    assert post.text == "Smoke\nover the roof"
    assert post.start == post.end == datetime(2023, 5, 2, 23, 37, 11, tzinfo=UTC)
    assert post.seen == datetime.fromtimestamp(1683100000, UTC)
    assert [file.sha256 for file in post.files] == [hashlib.sha256(b"video").hexdigest()]


def test_a_day_alone_is_that_whole_day_in_utc(tmp_path: Path) -> None:
    (post,) = gathered(tmp_path, info(timestamp=None), "a.info.json").posts
    assert post.start == datetime(2023, 5, 3, tzinfo=UTC)
    assert post.end == datetime(2023, 5, 3, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"timestamp": "soon"}, "the file timestamp"),
        ({"timestamp": None, "upload_date": "2023"}, "the file upload_date"),
        ({"webpage_url": None}, "the file webpage_url"),
        ({"timestamp": -5}, "the file timestamp"),
        ({"timestamp": 1e300}, "the file timestamp"),
        ({"timestamp": float("nan")}, "the file timestamp"),
    ],
)
def test_malformed_information_is_named(tmp_path: Path, values: dict[str, Any], place: str) -> None:
    found = gathered(tmp_path, info(**values), "a.info.json")
    assert [each.place for each in found.malformed] == [place]
    assert len(found.posts) == 1


def test_a_playlist_has_a_post_an_entry(tmp_path: Path) -> None:
    text = json.dumps({"_type": "playlist", "entries": [json.loads(info()), 7, json.loads(info(id="b"))]})
    found = gathered(tmp_path, text, "list.info.json")
    assert [post.number for post in found.posts] == ["l75MaDRXzG8", "b"]
    assert [each.place for each in found.malformed] == ["entries[2]"]


def test_published_tables_are_read() -> None:
    if not SHARED.is_dir():
        pytest.skip("the files that others published are not on this machine")
    for file in ("csv_no_headers.csv", "csv_with_headers.csv"):
        found = read_export(SHARED / file, file, "auto-archiver", PostSettings())
        assert [post.url for post in found.posts] == ["https://example.com/1/", "https://example.com/2/"]
