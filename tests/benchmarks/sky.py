"""How near the sun and the moon of `verify.claims.sky` are to those of a full ephemeris.

    pip install skyfield skyfield-data astral
    python tests/benchmarks/sky.py [--out FILE]

1,000 random places and instants: latitudes from -89 to 89, any longitude, the years 2000 to 2040. The
reference is the ephemeris JPL DE421, read by Skyfield, which shares nothing with our own code: places of the
sun and the moon without refraction. Counted are the differences of altitude and azimuth, and the angle in the
sky between the two directions, which is what can be compared near the zenith. Astral, which was to be used
instead of code of our own, is measured in the same way; its moon has no parallax. Rising and setting are
compared on 120 of the days, at latitudes below 60 degrees.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import astral.moon
import astral.sun
import numpy as np
import skyfield_data
from skyfield import almanac
from skyfield.api import Loader, wgs84

import verify
from verify.claims.sky import RISE, Body, passages, sight

RESULTS = Path(__file__).with_name("results") / "sky.json"
COUNT, DAYS, SEED = 1000, 120, 20230503
ALLOWED = {"altitude": 0.05, "azimuth": 0.15}  # degrees

LOAD = Loader(skyfield_data.get_skyfield_data_path(), expire=False)
DE421, SCALE = LOAD("de421.bsp"), LOAD.timescale(builtin=True)


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    out = parser.parse_args().out
    cases = list(drawn(COUNT))
    result = {
        "cases": {"count": COUNT, "seed": SEED, "years": [2000, 2040], "latitudes": [-89, 89]},
        "reference": "JPL DE421",
        "verify": {body: differences(body, cases, ours) for body in Body},
        "astral": {body: differences(body, cases, of_astral) for body in Body},
        "rising_and_setting": {body: times(body, cases[:DAYS]) for body in Body},
        "machine": machine(),
    }
    out.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", "utf-8")
    print(json.dumps(result, indent=2, sort_keys=True))
    return 0


def drawn(count):
    """Random latitude, longitude and instant."""
    rng = np.random.default_rng(SEED)
    start = datetime(2000, 1, 1, tzinfo=UTC)
    span = (datetime(2041, 1, 1, tzinfo=UTC) - start).total_seconds()
    for _ in range(count):
        latitude, longitude = rng.uniform(-89, 89), rng.uniform(-180, 180)
        yield float(latitude), float(longitude), start + timedelta(seconds=int(rng.uniform(0, span)))


def ours(body, latitude, longitude, instant):
    """Altitude and azimuth, degrees."""
    seen = sight(body, latitude, longitude, instant)
    return seen.altitude, seen.azimuth


def of_astral(body, latitude, longitude, instant):
    """Likewise, by astral."""
    observer = astral.Observer(latitude, longitude)
    if body is Body.SUN:
        altitude = astral.sun.elevation(observer, instant, with_refraction=False)
        return altitude, astral.sun.azimuth(observer, instant)
    return astral.moon.elevation(observer, instant), astral.moon.azimuth(observer, instant)


def of_skyfield(body, latitude, longitude, instant):
    """Likewise, of the reference."""
    place = DE421["earth"] + wgs84.latlon(latitude, longitude)
    altitude, azimuth, _ = place.at(SCALE.from_datetime(instant)).observe(DE421[body]).apparent().altaz()
    return altitude.degrees, azimuth.degrees


def differences(body, cases, method):
    """Largest and usual differences, and the share of cases that stay within what is allowed."""
    found = []
    for case in cases:
        altitude, azimuth = method(body, *case)
        true_altitude, true_azimuth = of_skyfield(body, *case)
        turn = abs((azimuth - true_azimuth + 180) % 360 - 180)
        across = apart((altitude, azimuth), (true_altitude, true_azimuth))
        found.append((abs(altitude - true_altitude), turn, across, 90 - true_altitude))
    table = np.array(found)
    within = (table[:, 0] <= ALLOWED["altitude"]) & (table[:, 1] <= ALLOWED["azimuth"])
    return {
        "altitude": spread(table[:, 0]),
        "azimuth": spread(table[:, 1]),
        "angle_in_the_sky": spread(table[:, 2]),
        "nearest_to_zenith": round(float(table[:, 3].min()), 2),
        "share_within_allowed": round(float(within.mean()), 4),
        "allowed": ALLOWED,
    }


def apart(one, other):
    """The angle between two directions, degrees."""
    vectors = []
    for altitude, azimuth in (np.radians(one), np.radians(other)):
        level = np.cos(altitude)
        vectors.append(np.array([level * np.sin(azimuth), level * np.cos(azimuth), np.sin(altitude)]))
    a, b = vectors
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))


def spread(values):
    """Median and largest, degrees."""
    return {"median": round(float(np.median(values)), 5), "largest": round(float(values.max()), 5)}


def times(body, cases):
    """Seconds between our times of rising and setting and Skyfield's, on the day of each case."""
    found, missed = [], 0
    for latitude, longitude, instant in cases:
        flat = latitude * 60 / 89
        start = instant.replace(hour=0, minute=0, second=0)
        end = start + timedelta(days=1)
        mine = passages(body, (flat, longitude), start, end, RISE)
        observer = DE421["earth"] + wgs84.latlon(flat, longitude)
        for search, rising in ((almanac.find_risings, True), (almanac.find_settings, False)):
            span = SCALE.from_datetime(start), SCALE.from_datetime(end)
            moments, real = search(observer, DE421[body], *span, RISE)
            theirs = [moment.utc_datetime() for moment, seen in zip(moments, real, strict=True) if seen]
            our = [item.at for item in mine if item.rising == rising]
            missed += abs(len(theirs) - len(our))
            if len(theirs) == len(our):
                found += [abs((a - b).total_seconds()) for a, b in zip(our, theirs, strict=True)]
    return {"compared": len(found), "missed": missed, "largest_seconds": round(max(found), 1)}


def machine():
    """With what it was measured."""
    packages = ("numpy", "skyfield", "skyfield-data", "astral")
    return {
        "verify": verify.__version__,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in packages},
    }


if __name__ == "__main__":
    sys.exit(main())
