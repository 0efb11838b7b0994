"""The staged case is what its manifest and truth say, read here by other means than those that made it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from verify import staged
from verify.claims import read_case
from verify.errors import MissingFileError, OutputExistsError, UnreadableMediaError

ROOT = Path(__file__).parents[2]
CASE = ROOT / "samples" / "dome"
TRUTH = json.loads((CASE / "truth.json").read_text("utf-8"))
FILES = json.loads((CASE / "manifest.json").read_text("utf-8"))["files"]
MEDIA = sorted(name for name in FILES if name.startswith(("clips/", "reference/")))
SMALL = 320, 180


def clip(name: str) -> Path:
    return CASE / "clips" / f"{name}.{'mkv' if name == 'remux' else 'mp4'}"


@cache
def pictures(name: str) -> tuple[tuple[float, ...], np.ndarray]:
    """Times of all frames from the first, and their luma, (N, 180, 320)."""
    times, shown = [], []
    with av.open(str(clip(name))) as container:
        for frame in container.decode(video=0):
            times.append(float(frame.pts * frame.time_base))
            luma = np.frombuffer(frame.planes[0], np.uint8).reshape(-1, frame.planes[0].line_size)
            shown.append(cv2.resize(luma[: frame.height, : frame.width], SMALL, interpolation=cv2.INTER_AREA))
    return tuple(time - times[0] for time in times), np.stack(shown)


@cache
def sound(name: str) -> np.ndarray:
    with av.open(str(clip(name))) as container:
        blocks = [frame.to_ndarray()[0] for frame in container.decode(audio=0) if frame.pts >= 0]
    return np.concatenate(blocks)


def at(name: str, time: float) -> np.ndarray:
    times, shown = pictures(name)
    return shown[max(i for i, t in enumerate(times) if t <= time + 1e-3)].astype(np.float32)


def alike(a: np.ndarray, b: np.ndarray, where: np.ndarray) -> float:
    return float(np.corrcoef(a[where], b[where])[0, 1])


def brought(picture: np.ndarray, homography: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """A picture of a brought to b by a homography in fractions, and where b shows it."""
    scale = np.diag([*SMALL, 1.0])
    matrix = scale @ np.array(homography) @ np.linalg.inv(scale)
    whole = np.ones(picture.shape, np.uint8)
    return cv2.warpPerspective(picture, matrix, SMALL), cv2.warpPerspective(whole, matrix, SMALL) > 0


def copy_of(name: str) -> dict:
    (relation,) = (r for r in TRUTH["relations"] if (r["a"], r["b"]) == ("dome", name))
    return relation["segments"][0]


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_manifest_knows_every_byte(name: str) -> None:
    data = (CASE / name).read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (FILES[name]["sha256"], FILES[name]["size_bytes"])


def test_nothing_lies_there_that_the_manifest_does_not_list() -> None:
    found = {
        path.relative_to(CASE).as_posix()
        for folder in ("clips", "reference")
        for path in (CASE / folder).iterdir()
    }
    assert found == set(MEDIA)


def test_the_media_stay_small() -> None:
    assert sum(FILES[name]["size_bytes"] for name in MEDIA) < 12e6


@pytest.mark.parametrize("name", MEDIA)
def test_every_file_says_that_it_is_staged(name: str) -> None:
    if name.endswith(".jpg"):
        with Image.open(CASE / name) as picture:
            said = str(picture.getexif()[0x010E])
    else:
        with av.open(str(CASE / name)) as container:
            said = container.metadata["title"]
    assert said.startswith("STAGED sample")


@pytest.mark.parametrize("name", sorted(TRUTH["clips"]))
def test_lengths_and_sizes_are_true(name: str) -> None:
    said = TRUTH["clips"][name]
    with av.open(str(clip(name))) as container:
        stream = container.streams.video[0]
        found = stream.width, stream.height, float(stream.average_rate)
    assert found == (said["width"], said["height"], said["frame_rate"])
    times, _ = pictures(name)
    assert len(times) == said["frames"]
    assert times[-1] + 1 / said["frame_rate"] == pytest.approx(said["seconds"], abs=0.01)


@pytest.mark.parametrize("name", ["dome", "remux", "repost", "monitor"])
def test_the_flash_is_where_truth_has_it(name: str) -> None:
    times, shown = pictures(name)
    level = shown.mean(axis=(1, 2))
    start, end = TRUTH["events"]["flash"][name]
    first = int(np.argmax(np.diff(level))) + 1
    assert times[first] == pytest.approx(start, abs=0.021)
    before = level[first - 5 : first].mean()
    assert level[first] > 1.5 * before
    bright = np.flatnonzero(level > before + 0.06 * (level[first] - before))
    after = next(i for i in range(first, len(level)) if i not in bright)
    assert times[after] == pytest.approx(end, abs=0.05)


@pytest.mark.parametrize("name", TRUTH["events"]["no_flash"])
def test_the_other_clips_have_no_flash(name: str) -> None:
    level = pictures(name)[1].mean(axis=(1, 2))
    assert np.abs(np.diff(level)).max() < 0.05 * level.mean()


@pytest.mark.parametrize("name", ["dome", "repost", "monitor"])
def test_the_bang_comes_when_sound_has_crossed_the_river(name: str) -> None:
    heard = sound(name)
    power = np.convolve(heard**2, np.ones(480) / 480, "valid")
    onset = int(np.argmax(power > 0.2 * power.max())) / 48_000
    said = TRUTH["events"]["bang"]
    assert onset == pytest.approx(said[name], abs=0.03)
    travelled = said["dome"] - TRUTH["events"]["flash"]["dome"][0]
    assert travelled == pytest.approx(said["distance_metres"] / said["speed_of_sound"], abs=1e-5)


@pytest.mark.parametrize("name", TRUTH["events"]["no_bang"])
def test_the_other_clips_have_no_bang(name: str) -> None:
    power = np.convolve(sound(name) ** 2, np.ones(2400) / 2400, "valid")
    assert power.max() < 12 * np.median(power)


@pytest.mark.parametrize("name", ["repost", "monitor"])
def test_copies_show_the_seconds_and_the_part_that_truth_maps(name: str) -> None:
    segment = copy_of(name)
    delay = segment["a"][0] - segment["b"][0]
    for time in (1.0, segment.get("homography_at_b", 4.0), 6.5):
        shown, where = brought(at("dome", time + delay), segment["homography"])
        where[158:] = False  # the repost's caption
        assert alike(shown, at(name, time), where) > 0.9
        assert alike(shown[:, ::-1], at(name, time), where) < 0.7


@pytest.mark.parametrize("name", ["repost", "monitor"])
def test_copies_run_in_step_with_the_original(name: str) -> None:
    """Light over the whole picture, second by second, agrees at truth's delay and at no other."""
    segment = copy_of(name)
    times, shown = pictures(name)
    light = shown.mean(axis=(1, 2))
    original_times, original = pictures("dome")
    level = original.mean(axis=(1, 2))
    delays = np.arange(segment["a"][0] - 0.4, segment["a"][0] + 0.41, 0.04)
    scores = [np.corrcoef(light, np.interp(np.array(times) + d, original_times, level))[0, 1] for d in delays]
    assert delays[int(np.argmax(scores))] == pytest.approx(segment["a"][0], abs=0.041)


