"""Times in identifiers, against published pairs of addresses and dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from verify.claims.posts.identifiers import coded, coded_number, platform

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "name", "time"),
    [
        # npmjs.com/package/twitter-snowflake-to-date
        (
            "https://twitter.com/a/status/1233161576649121792",
            "x",
            datetime(2020, 2, 27, 22, 46, 45, 564000, tzinfo=UTC),
        ),
        # Discord's developer documentation, "Convert snowflake to datetime"
        (
            "https://discord.com/channels/@me/175928847299117063/175928847299117063",
            "discord",
            datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC),
        ),
        # createTime 1595988377 in the page of the post, dfir.blog
        (
            "https://www.tiktok.com/@billnye/video/6854717870488702213",
            "tiktok",
            datetime(2020, 7, 29, 2, 6, 17, tzinfo=UTC),
        ),
        # stackoverflow.com/questions/63683015: 2384288897814875714, in base 64
        (
            "https://www.instagram.com/p/CEWsh68Kc5C/",
            "instagram",
            datetime(2020, 8, 26, 13, 43, 27, tzinfo=UTC),
        ),
        # datePublished in the page, shkspr.mobi, 2023-06
        (
            "https://www.linkedin.com/posts/terenceeden_did-you-know-activity-7075043149462556672-fxiw",
            "linkedin",
            datetime(2023, 6, 15, 9, 35, 34, 752000, tzinfo=UTC),
        ),
    ],
)
def test_published_pairs_of_address_and_date(url: str, name: str, time: datetime) -> None:
    found = coded(url, NOW)
    assert found is not None
    assert found.platform == name
    # The number is made when the post is begun, the date when it is shown.
    assert found.prompt == (name in {"x", "discord"})
    assert abs(found.time - time) <= timedelta(seconds=5)
    assert coded(f"{url}?s=20#x", NOW) == found


@pytest.mark.parametrize(
    ("form", "shift"),
    [("https://mastodon.social/@Gargron/{}", 16), ("https://example.town/@a@mastodon.social/{}", 16)],
)
def test_mastodon_numbers_are_milliseconds(form: str, shift: int) -> None:
    time = datetime(2023, 5, 3, 2, 37, 11, 123000, tzinfo=UTC)
    number = int(time.timestamp() * 1000) << shift | 0xABC
    found = coded(form.format(number), NOW)
    assert found is not None
    assert found.time == time


def test_bluesky_keys_are_microseconds_in_base_32() -> None:
    time = datetime(2023, 5, 3, 2, 37, 11, 123456, tzinfo=UTC)
    number = (int((time - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) << 10) | 77
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    key = "".join(letters[(number >> shift) & 31] for shift in range(60, -1, -5))
    found = coded(f"https://bsky.app/profile/somebody.bsky.social/post/{key}", NOW)
    assert found is not None
    assert found.time == time


@pytest.mark.parametrize(
    "url",
    [
        "https://twitter.com/jack/status/20",  # numbers before 2010 simply count
        "https://x.com/a/status/0000000029700859247",
        "https://x.com/a/status/9999999999999999999",  # the future
        f"https://x.com/a/status/{(int(NOW.timestamp() * 1000) + 10**8 - 1288834974657) << 22}",
        "https://x.com@evil.example/a/status/1233161576649121792",
        "https://evil.example\\@x.com/a/status/1233161576649121792",
        "https://x.com.evil.example/a/status/1233161576649121792",
        "https://evilx.com/a/status/1233161576649121792",
        "https://x.com:8080/a/status/1233161576649121792",
        "ftp://x.com/a/status/1233161576649121792",
        "x.com/a/status/1233161576649121792",
        "https://x.com/a/status/\uff11233161576649121792",
        "https://x.com/search?q=/a/status/1233161576649121792",
        "https://www.youtube.com/watch?v=l75MaDRXzG8",
        "https://t.me/channel/123456789012345678",
        "https://medium.com/@a/1233161576649121792012345",
        "https://[::1]/a/status/1233161576649121792",
        "https://x.com/" + "a" * 5000,
        "",
        "\x00",
    ],
)
def test_what_carries_no_possible_time_gives_none(url: str) -> None:
    assert coded(url, NOW) is None


def test_a_bare_number_needs_its_platform() -> None:
    found = coded_number("x", "1233161576649121792", NOW)
    assert found is not None
    assert found.time.year == 2020
    assert coded_number("telegram", "1233161576649121792", NOW) is None
    assert coded_number("x", "20", NOW) is None
    assert coded_number("x", "1233161576649121792", datetime(2019, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://t.me/residents/12", "telegram"),
        ("https://www.youtube.com/watch?v=a", "youtube"),
        ("https://m.vk.com/wall1", "vk"),
        ("https://mobile.twitter.com/a", "x"),
        ("https://t.me.evil.example/", ""),
        ("nothing", ""),
    ],
)
def test_platforms_are_told_by_their_host(url: str, name: str) -> None:
    assert platform(url) == name
