from __future__ import annotations

import importlib.util
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from signed_files import Signer, ends, flipped

import verify
from verify.checks import Evidence
from verify.checks.c2pa import c2pa as c2pa_check
from verify.errors import MissingFileError, UsageError
from verify.metadata.manifests import c2pa
from verify.metadata.manifests.manifest import manifest
from verify.metadata.manifests.words import CHANGED, source, words
from verify.model import Manifest, Media, MediaKind, Metadata, Outcome, Role, Video
from verify.pipeline import manifests

if TYPE_CHECKING:
    from conftest import MakeClip, MakePicture

needs_library = pytest.mark.skipif(
    importlib.util.find_spec("c2pa") is None, reason="the extra c2pa is not installed"
)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer()


@pytest.fixture
def signed(signer: Signer, make_picture: MakePicture, tmp_path: Path) -> Path:
    return signer.sign(make_picture("plain.png"), tmp_path / "signed.png")


@needs_library
def test_a_signed_file_is_valid_and_says_who_and_how(signed: Path) -> None:
    found = c2pa.read(signed)
    assert found.state == "valid"
    assert found.manifest is not None
    assert (found.manifest.signer, found.manifest.issuer) == ("A newsroom", "Tests")
    assert found.manifest.signed is None  # no time stamp was asked for
    assert found.manifest.generator is not None
    assert found.manifest.generator.startswith("a test 1")
    (action,) = found.manifest.actions
    assert (action.name, action.when, action.agent) == ("c2pa.created", "2026-01-02T03:04:05Z", "A program 2")
    assert found.manifest.source_types == ("trainedAlgorithmicMedia",)
    assert [code for code, _ in found.manifest.failures] == ["signingCredential.untrusted"]


@needs_library
@pytest.mark.parametrize("at", [0.6, 0.8, 0.95])
def test_one_changed_byte_of_the_picture_makes_it_invalid(signed: Path, tmp_path: Path, at: float) -> None:
    found = c2pa.read(flipped(signed, tmp_path / "changed.png", at))
    assert found.state == "invalid"
    assert found.manifest is not None
    assert {code for code, _ in found.manifest.failures} & CHANGED


@needs_library
def test_a_clip_is_read_too_and_a_changed_one_is_invalid(
    signer: Signer, make_clip: MakeClip, tmp_path: Path
) -> None:
    clip = signer.sign(make_clip(), tmp_path / "signed.mp4")
    assert c2pa.read(clip).state == "valid"
    found = c2pa.read(flipped(clip, tmp_path / "changed.mp4", 0.9))
    assert found.state == "invalid"
    assert found.manifest is not None
    assert "assertion.bmffHash.mismatch" in {code for code, _ in found.manifest.failures}


