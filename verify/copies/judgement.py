"""What is compared, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.model import MediaKind

if TYPE_CHECKING:
    from verify.copies.moments import Moments
    from verify.fingerprint.sound import SoundTrack
    from verify.fingerprint.track import Track
    from verify.fingerprint.vectors import VectorTrack
    from verify.geometry.views import View
    from verify.model import Media, Relation


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """One input, ready to be compared."""

    media: Media
    track: Track
    views: tuple[
        View, ...
    ] = ()  # of `verify.geometry.views`; taken when they are needed where there are none
    vectors: VectorTrack | None = None  # learned fingerprints, where the extra is installed
    sound: SoundTrack | None = None

    @property
    def still(self) -> bool:
        """Whether it is one picture."""
        return self.media.kind is MediaKind.IMAGE or len(self.track.tiny_times) == 1


@dataclass(frozen=True, eq=False, slots=True)
class Judgement:
    """A relation, and the aligned moments that show it: seconds of a and of b."""

    relation: Relation
    pairs: Moments = ()
