"""Whether a file looks like media by its name or its first bytes, where nothing could be decoded from it.

Only the wording of an error depends on this: a damaged video is "unreadable", a spreadsheet is "not media".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = """
    3g2 3gp aa aac ac3 aif aiff amr ape apng arw asf au avi avif bmp bpg caf cr2 cr3 crw dds divx
    dng dpx dv eac3 exr f4v flac fli flc flif flv gif h264 h265 heic heics heif heifs hevc hif ico
    iiq ivf j2c j2k jfif jp2 jpe jpeg jpg jps jpx jxl jxr m2ts m2v m4a m4b m4v mj2 mjpeg mjpg mka
    mkv mng mov mp2 mp3 mp4 mpc mpe mpeg mpg mpo mrw mts mxf nef nut oga ogg ogv opus orf pcx pef
    pgm png ppm psd qoi qt ra raf raw rm rmvb rw2 sgi spx srw swf tga tif tiff ts vob wav wave webm
    webp wma wmv wtv wv x3f y4m
"""
_SUFFIXES = frozenset(_NAMES.split())
_MAGIC = (
    (0, b"\xff\xd8\xff"),
    (0, b"\x89PNG\r\n\x1a\n"),
    (0, b"GIF8"),
    (0, b"BM"),
    (0, b"II*\0"),
    (0, b"MM\0*"),
    (4, b"ftyp"),
    (4, b"moov"),
    (4, b"mdat"),
    (8, b"WEBP"),
    (8, b"AVI "),
    (8, b"WAVE"),
    (0, b"\x1aE\xdf\xa3"),
    (0, b"FLV\x01"),
    (0, b"OggS"),
    (0, b"ID3"),
    (0, b"fLaC"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    (0, b"\0\0\x01\xba"),
    (0, b"\0\0\x01\xb3"),
    (0, b".RMF"),
    (0, b"8BPS"),
    (0, b"\0\0\0\x0cJXL "),
    (0, b"\0\0\0\x0cjP  "),
    (0, b"\xff\x4f\xff\x51"),
)


def looks_like_media(path: Path) -> bool:
    """True where the name's ending or the first bytes are those of a picture, video or sound format."""
    if path.suffix[1:].lower() in _SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        return False
    return any(head[at : at + len(magic)] == magic for at, magic in _MAGIC)
