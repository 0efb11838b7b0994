"""Telegram Desktop's exports, made as it writes them: all posts are read, all malformed places named."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from verify.claims.posts import read_export, stream
from verify.claims.posts.stream import walk
from verify.settings import PostSettings

MOSCOW = timezone(timedelta(hours=3))
MISSING = "(File not included. Change data exporting settings to download.)"
MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media" / "telegram"
SHARED = MEDIA / "innerdvations__telegram-chat-parser/tests/data"


def message(number: int, **values: Any) -> dict[str, Any]:
    plain = {"id": number, "type": "message", "date": "2023-05-03T02:37:11", "from": "residents", "text": "x"}
    return plain | values


def chat(*messages: Any, **values: Any) -> dict[str, Any]:
    return {"name": "residents", "type": "public_channel", "id": 5, **values, "messages": list(messages)}


def written(folder: Path, content: Any) -> Path:
    path = folder / "result.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return path


def gathered(folder: Path, content: Any, **settings: int) -> Any:
    return read_export(written(folder, content), "result.json", "", PostSettings(**settings))


def test_a_channel_is_read_with_everything_in_it(tmp_path: Path) -> None:
    (tmp_path / "video_files").mkdir()
    (tmp_path / "video_files" / "v.mp4").write_bytes(b"moving pictures")
    found = gathered(
        tmp_path,
        chat(
            message(1, type="service", action="create_channel", actor="residents"),
            message(
                2,
                date_unixtime="1683070631",
                edited="2023-05-03T02:40:00",
                edited_unixtime="1683070800",
                text=["what is ", {"type": "bold", "text": "that"}, "?"],
                file="video_files/v.mp4",
                media_type="video_file",
                author="the editor",
            ),
            message(3, forwarded_from="neighbours", reply_to_message_id=2, photo=MISSING),
            {"id": 4, "type": "unsupported"},
        ),
    )
    assert (found.format, found.broken, found.malformed) == ("telegram", None, ())
    assert found.passed_over == {
        "service message": 1,
        "message that the exporting version did not know": 1,
    }
    first, second = found.posts
    assert (first.source, first.author, first.number) == ("residents", "the editor", "2")
    assert first.text == "what is that?"
    assert first.start == first.end == datetime(2023, 5, 2, 23, 37, 11, tzinfo=UTC)
    assert first.start.utcoffset() == timedelta(hours=3)
    assert first.edited == datetime(2023, 5, 2, 23, 40, tzinfo=UTC)
    assert (first.zone, first.found_in, first.place) == ("given", "result.json", "messages[2]")
    assert first.files[0].sha256 == hashlib.sha256(b"moving pictures").hexdigest()
    assert second.forwarded is not None
    assert (second.forwarded.source, second.reply_to, second.zone) == ("neighbours", "2", "")
    assert second.files[0].file is None
    assert "does not hold" in second.files[0].note


def test_an_account_has_chats_of_every_kind(tmp_path: Path) -> None:
    kinds = ("personal_chat", "bot_chat", "private_group", "private_supergroup", "public_channel")
    chats = [chat(message(1), type=kind, name=kind) for kind in kinds]
    saved = {"type": "saved_messages", "id": 9, "messages": [message(1, **{"from": "me"})]}
    left = chat(message(1), name="left")
    account = {
        "about": "...",
        "contacts": {"list": [{"user_id": 1, "first_name": "A"}]},
        "chats": {"about": "...", "list": [*chats, saved]},
        "left_chats": {"list": [left]},
    }
    found = gathered(tmp_path, account)
    assert [post.source for post in found.posts] == [*kinds, "saved messages", "left"]
    assert found.posts[5].author == "me"
    assert found.posts[3].place == "chats.list[4].messages[1]"
    assert found.posts[6].place == "left_chats.list[1].messages[1]"
    assert not found.malformed


@pytest.mark.parametrize(
    ("values", "start", "given"),
    [
        ({}, datetime(2023, 5, 3, 2, 37, 11), ""),  # noqa: DTZ001 - no zone is the point
        ({"date_unixtime": "1683070631"}, datetime(2023, 5, 3, 2, 37, 11, tzinfo=MOSCOW), "given"),
        ({"date_unixtime": 1683070631}, datetime(2023, 5, 3, 2, 37, 11, tzinfo=MOSCOW), "given"),
        ({"date": "2023-05-03T02:37:11+03:00"}, datetime(2023, 5, 3, 2, 37, 11, tzinfo=MOSCOW), "given"),
    ],
)
def test_dates_have_a_zone_only_where_one_is_given(
    tmp_path: Path, values: dict[str, Any], start: datetime, given: str
) -> None:
    (post,) = gathered(tmp_path, chat(message(1, **values))).posts
    assert (post.start, post.end, post.zone) == (start, start, given)
    assert post.start.utcoffset() == start.utcoffset()


def test_a_zone_of_the_case_is_used_only_for_dates_without_one(tmp_path: Path) -> None:
    path = written(tmp_path, chat(message(1), message(2, date="2023-05-03T02:37:11-05:00")))
    posts = read_export(path, "e", "telegram", PostSettings(), ZoneInfo("Europe/Moscow"), "case").posts
    assert [post.zone for post in posts] == ["case", "given"]
    assert posts[0].start == datetime(2023, 5, 2, 23, 37, 11, tzinfo=UTC)
    assert posts[1].start == datetime(2023, 5, 3, 7, 37, 11, tzinfo=UTC)


@pytest.mark.parametrize("local", ["2023-10-29T02:30:00", "2023-03-26T02:30:00"])
def test_an_hour_that_a_zone_repeats_or_skips_is_an_interval_in_order(tmp_path: Path, local: str) -> None:
    path = written(tmp_path, chat(message(1, date=local)))
    (post,) = read_export(path, "e", "", PostSettings(), ZoneInfo("Europe/Berlin"), "export").posts
    assert post.end - post.start == timedelta(hours=1)
    assert post.zone == "export"


@pytest.mark.parametrize("seconds", [1683170000, 1683070631 + 420, 1683070631 - 1])
def test_a_date_that_contradicts_its_own_seconds_is_named(tmp_path: Path, seconds: int) -> None:
    found = gathered(tmp_path, chat(message(1, date_unixtime=str(seconds))))
    assert [each.place for each in found.malformed] == ["messages[1].date"]
    assert found.posts[0].start == datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"type": "ERROR"}, "messages[1].type"),
        ({"id": None}, "messages[1].id"),
        ({"date": "yesterday"}, "messages[1].date"),
        ({"date": "2023-13-45T02:37:11"}, "messages[1].date"),
        ({"date": "9999-05-03T02:37:11"}, "messages[1].date"),
        ({"date_unixtime": "soon"}, "messages[1].date_unixtime"),
        ({"date_unixtime": "9" * 400}, "messages[1].date_unixtime"),
        ({"text": {"error": "object"}}, "messages[1].text"),
        ({"text": ["a", {"type": "bold"}]}, "messages[1].text[2]"),
        ({"from_id": "somebody"}, "messages[1].from_id"),
        ({"forwarded_from": {"a": 1}}, "messages[1].forwarded_from"),
        ({"file": 7}, "messages[1].file"),
        ({"media_type": "hologram"}, "messages[1].media_type"),
        ({"type": "service", "file": "a.ogg"}, "messages[1].type"),
    ],
)
def test_a_malformed_place_is_named_and_the_post_kept(
    tmp_path: Path, values: dict[str, Any], place: str
) -> None:
    found = gathered(tmp_path, chat(message(1, **values), message(2)))
    assert [each.place for each in found.malformed] == [place]
    assert all(each.problem and each.hint for each in found.malformed)
    assert len(found.posts) == 2
    assert found.posts[1].number == "2"


def test_what_is_no_message_and_what_comes_twice_is_named(tmp_path: Path) -> None:
    found = gathered(tmp_path, chat(message(1), "text", message(1)))
    assert [each.place for each in found.malformed] == ["messages[2]", "messages[3]"]
    assert len(found.posts) == 2


def test_an_export_cut_short_keeps_what_comes_before_and_names_the_line(tmp_path: Path) -> None:
    whole = json.dumps(chat(*(message(number) for number in range(1, 40))), indent=1)
    cut = whole[: whole.index('"id": 30')]
    found = gathered(tmp_path, cut)
    assert [post.number for post in found.posts] == [str(number) for number in range(1, 30)]
    assert found.broken is not None
    line = cut.count("\n") + 1
    assert f"line {line}," in found.broken.message


def test_control_characters_as_telegram_writes_them_are_read(tmp_path: Path) -> None:
    # SerializeString writes \x0B, which is no JSON; an escaped backslash before an x is one.
    text = json.dumps(chat(message(1, text="AB"), message(2, text="C:\\x41"))).replace("AB", "A\\x0bB")
    found = gathered(tmp_path, text)
    assert found.broken is None
    assert [post.text for post in found.posts] == ["A\x0bB", "C:\\x41"]


def test_an_escape_across_two_blocks_is_read(tmp_path: Path) -> None:
    start = json.dumps(chat(message(1, text="PAD\\\\x41 \\x1f end")))
    start = start.replace("\\\\x1f", "\\x1f")
    before = start.index("\\x1f")
    for split in range(5):  # blocks end at every place inside the escape
        text = start.replace("PAD", "p" * ((1 << 18) - before - split + 3))
        found = gathered(tmp_path, text)
        assert found.broken is None
        assert found.posts[0].text.endswith("p") or "characters, cut here" in found.posts[0].text
    settings = {"text": 1 << 21}
    assert gathered(tmp_path, text, **settings).posts[0].text.endswith("\\\\x41 \x1f end")


@pytest.mark.parametrize("block", [1, 3, 17, 1 << 18])
def test_walking_gives_what_json_gives(tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_BLOCK", block)
    draw = random.Random(block)
    for _ in range(40):
        document = {"a": [_value(draw, 3)], "messages": [_value(draw, 4) for _ in range(draw.randrange(6))]}
        path = written(tmp_path, json.dumps(document, indent=draw.choice((None, 1))))
        items = dict(walk(path, frozenset({"messages"}), PostSettings()))
        given = [value for place, value in items.items() if place[0] == "messages"]
        assert given == document["messages"]
        assert [place[1] for place in items if place[0] == "messages"] == list(range(1, len(given) + 1))


def _value(draw: random.Random, depth: int) -> Any:
    kind = draw.randrange(7 if depth else 5)
    if kind == 5:
        return [_value(draw, depth - 1) for _ in range(draw.randrange(4))]
    if kind == 6:
        return {f"k{key}\u202e": _value(draw, depth - 1) for key in range(draw.randrange(4))}
    return [None, True, draw.randrange(-(10**12), 10**12), draw.random(), 'a"\\ \u2028\U0001f92d'][kind]


def test_hostile_json_ends_with_a_reason(tmp_path: Path) -> None:
    for deep in (
        '{"type": "a", "messages": [' + "[" * 5000 + "]" * 5000 + "]}",
        '{"type": "a", "messages": ' * 100 + "0" + "}" * 100,
    ):
        assert "nests too deeply" in gathered(tmp_path, deep).broken.message
    large = json.dumps(chat(message(1), message(2, text="x" * (3 << 20))))
    found = gathered(tmp_path, large, entry_bytes=1 << 20)
    assert "larger than 1 MiB" in found.broken.message
    start = '{"type": "a", "messages": ['
    for rest in (
        '{"id": 1' + "0" * 5000 + "}]}",
        "{}]} {}",
        "{},]}",
        "{}}",
        "{} {}]}",
        "{}]",
        '{}], "a"}',
        "tru]}",
    ):
        assert gathered(tmp_path, start + rest).broken is not None, rest
    path = tmp_path / "result.json"
    path.write_bytes(b'{"name": "\xff\xfe", "messages": [], "type": "a"}')
    assert read_export(path, "e", "telegram", PostSettings()).broken is not None


def test_any_damage_ends_with_a_result(tmp_path: Path) -> None:
    draw = random.Random(9)
    whole = json.dumps(
        chat(message(1, text=["a", {"type": "bold", "text": "b"}]), message(2)), indent=1
    ).encode()
    path = tmp_path / "result.json"
    for _ in range(300):
        hurt = bytearray(whole)
        for _ in range(draw.randrange(1, 4)):
            place = draw.randrange(len(hurt))
            hurt[place : place + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
        path.write_bytes(hurt)
        found = read_export(path, "e", "telegram", PostSettings())
        assert len(found.posts) <= 2
        assert found.broken is None or found.broken.message


def test_posts_beyond_the_bound_are_counted(tmp_path: Path) -> None:
    found = gathered(tmp_path, chat(*(message(number) for number in range(10))), posts=4)
    assert (len(found.posts), found.left_out) == (4, 6)


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "/etc/hostname", "C:\\secret.txt", "a/../../secret.txt", "link", "linked/secret.txt"],
)
def test_a_path_never_leaves_the_export(tmp_path: Path, path: str) -> None:
    inside = tmp_path / "export"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "link").symlink_to(tmp_path / "secret.txt")
    (inside / "linked").symlink_to(tmp_path)
    found = gathered(inside, chat(message(1, file=path)))
    (file,) = found.posts[0].files
    assert file.file is None
    assert file.sha256 is None
    assert file.note
    assert [each.place for each in found.malformed] == [f"messages[1], {path}"]


def test_a_small_picture_stands_in_for_a_video_that_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "v.mp4_thumb.jpg").write_bytes(b"small")
    (tmp_path / "w.mp4").write_bytes(b"whole")
    left_out = message(1, file=MISSING, thumbnail="v.mp4_thumb.jpg")
    first, second = gathered(
        tmp_path, chat(left_out, message(2, file="w.mp4", thumbnail="v.mp4_thumb.jpg"))
    ).posts
    small = hashlib.sha256(b"small").hexdigest()
    assert [file.sha256 for file in first.files] == [None, small]
    assert [file.sha256 for file in second.files] == [hashlib.sha256(b"whole").hexdigest()]


def test_files_are_found_under_windows_paths_too(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"a")
    (file,) = gathered(tmp_path, chat(message(1, photo="photos\\a.jpg"))).posts[0].files
    assert file.sha256 == hashlib.sha256(b"a").hexdigest()


def test_what_hides_in_names_is_taken_off(tmp_path: Path) -> None:
    (post,) = gathered(tmp_path, chat(message(1), name="a\u202eb\x1b[31m" + "c" * 9000)).posts
    assert post.source.isprintable()
    assert len(post.source) <= 300


def page(*messages: str, title: str = "residents") -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head>'
        '<body onload="CheckLocation();"><div class="page_wrap"><div class="page_header">'
        f'<div class="content"><div class="text bold">\n{title}\n</div></div></div>'
        '<div class="page_body chat_page"><div class="history">'
        f"{''.join(messages)}</div></div></div></body></html>"
    )


def shown(number: int, inner: str, date: str, joined: bool = False, sender: str = "residents") -> str:
    name = "" if joined else f'<div class="from_name">\n{sender} \n</div>'
    style = "message default clearfix joined" if joined else "message default clearfix"
    pic = "" if joined else '<div class="pull_left userpic_wrap"><div class="initials">R</div></div>'
    return (
        f'<div class="{style}" id="message{number}">{pic}<div class="body">'
        f'<div class="pull_right date details" title="{date}">\n02:37\n</div>{name}{inner}</div></div>'
    )


def html(folder: Path, *pages: str) -> Any:
    for number, text in enumerate(pages, 1):
        (folder / f"messages{number if number > 1 else ''}.html").write_text(text, encoding="utf-8")
    return read_export(folder / "messages.html", "messages.html", "", PostSettings())


NEW, OLD = "03.05.2023 02:37:11 UTC+03:00", "03.05.2023 02:37:11"


@pytest.mark.parametrize(
    ("date", "start"),
    [
        (NEW, datetime(2023, 5, 3, 2, 37, 11, tzinfo=MOSCOW)),
        (OLD, datetime(2023, 5, 3, 2, 37, 11)),  # noqa: DTZ001 - no zone is the point
        ("03.05.2023 02:37:11 UTC-05:30", datetime(2023, 5, 3, 8, 7, 11, tzinfo=UTC)),
    ],
)
def test_both_date_forms_of_pages_are_read(tmp_path: Path, date: str, start: datetime) -> None:
    (post,) = html(tmp_path, page(shown(1, '<div class="text">\nx\n</div>', date))).posts
    assert (post.start, post.end) == (start, start)
    assert post.zone == ("given" if start.tzinfo else "")


def test_pages_are_read_with_everything_on_them(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "p.jpg").write_bytes(b"picture")
    photo = (
        '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/p.jpg">'
        '<img class="photo" src="photos/p_thumb.jpg" style="width: 1px"/></a></div>'
    )
    absent = (
        '<div class="media_wrap clearfix"><div class="media clearfix pull_left media_video">'
        '<div class="fill pull_left"></div><div class="body"><div class="title bold">\nVideo file\n</div>'
        '<div class="description">\nNot included, change data exporting settings to download.\n</div>'
        '<div class="status details">00:12, 3 MB</div></div></div></div>'
    )
    forward = (
        '<div class="pull_left forwarded userpic_wrap"><div class="initials">N</div></div>'
        '<div class="forwarded body"><div class="from_name">\nneighbours <span class="date details" '
        f'title="03.05.2023 02:30:00 UTC+03:00"> 03.05.2023 02:30:00</span>\n</div>{absent}'
        '<div class="text">\nlook &lt;here&gt;<br>second <a href="https://t.me/x">line</a>\n</div></div>'
    )
    reply = (
        '<div class="reply_to details">\nIn reply to <a href="messages.html#go_to_message2" '
        'onclick="return GoToMessage(2)">this message</a>\n</div><div class="text">answer</div>'
    )
    service = (
        '<div class="message service" id="message-1"><div class="body details">\n3 May 2023\n</div></div>'
    )
    found = html(
        tmp_path,
        page(service, shown(2, photo + '<div class="text">smoke</div>', NEW), shown(3, forward, NEW)),
        page(shown(4, reply, NEW, joined=True)),
    )
    assert (found.format, found.broken, found.malformed) == ("telegram", None, ())
    assert found.passed_over == {"service message": 1}
    first, second, third = found.posts
    assert [post.number for post in found.posts] == ["2", "3", "4"]
    assert {post.source for post in found.posts} == {"residents"}
    assert first.files[0].sha256 == hashlib.sha256(b"picture").hexdigest()
    assert len(first.files) == 1
    assert second.text == "look <here>\nsecond line"
    assert second.forwarded is not None
    assert second.forwarded.source == "neighbours"
    assert second.forwarded.start == datetime(2023, 5, 2, 23, 30, tzinfo=UTC)
    assert (second.files[0].path, second.files[0].file) == ("Video file", None)
    assert (third.reply_to, third.text, third.forwarded) == ("2", "answer", None)
    assert third.place == "messages2.html#message4"


def test_the_older_forms_of_a_forward_are_read(tmp_path: Path) -> None:
    old = (
        '<div class="forwarded body"><div class="from_name">neighbours <span class="details"> 03.05.2023 '
        '02:30:00</span></div><div class="text">a</div></div>'
    )
    joined = '<div class="forwarded body"><div class="text">b</div></div>'
    first, second = html(tmp_path, page(shown(1, old, OLD), shown(2, joined, OLD, joined=True))).posts
    assert first.forwarded is not None
    assert second.forwarded is not None
    assert (first.forwarded.source, second.forwarded.source) == ("neighbours", "neighbours")
    assert first.forwarded.start == datetime(2023, 5, 3, 2, 30)  # noqa: DTZ001 - it has no zone
    assert second.forwarded.start is None


def test_the_pages_of_an_account_are_read_chat_by_chat(tmp_path: Path) -> None:
    for number, name in enumerate(("one", "two"), 1):
        folder = tmp_path / "chats" / f"chat_00{number}"
        (folder / "photos").mkdir(parents=True)
        (folder / "photos" / "p.jpg").write_bytes(name.encode())
        link = f"../../chats/chat_00{number}/photos/p.jpg"
        photo = f'<a class="photo_wrap clearfix pull_left" href="{link}"></a>'
        (folder / "messages.html").write_text(page(shown(1, photo, NEW), title=name))
    (tmp_path / "export_results.html").write_text(page())
    for place in (tmp_path, tmp_path / "export_results.html"):
        found = read_export(place, "e", "telegram", PostSettings())
        assert [post.source for post in found.posts] == ["one", "two"]
        assert [post.files[0].sha256 for post in found.posts] == [
            hashlib.sha256(name.encode()).hexdigest() for name in ("one", "two")
        ]
        assert found.posts[1].place == "chats/chat_002/messages.html#message1"
    alone = read_export(tmp_path / "chats" / "chat_001" / "messages.html", "e", "", PostSettings())
    assert alone.posts[0].files[0].sha256 == hashlib.sha256(b"one").hexdigest()


def test_malformed_pages_are_named(tmp_path: Path) -> None:
    text = '<div class="text">x</div>'
    found = html(tmp_path, page(shown(1, text, "3 May"), shown(2, text, "")))
    assert [each.place for each in found.malformed] == [
        "messages.html#message1 date",
        "messages.html#message2 date",
    ]
    assert len(found.posts) == 2
    (tmp_path / "messages4.html").write_text(page(shown(9, text, NEW)))
    found = read_export(tmp_path / "messages.html", "e", "", PostSettings())
    assert "messages4.html" in [each.place for each in found.malformed]
    assert html(tmp_path, "<html><body>something else</body></html>").broken is not None
    deep = page(shown(1, "<div>" * 3000 + "x", NEW))
    assert "nests deeper" in html(tmp_path, deep).broken.message


def test_pages_cut_short_and_unclosed_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    whole = page(*(shown(number, '<div class="text">x</div>', NEW) for number in range(1, 6)))
    for end in range(0, len(whole), 97):
        found = html(tmp_path, whole[:end])
        assert found.broken is not None or len(found.posts) <= 5


def test_real_exports_are_read_and_what_was_broken_in_them_is_named() -> None:
    if not SHARED.is_dir():
        pytest.skip("the exports that others published are not on this machine")
    found = {path.name: read_export(path, path.name, "", PostSettings()) for path in SHARED.glob("*.json")}
    counts = {name: len(each.posts) for name, each in found.items()}
    assert counts == {
        "bot.json": 2, "error-unexpected.json": 16, "error.json": 0, "personal.json": 0,
        "private_channel.json": 5, "private_group.json": 1, "public_channel.json": 5,
        "public_supergroup.json": 1, "saved.json": 20, "users_test.json": 8,
    }  # fmt: skip
    assert {name for name, each in found.items() if each.broken} == {"error.json"}
    assert {name for name, each in found.items() if each.malformed} == {"error-unexpected.json"}
    named = {each.place for each in found["error-unexpected.json"].malformed}
    assert {
        "messages[1].type", "messages[2].from_id", "messages[3].text", "messages[6].media_type",
        "messages[7].text", "messages[8].id", "messages[9].type",
    } <= named  # fmt: skip
