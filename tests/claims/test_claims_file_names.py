"""Names of files that tell a time: every rule's own example, and names that tell none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from verify.claims.file_names import NameRule, name_rules, named_time


@pytest.mark.parametrize("rule", name_rules(), ids=lambda rule: rule.example[0])
def test_each_rule_reads_its_own_example(rule: NameRule) -> None:
    name, time = rule.example
    found = named_time(name)
    assert found is not None
    assert found.rule is rule
    assert found.start == datetime.fromisoformat(time)
    assert (found.start.tzinfo is not None) == (rule.zone == "utc")
    assert rule.zone in {"utc", "device", "receiver"}
    for text in (rule.writer, rule.means, rule.source):
        assert text.strip()


@pytest.mark.parametrize(
    ("name", "start", "length"),
    [
        ("VID-20230503-WA0001 (1).mp4", "2023-05-03T00:00:00", timedelta(hours=23, minutes=59, seconds=59)),
        ("IMG_20230503_023700(2).jpg", "2023-05-03T02:37:00", timedelta(seconds=59)),
        ("IMG_20230503_023701~2.jpg", "2023-05-03T02:37:01", timedelta(0)),
        ("VID_20230503_023701_HDR10PLUS.mp4", "2023-05-03T02:37:01", timedelta(0)),
        ("WhatsApp Image 2023-05-03 at 12.05.06 AM.jpeg", "2023-05-03T00:05:06", timedelta(0)),
        ("WhatsApp Image 2023-05-03 at 12.05.06 PM.jpeg", "2023-05-03T12:05:06", timedelta(0)),
        ("WhatsApp Video 2023-05-03 at 14.05.06_0a1b2c3d.mp4", "2023-05-03T14:05:06", timedelta(0)),
        ("PXL_20230502_233701123.LS.mp4", "2023-05-02T23:37:01.123000+00:00", timedelta(0)),
        ("Screenshot_20230503-023701_Telegram.jpg", "2023-05-03T02:37:01", timedelta(0)),
        ("photo_2023-05-03_02-37-01 (2).jpg", "2023-05-03T02:37:01", timedelta(0)),
    ],
)
def test_what_programs_add_to_a_name_does_not_hide_its_time(name: str, start: str, length: timedelta) -> None:
    found = named_time(name)
    assert found is not None
    assert (found.start, found.end - found.start) == (datetime.fromisoformat(start), length)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".mp4",
        "dome.mp4",
        "IMG_0001.jpg",
        "IMG_20231303_023700.jpg",  # month 13
        "IMG_20230230_023700.jpg",
        "IMG_20230503_243700.jpg",
        "IMG_00000000_000000.jpg",
        "IMG_99990503_023700.jpg",
        "12345678_123456.mp4",
        "20230503.mp4",
        "WhatsApp Image 2023-05-03 at 14.05.06 PM.jpeg",
        "VID_20230503_023700" + "_x" * 200 + ".mp4",  # longer than any file system allows
        "IMG_\uff12\uff10\uff12\uff130503_023700.jpg",  # full-width figures are letters to a camera
        "9999999999999.jpg",
        "2683070620.mp4",
    ],
)
def test_names_that_tell_no_time(name: str) -> None:
    assert named_time(name) is None
