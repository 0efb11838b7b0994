"""Identity: the same bytes, or the same encoded streams in another container.

Two files with one SHA-256 are the same file. Two files whose streams carry the same encoded payloads,
after the container's packaging is taken off, are one encoding: what ffmpeg's `-c copy`, a change of
container or a change of tags leaves. A container can also say which part of its streams a player shows
(an edit list); where the shown durations differ, the files are not called identical, and the comparison
goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.model import Media


def identical(a: Media, b: Media, slack: Fraction) -> str | None:
    """Why two files are identical, or None; durations may differ by `slack` seconds between containers."""
    if a.sha256 is not None and a.sha256 == b.sha256:
        return "the same bytes: both files have one SHA-256"
    streams_a, streams_b = _payloads(a), _payloads(b)
    if not streams_a or streams_a != streams_b:
        return None
    zero = Fraction(0)
    if abs((a.duration or zero) - (b.duration or zero)) > slack:
        return None
    count = len(streams_a)
    return f"the same encoded streams ({count}), packet for packet, in another container or with other tags"


def _payloads(media: Media) -> list[tuple[str, str]]:
    """Type and digest of each stream, in an order that does not depend on the container's."""
    streams = media.container.get("payload_sha256")
    if not isinstance(streams, Sequence) or isinstance(streams, str):
        return []
    return sorted((str(each.get("type")), str(each.get("sha256"))) for each in streams)
