"""One input of report.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.report.plain import box, number, plain, seconds, span

if TYPE_CHECKING:
    from fractions import Fraction

    from verify.model import Field, Hashes, Manifest, Media, Metadata, Text, Writer


def media_json(media: Media) -> dict[str, object]:
    """`media[]`, every key of the contract present."""
    video, audio, error = media.video, media.audio, media.error
    return {
        "id": media.id,
        "path": str(media.path),
        "role": str(media.role),
        "kind": str(media.kind),
        "sha256": media.sha256,
        "size_bytes": media.size_bytes,
        "error": error and {"code": error.code, "message": error.message, "hint": error.hint},
        "container": plain(media.container),
        "duration": _seconds(media.duration),
        "video": video
        and {
            "codec": video.codec,
            "width": video.width,
            "height": video.height,
            "frames": video.frames,
            "frame_rate": _ratio(video.frame_rate),
            "variable_frame_rate": video.variable_frame_rate,
            "rotation": video.rotation,
            "corrupt_packets": video.corrupt_packets,
            "details": plain(video.details),
        },
        "audio": audio
        and {
            "codec": audio.codec,
            "sample_rate": audio.sample_rate,
            "channels": audio.channels,
            "details": plain(audio.details),
        },
        "shots": [span(shot) for shot in media.shots],
        "hashes": _still_hashes(media),
        "key_frames": [_hashes(hashes) for hashes in media.hashes],
        "metadata": _metadata(media.metadata),
        "tags": plain(media.tags),
        "notes": list(media.notes),
        "texts": [_text(text) for text in media.texts],
        "structure": plain(media.structure),
        "fields": [_field(each) for each in media.fields],
    }


def _text(text: Text) -> dict[str, object]:
    return {
        "text": text.text,
        "box": box(text.box),
        "at": span(text.span),
        "confidence": number(text.confidence, 3),
        "kind": text.kind,
        "seen": text.seen,
        "stays": text.stays,
        "readings": [{"time": seconds(time), "text": read} for time, read in text.readings],
    }


def _still_hashes(media: Media) -> dict[str, str | None]:
    # A clip has no one hash: those of its key frames stand in key_frames, each with its time.
    still = media.hashes[0].values if media.duration is None and media.hashes else {}
    return {"pdq": None, "phash": None, **still}


def _hashes(hashes: Hashes) -> dict[str, object]:
    return {"time": seconds(hashes.time), "hashes": dict(hashes.values), "quality": hashes.quality}


def _metadata(metadata: Metadata) -> dict[str, object]:
    writer, position = metadata.writer, metadata.position
    return {
        "make": metadata.make,
        "model": metadata.model,
        "software": metadata.software,
        "taken": metadata.taken,
        "taken_readings": list(metadata.taken_readings),
        "position": position and [number(position[0]), number(position[1])],
        "orientation": metadata.orientation,
        "writer": writer and _writer(writer),
        "writers": [_writer(each) for each in metadata.writers],
        "c2pa": {
            "state": metadata.c2pa,
            "note": metadata.c2pa_note,
            "manifest": metadata.manifest and _manifest(metadata.manifest),
        },
    }


def _writer(writer: Writer) -> dict[str, object]:
    return {
        "name": writer.name,
        "kind": writer.kind,
        "because": list(writer.because),
        "source": writer.source,
        "forged": writer.forged,
    }


def _field(field: Field) -> dict[str, object]:
    return {
        "name": field.name,
        "says": field.says,
        "source": field.source,
        "proves": field.proves,
        "changed": field.changed,
        "note": field.note,
    }


def _manifest(manifest: Manifest) -> dict[str, object]:
    return {
        "label": manifest.label,
        "signer": manifest.signer,
        "issuer": manifest.issuer,
        "generator": manifest.generator,
        "signed": manifest.signed,
        "source_types": list(manifest.source_types),
        "actions": [
            {"name": item.name, "when": item.when, "agent": item.agent, "source_type": item.source_type}
            for item in manifest.actions
        ],
        "ingredients": [
            {
                "title": item.title,
                "format": item.format,
                "relationship": item.relationship,
                "state": item.state,
            }
            for item in manifest.ingredients
        ],
        "failures": [{"code": code, "meaning": words} for code, words in manifest.failures],
        "manifests": manifest.manifests,
    }


def _ratio(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _seconds(value: Fraction | None) -> float | None:
    return None if value is None else seconds(value)
