"""What a file says of itself: device, program, date, place, and which program's structure it has.

Pictures are read with exifread (with the maker notes of Apple, Canon, Casio, DJI, Fujifilm, Nikon and
Olympus), and their XMP, IPTC and ICC records, segments and chunks by readers of our own; videos from the tags
of their container and streams, their boxes and what the encoder left in the stream. Where several places
give one field, EXIF comes first, then XMP, IPTC and the container's texts. Dates keep the zone that the file
gives and no other; a QuickTime date, which has none, is given in both readings: UTC as the format specifies,
local time as many cameras write. Positions come from EXIF, XMP, ISO 6709 strings and 3GPP's place boxes.

Limits: everything here is a claim of the file and can be changed with common programs; nothing of it shows
when or where something was filmed. Platforms remove most of it from what they serve, so a file that says
nothing is normal. Maker notes of other makers and dates without a time of day are listed and not used; raw
files of cameras are read only where a picture in them can be decoded. Error rates: none are known for what
files claim. That they are read rightly was checked against ExifTool on the pictures and clips of cameras and
programs in seven public collections (`tests/benchmarks/results/containers.json`): of 704 fields (device,
program, dates, place, orientation) of 115 files, 653 are equal; 10 are days without a time or times without a
day, 10 are of two deliberately damaged files, 31 of raw formats that exifread does not know.
"""

from __future__ import annotations

from verify.metadata.dated import Dated, declared
from verify.metadata.origin.original import cameras, contradictions, doubts
from verify.metadata.origin.platforms import explains, writes
from verify.metadata.origin.traces import Traces, traces
from verify.metadata.origin.writers import rules, writer
from verify.metadata.picture.exif import thumbnail
from verify.metadata.reader import described, read

__all__ = [
    "Dated",
    "Traces",
    "cameras",
    "contradictions",
    "declared",
    "described",
    "doubts",
    "explains",
    "read",
    "rules",
    "thumbnail",
    "traces",
    "writer",
    "writes",
]
