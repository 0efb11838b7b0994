"""The sound of one file -> its track, and what could not be heard of it. Runs in a guarded process.

Broken sound never ends an examination: what can be decoded is kept, the rest counts as silence, and a note
in the file's entry says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.errors import InputError
from verify.fingerprint.sound import SAMPLES, SoundBuilder
from verify.media import Tally, sound

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from verify.model import Media
    from verify.settings import SoundSettings

    Arrays = Mapping[str, NDArray[np.generic]]


def listen(media: Media, settings: SoundSettings) -> tuple[Arrays, tuple[str, ...]]:
    """A file's sound as `SoundTrack.arrays` gives it, empty where it has none; and what is missing."""
    if media.audio is None:
        return {}, ()
    builder, tally, notes = SoundBuilder(settings), Tally(), []
    try:
        for block in sound(media.path, SAMPLES, tally):
            builder.add(block)
            if builder.full:
                notes.append(f"sound after {settings.longest / 3600:g} hours was not listened to")
                break
    except InputError as error:
        reason = error.message.removeprefix(f"{media.path}: ")
        notes.append(f"the sound could not be read to its end ({reason})")
    if tally.corrupt:
        notes.append(f"parts of the sound could not be decoded ({tally.corrupt}), and count as silence")
    track = builder.finish()
    if track is None:
        notes.append("no sound could be compared: less than a moment of it could be decoded")
        return {}, tuple(notes)
    return track.arrays(), tuple(notes)
