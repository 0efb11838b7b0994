"""What a file says of itself: device, program, date, place, and which program's structure it has.

Pictures are read with exifread, videos from the tags of their container and streams. Dates keep the zone that
the file gives and no other; a QuickTime date, which has none, is given in both readings: UTC as the format
specifies, local time as many cameras write. Positions come from EXIF and from ISO 6709 strings.

Limits: everything here is a claim of the file and can be changed with common programs; nothing of it shows
when or where something was filmed. Platforms remove most of it from what they serve, so a file that says
nothing is normal. XMP and IPTC records and the inner boxes of videos are not read. Error rates: none are
known for what files claim. That they are read rightly was checked against ExifTool on the pictures and clips
of cameras and programs in seven public collections: of 387 fields (device, program, date, place,
orientation), 382 agree. Three of the others are of one deliberately broken file that exifread gives up on;
two differ in how they are printed.
"""

from __future__ import annotations

from verify.metadata.dated import Dated, declared
from verify.metadata.exif import thumbnail
from verify.metadata.original import cameras, contradictions
from verify.metadata.platforms import explains, writes
from verify.metadata.reader import described, read
from verify.metadata.traces import Traces, traces
from verify.metadata.writers import rules, writer

__all__ = [
    "Dated",
    "Traces",
    "cameras",
    "contradictions",
    "declared",
    "described",
    "explains",
    "read",
    "rules",
    "thumbnail",
    "traces",
    "writer",
    "writes",
]
