from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from verify.metadata import dates

NAIVE = datetime(2023, 5, 3, 2, 37, 1)  # noqa: DTZ001 - a date that a file gives without a zone


@pytest.mark.parametrize(
    ("text", "fraction", "offset", "expected"),
    [
        ("2023:05:03 02:37:01", "", "", NAIVE),
        ("2023:05:03 02:37:01", "45", "", NAIVE.replace(microsecond=450000)),
        ("2023:05:03 02:37:01", "045", "+03:00",
         NAIVE.replace(microsecond=45000, tzinfo=timezone(timedelta(hours=3)))),
        ("2023:05:03 02:37:01", "", "-09:30",
         NAIVE.replace(tzinfo=timezone(-timedelta(hours=9, minutes=30)))),
        ("2023:05:03 02:37:01", "", "Z", NAIVE.replace(tzinfo=UTC)),
        ("2023:05:03 02:37:01", "x", "   :  ", NAIVE),
        ("2023-05-03 02:37:01", "", "", NAIVE),
        ("2023:05:03 02:37:01+03:00", "", "", NAIVE.replace(tzinfo=timezone(timedelta(hours=3)))),
    ],
)  # fmt: skip
def test_exif_dates_keep_the_zone_that_the_file_gives_and_no_other(
    text: str, fraction: str, offset: str, expected: datetime
) -> None:
    found = dates.exif(text, fraction, offset)
    assert found == expected
    assert found.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize(
    "text",
    ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "2023:13:03 02:37:01", "2023:02:30 00:00:00",
     "2023:05:03 25:00:00", "2023:05:03", "yesterday"],
)  # fmt: skip
def test_impossible_exif_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        dates.exif(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-05-03T02:37:01.000000Z", "2023-05-03T02:37:01Z"),
        ("2023-05-03T02:37:01+0300", "2023-05-03T02:37:01+03:00"),
        ("2023-05-03 02:37:01", "2023-05-03T02:37:01"),
        ("2023:05:03 02:37:01", "2023-05-03T02:37:01"),
        ("2023-05-03T02:37:01.25Z", "2023-05-03T02:37:01.250Z"),
    ],
)
def test_container_dates_come_out_as_rfc3339(text: str, expected: str) -> None:
    assert dates.rfc3339(dates.iso(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["1904-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z", "2023", "2023-05-03", "2023-13-03T00:00:00Z",
     "2023-05-03T02:37:01+01:00:30"],
)  # fmt: skip
def test_epochs_and_days_without_a_time_are_no_instants(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        dates.iso(text)


def test_both_readings_of_a_quicktime_date() -> None:
    utc, local = dates.readings(NAIVE)
    assert utc.startswith("2023-05-03T02:37:01Z ")
    assert local.startswith("2023-05-03T02:37:01 ")


@pytest.mark.parametrize(
    ("day", "clock"),
    [("0000:00:00", (0, 0, 0)), ("2023:05:03", (24, 0, 0)), ("2023:05:03", (1, 60, 0)), ("", (1, 2, 3))],
)
def test_impossible_satellite_times_are_refused(day: str, clock: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="not a"):
        dates.gps(day, *clock)


def test_satellite_time_is_utc() -> None:
    assert dates.gps("2023:05:02", 23, 37, 1.5) == datetime(2023, 5, 2, 23, 37, 1, 500000, tzinfo=UTC)