def test_the_remux_holds_the_same_packets() -> None:
    def payloads(name: str) -> dict[str, list[bytes]]:
        with av.open(str(clip(name))) as container:
            found: dict[str, list[bytes]] = {stream.type: [] for stream in container.streams}
            for packet in container.demux():
                if packet.size:
                    found[packet.stream.type].append(bytes(packet))
        return found

    assert payloads("dome") == payloads("remux")
    assert clip("dome").read_bytes() != clip("remux").read_bytes()


def test_the_figures_are_in_their_boxes() -> None:
    """Torches are bright where truth has the figures; nothing of the kind is in the smoke clip."""
    figures = TRUTH["figures"]
    bare = at("dome", 0.0)
    start, end = figures["visible"]
    assert 0.4 < start < 1.2
    assert 11.2 < end < 11.8
    x, y, w, h = np.array(figures["box"]) * [*SMALL, *SMALL]
    everywhere = slice(int(y), int(y + h) + 1), slice(int(x), int(x + w) + 2)
    for time, shown in ((start - 0.08, False), (start + 0.04, True), (end - 0.08, True), (end + 0.04, False)):
        assert (at("dome", time)[everywhere].max() > 200) == shown
    for entry in figures["boxes"]:
        if not start + 1.5 < entry["at"] < end - 1.0 or 7.2 < entry["at"] < 9:
            continue
        x, y, w, h = np.array(entry["box"]) * [*SMALL, *SMALL]
        window = slice(int(y), int(y + h) + 1), slice(int(x), int(x + w) + 2)
        assert (at("dome", entry["at"]) - bare)[window].max() > 60
    x, y, w, h = np.array(figures["box_in_smoke"]) * [*SMALL, *SMALL]
    assert 0 < x < x + w < SMALL[0]
    window = slice(int(y), int(y + h) + 1), slice(int(x), int(x + w) + 2)
    torch = min(at("dome", time).max() for time in (3.0, 5.0, 6.8))
    assert pictures("smoke")[1][:, window[0], window[1]].max() < 0.9 * torch


