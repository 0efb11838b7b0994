"""The sound, frames and facts of files: bytes on disk -> Media, Frames, Sound."""

from verify.media.children import Children
from verify.media.decode import Frame, Picture, frames, pictures, still
from verify.media.guard import run_guarded
from verify.media.index import Packets, cheap_time, keyframes, packets
from verify.media.planes import shrink, upright
from verify.media.probe import probe
from verify.media.reader import Tally
from verify.media.shots import ShotFinder, key_moments, key_times
from verify.media.sound import sound

__all__ = [
    "Children",
    "Frame",
    "Packets",
    "Picture",
    "ShotFinder",
    "Tally",
    "cheap_time",
    "frames",
    "key_moments",
    "key_times",
    "keyframes",
    "packets",
    "pictures",
    "probe",
    "run_guarded",
    "shrink",
    "sound",
    "still",
    "upright",
]
