"""The sound, frames and facts of files: bytes on disk -> Media, Frames, Sound."""

from verify.media.decode import Frame, Picture, Tally, frames, pictures, shrink
from verify.media.probe import probe
from verify.media.sound import sound

__all__ = ["Frame", "Picture", "Tally", "frames", "pictures", "probe", "shrink", "sound"]