def test_the_two_cameras_see_one_place_as_their_matrices_say() -> None:
    """Matches of local features agree with the true cameras' epipolar geometry, and with no one plane."""
    places, descriptors = [], []
    for name in ("smoke", "dome"):
        with av.open(str(clip(name))) as container:
            luma = next(container.decode(video=0)).to_ndarray(format="gray")
        found, described = cv2.SIFT_create(2000).detectAndCompute(luma, None)
        places.append(np.array([point.pt for point in found]))
        descriptors.append(np.sqrt(described / described.sum(axis=1, keepdims=True)))
    pairs = cv2.BFMatcher().knnMatch(descriptors[0], descriptors[1], k=2)
    good = [best for best, second in pairs if best.distance < 0.8 * second.distance]
    a = places[0][[match.queryIdx for match in good]]
    b = places[1][[match.trainIdx for match in good]]
    one, other = (np.array(TRUTH["cameras"][name]["matrix"]) for name in ("smoke", "dome"))
    centre = np.append(TRUTH["cameras"]["smoke"]["centre_metres"], 1)
    x, y, z = other @ centre
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    fundamental = cross @ other @ np.linalg.pinv(one)
    lines = np.column_stack([a, np.ones(len(a))]) @ fundamental.T
    away = np.abs((lines * np.column_stack([b, np.ones(len(b))])).sum(axis=1)) / np.hypot(
        lines[:, 0], lines[:, 1]
    )
    assert (away < 12).sum() >= 100  # both hands shake by some pixels
    _, plane = cv2.findHomography(a, b, cv2.USAC_MAGSAC, 3.0)
    assert 40 <= plane.sum() < 0.8 * (away < 12).sum()


def test_landmarks_are_where_the_matrices_project_them() -> None:
    """The clock's dial is bright, its surroundings are not."""
    for name in ("smoke", "dome"):
        x, y = TRUTH["landmarks"]["clock centre"][name]
        first = at(name, 0.0)
        col, row = round(x * SMALL[0]), round(y * SMALL[1])
        dial, below = (
            first[row - 4 : row + 5, col - 4 : col + 5],
            first[row + 18 : row + 30, col - 4 : col + 5],
        )
        assert np.median(dial) > 2 * np.median(below)


def test_the_case_file_is_in_order() -> None:
    case = read_case(CASE / "case.toml")
    assert [item.id for item in case.clips] == ["smoke", "dome", "repost", "monitor", "remux", "unrelated"]
    ids = {item.id for item in (*case.clips, *case.references)}
    assert {relation[side] for relation in TRUTH["relations"] for side in "ab"} <= ids


def test_the_renderer_draws_the_same_twice_and_what_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from samples.dome.render import plate, scene, takes

    def drawn(times: tuple[float, ...]) -> list[np.ndarray]:
        small = takes.DOME_CAMERA.resized(0.25)
        label = takes.Label("x", "top left", 0.3, cv2.FONT_HERSHEY_SIMPLEX)
        shake = takes.Shake(202, 0.65)
        recorder = takes.Recorder(small, shake, 1.5, (0.95, 0.99, 1.06), 1.8, label, 2)
        take = takes.DomeTake(recorder, plate.night(scene.old_town(43), small, supersample=1))
        return [take.frame(round(time * takes.RATE)) for time in times]

    times = 5.0, 10.0
    first, second = drawn(times), drawn(times)
    for time, one, other in zip(times, first, second, strict=True):
        np.testing.assert_array_equal(one, other)
        luma = cv2.GaussianBlur(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY).astype(np.float32), (5, 5), 0)
        assert alike(luma, cv2.GaussianBlur(at("dome", time), (5, 5), 0), luma >= 0) > 0.88


def test_writing_the_case_gives_every_file_and_the_path_of_the_case(tmp_path: Path) -> None:
    place = staged.write(tmp_path / "new" / "case")
    assert place == tmp_path / "new" / "case" / "case.toml"
    written = {
        path.relative_to(place.parent).as_posix() for path in place.parent.rglob("*") if path.is_file()
    }
    assert written == {*FILES, "manifest.json"}
    for name, entry in FILES.items():
        assert hashlib.sha256((place.parent / name).read_bytes()).hexdigest() == entry["sha256"]
    assert len(read_case(place).clips) == 6


def test_writing_refuses_a_folder_with_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputExistsError):
        staged.write(tmp_path)
    assert staged.write(tmp_path, force=True).is_file()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_writing_refuses_a_file_that_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = staged.write(tmp_path / "source").parent
    with (source / "clips" / "smoke.mp4").open("r+b") as file:
        file.seek(1000)
        file.write(b"changed")
    monkeypatch.setattr(staged, "_source", lambda: source)
    with pytest.raises(UnreadableMediaError, match=r"clips/smoke\.mp4"):
        staged.write(tmp_path / "out")
    (source / "clips" / "smoke.mp4").unlink()
    with pytest.raises(MissingFileError, match=r"clips/smoke\.mp4"):
        staged.write(tmp_path / "out", force=True)