@needs_library
def test_only_a_list_that_names_its_root_makes_a_signer_trusted(
    signed: Path, signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = tmp_path / "own.pem", tmp_path / "other.pem"
    own.write_bytes(signer.root)
    other.write_bytes(Signer().root)
    monkeypatch.setenv(c2pa.TRUST_VARIABLE, str(own))
    assert c2pa.read(signed, c2pa.trust()).state == "trusted"
    assert c2pa.read(flipped(signed, tmp_path / "changed.png", 0.8), c2pa.trust()).state == "invalid"
    monkeypatch.setenv(c2pa.TRUST_VARIABLE, str(other))
    assert c2pa.read(signed, c2pa.trust()).state == "valid"


def test_a_trust_list_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(c2pa.TRUST_VARIABLE, raising=False)
    assert c2pa.trust() is None
    monkeypatch.setenv(c2pa.TRUST_VARIABLE, str(tmp_path / "absent.pem"))
    with pytest.raises(MissingFileError):
        c2pa.trust()
    with pytest.raises(MissingFileError):
        verify.inspect([Path(__file__)])  # before anything is examined
    (tmp_path / "text.pem").write_text("no certificate")
    monkeypatch.setenv(c2pa.TRUST_VARIABLE, str(tmp_path / "text.pem"))
    with pytest.raises(UsageError):
        c2pa.trust()


@needs_library
def test_ingredients_come_with_the_state_of_their_own_manifest(
    signer: Signer, signed: Path, make_picture: MakePicture, tmp_path: Path
) -> None:
    plain = make_picture("other.png", seed=2)
    states = {}
    broken = flipped(signed, tmp_path / "broken.png", 0.8)
    for name, parent in {"none": plain, "valid": signed, "invalid": broken}.items():
        found = c2pa.read(signer.sign(plain, tmp_path / f"from-{name}.png", parent=parent))
        assert found.manifest is not None
        (ingredient,) = found.manifest.ingredients
        assert (ingredient.title, ingredient.relationship) == ("the source", "componentOf")
        states[name] = ingredient.state
    assert states == {"none": "none", "valid": "valid", "invalid": "invalid"}


@needs_library
def test_files_without_a_manifest_and_of_other_kinds(make_picture: MakePicture, tmp_path: Path) -> None:
    assert c2pa.read(make_picture()).state == "none"
    text = tmp_path / "c2pa.txt"
    text.write_text("c2pa")
    assert c2pa.read(text).state == "not_read"
    assert c2pa.read(tmp_path / "absent.png").state == "unreadable"


@needs_library
def test_a_damaged_manifest_store_never_raises(signed: Path, tmp_path: Path) -> None:
    data = signed.read_bytes()
    start = data.index(b"c2pa")
    states = set()
    for step in range(0, 600, 7):
        target = tmp_path / "damaged.png"
        target.write_bytes(
            data[: start + step] + bytes([data[start + step] ^ 0xFF]) + data[start + step + 1 :]
        )
        states.add(c2pa.read(target).state)
    assert states <= {"valid", "invalid", "unreadable", "none", "not_read"}
    assert states & {"invalid", "unreadable"}


_REMOTE = """
import socket, sys
def refused(*_): raise AssertionError("a socket was opened")
socket.socket.connect = socket.getaddrinfo = refused
from pathlib import Path
from verify.metadata.manifests import c2pa
found = c2pa.read(Path(sys.argv[1]))
print(found.state, "|", found.note)
"""


@needs_library
def test_a_manifest_kept_on_a_server_is_never_asked_for(
    signer: Signer, make_picture: MakePicture, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/m.c2pa"
        target = signer.sign(make_picture(), tmp_path / "remote.png", at=address)
        done = subprocess.run(
            [sys.executable, "-c", _REMOTE, str(target)], capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith("not_read | its manifest is kept on a server")
        with pytest.raises(TimeoutError):
            server.accept()


@needs_library
@pytest.mark.parametrize("alone", ["core", "verify"])
def test_each_setting_alone_keeps_the_library_from_a_server(
    signer: Signer, make_picture: MakePicture, tmp_path: Path, alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_all = {"core": {}, "verify": {"remote_manifest_fetch": True, "ocsp_fetch": True}}
    monkeypatch.setattr(c2pa, "_OFFLINE", asks_all | {alone: c2pa._OFFLINE[alone]})
    c2pa._context.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/m.c2pa"
        target = signer.sign(make_picture(), tmp_path / "remote.png", at=address)
        assert c2pa.read(target).manifest is None
        with pytest.raises(TimeoutError):
            server.accept()
    c2pa._context.cache_clear()


@needs_library
def test_the_report_says_it_with_its_limits(signed: Path, tmp_path: Path) -> None:
    changed = flipped(signed, tmp_path / "changed.png", 0.8)
    report = verify.inspect([signed, changed], jobs=1)
    findings = {item.subjects[0]: item for item in report.findings if item.check == "c2pa/1"}
    assert findings["signed"].outcome is Outcome.CONSISTENT
    assert "on no list that was given" in findings["signed"].statement
    assert "made by a trained model (generative AI)" in findings["signed"].statement
    assert findings["changed"].outcome is Outcome.INCONSISTENT
    assert "the file's bytes are not those that were signed" in findings["changed"].statement
    said = json.loads(verify.report.to_json(report))["media"][0]["metadata"]["c2pa"]
    assert said["state"] == "valid"
    assert said["manifest"]["signer"] == "A newsroom"
    assert "c2pa" not in report.tool.extras_missing
    assert report.complete


def test_without_the_extra_a_marked_file_is_listed_and_nothing_has_failed(
    make_picture: MakePicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(c2pa, "installed", lambda: False)
    marked = make_picture()
    marked.write_bytes(marked.read_bytes() + b"c2pa")
    report = verify.inspect([marked], jobs=1)
    (finding,) = [item for item in report.findings if item.check == "c2pa/1"]
    assert (finding.outcome, finding.extra) == (Outcome.NOT_RUN, "c2pa")
    assert "verify-media[c2pa]" in finding.statement
    assert "c2pa" in report.tool.extras_missing
    assert report.complete


def test_answers_of_any_shape_are_bounded_and_never_raise() -> None:
    assert manifest(None) is None
    assert manifest({"active_manifest": ["a"], "manifests": {}}) is None
    named = manifest({"active_manifest": "a", "validation_status": [{"code": "claim.missing"}]})
    assert named is not None
    assert (named.label, named.actions, len(named.failures)) == ("a", (), 1)
    odd = {
        "active_manifest": "a",
        "manifests": {"a": {"assertions": 3, "signature_info": [], "ingredients": [7]}},
    }
    found = manifest(odd)
    assert found is not None
    assert [item.state for item in found.ingredients] == ["none"]
    long = {
        "label": "c2pa.actions",
        "data": {"actions": [{"action": "x" * 10_000, "softwareAgent": "a\x1b[31mb"}] * 1000},
    }
    found = manifest({"active_manifest": "a", "manifests": {"a": {"assertions": [long]}}})
    assert found is not None
    assert len(found.actions) == 64
    assert len(found.actions[0].name) == 200
    assert found.actions[0].agent == "a [31mb"


def test_an_ingredients_failure_is_its_own() -> None:
    untrusted, broken = (
        {"code": code} for code in ("signingCredential.untrusted", "assertion.dataHash.mismatch")
    )
    names = {"trusted": [{"code": "signingCredential.trusted"}], "valid": []}
    ingredients = [
        {
            "label": name,
            "active_manifest": "m",
            "validation_results": {"activeManifest": {"success": good, "failure": [untrusted]}},
        }
        for name, good in names.items()
    ]
    ingredients.append({"label": "now", "active_manifest": "m"})
    deltas = [{"ingredientAssertionURI": "self#jumbf=/c2pa/x/now", "validationDeltas": {"failure": [broken]}}]
    found = manifest(
        {
            "active_manifest": "a",
            "manifests": {"a": {"ingredients": ingredients}},
            "validation_results": {"ingredientDeltas": deltas},
        }
    )
    assert found is not None
    assert [item.state for item in found.ingredients] == ["trusted", "valid", "invalid"]


@pytest.mark.parametrize(
    ("code", "outcome", "added"),
    [
        ("assertion.dataHash.mismatch", Outcome.INCONSISTENT, False),
        ("claimSignature.mismatch", Outcome.INCONSISTENT, False),
        ("cawg.ica.did_unavailable", Outcome.INCONCLUSIVE, True),
        ("assertion.required.missing", Outcome.INCONCLUSIVE, True),
    ],
)
def test_only_what_was_changed_is_inconsistent(code: str, outcome: Outcome, added: bool) -> None:
    failures = ((code, words(code)), ("signingCredential.untrusted", ""))
    said = Metadata(c2pa="invalid", manifest=Manifest("a", failures=failures))
    video = Video("png", 64, 48, 1, None)
    media = Media("a", Path("a.png"), Role.CLIP, MediaKind.IMAGE, video=video, metadata=said)
    (finding,) = c2pa_check(Evidence((media,)))
    assert finding.outcome is outcome
    assert words(code) in finding.statement
    assert ("None of that says that the file was changed" in finding.statement) is added
    assert finding.measurements[0].value == 1


@pytest.mark.parametrize(
    ("state", "note", "outcome"),
    [
        ("none", "", Outcome.NOT_APPLICABLE),
        ("not_read", "", Outcome.NOT_RUN),
        ("not_read", "its manifest is kept on a server", Outcome.INCONCLUSIVE),
        ("unreadable", "the process that read it ended", Outcome.NOT_RUN),
    ],
)
def test_what_was_not_read_is_told_and_never_held_against_the_file(
    state: str, note: str, outcome: Outcome
) -> None:
    video = Video("png", 64, 48, 1, None)
    said = Metadata(c2pa=state, c2pa_note=note)
    media = Media("a", Path("a.png"), Role.CLIP, MediaKind.IMAGE, video=video, metadata=said)
    (finding,) = c2pa_check(Evidence((media,)))
    assert finding.outcome is outcome
    assert note in finding.statement


@needs_library
def test_a_reader_that_dies_costs_the_manifest_and_nothing_else(
    signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "_read", ends)  # the guarded process
    report = verify.inspect([signed], jobs=1)
    (media,) = report.media
    assert media.metadata.c2pa == "unreadable"
    assert "ended unexpectedly" in media.metadata.c2pa_note
    assert media.hashes
    assert not report.complete


def test_codes_and_sources_have_words() -> None:
    assert words("assertion.dataHash.mismatch") == "the file's bytes are not those that were signed"
    assert words("assertion.new.code") == "a statement in the manifest breaks the specification"
    assert words("something.else") == "a rule of the specification does not hold"
    assert source("digitalCapture") == "captured by a digital camera or recorder"
    assert source("nothing known") is None
