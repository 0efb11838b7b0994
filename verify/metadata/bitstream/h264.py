"""H.264 parameter sets: profile, level, size, reference frames, and what the encoder says of time and colour.

Source: ITU-T H.264, 7.3.2.1.1 (sequence parameter set), 7.3.2.2 (picture parameter set), annexes A and E.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify.metadata.bitstream.bits import Bits

Fields = Iterator[tuple[str, object]]
_HIGH = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_PROFILES = {
    66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2",
    244: "High 4:4:4 Predictive", 44: "CAVLC 4:4:4",
}  # fmt: skip
_CHROMA = {0: "grey", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4"}


def sequence(unit: bytes) -> Fields:
    """Fields of a sequence parameter set; `unit` begins with its NAL header."""
    bits = Bits(unit[1:])
    profile, constraints, level = bits.u(8), bits.u(8), bits.u(8)
    yield "profile", _PROFILES.get(profile, profile)
    yield "constraint_flags", f"{constraints:08b}"
    yield "level", "1b" if level == 11 and constraints & 16 and profile < 100 else level / 10
    yield "id", bits.ue()
    if profile in _HIGH:
        yield from _high(bits)
    yield "frame_number_bits", bits.ue() + 4
    yield from _order(bits)
    yield "reference_frames", bits.ue()
    yield "frame_number_gaps", bits.flag()
    width, height = (bits.ue() + 1) * 16, (bits.ue() + 1) * 16
    frames_only = bits.flag()
    yield "interlaced", not frames_only
    if not frames_only:
        bits.flag()
    bits.flag()
    yield "coded_size", [width, height * (1 if frames_only else 2)]
    if bits.flag():
        yield "cropping", [bits.ue() for _ in range(4)]
    if bits.flag():
        yield from _vui(bits)


def _high(bits: Bits) -> Fields:
    chroma = bits.ue()
    yield "chroma", _CHROMA.get(chroma, chroma)
    if chroma == 3:
        bits.flag()
    yield "bit_depth", bits.ue() + 8
    bits.ue()
    bits.flag()
    if bits.flag():
        yield "scaling_matrices", True
        for number in range(12 if chroma == 3 else 8):
            if bits.flag():
                _scaling_list(bits, 16 if number < 6 else 64)


def _scaling_list(bits: Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _order(bits: Bits) -> Fields:
    kind = bits.ue()
    yield "picture_order", kind
    if kind == 0:
        bits.ue()
    elif kind == 1:
        bits.flag()
        bits.se()
        bits.se()
        for _ in range(min(bits.ue(), 255)):
            bits.se()


def _vui(bits: Bits) -> Fields:
    yield from shown(bits)
    if bits.flag():
        yield "time_unit", bits.u(32)
        yield "time_scale", bits.u(32)
        yield "fixed_frame_rate", bits.flag()
    buffers = [_buffer(bits) for _ in range(2) if bits.flag()]
    yield "buffer_model", bool(buffers)
    if buffers:
        bits.flag()
    yield "picture_structure", bits.flag()
    if bits.flag():
        bits.flag()
        for _ in range(4):
            bits.ue()
        yield "reordered_frames", bits.ue()
        yield "buffered_frames", bits.ue()


def shown(bits: Bits) -> Fields:
    """How pictures are to be shown: pixels, video format and colour (ITU-T H.273); HEVC has the same."""
    if bits.flag():
        aspect = bits.u(8)
        yield "pixel_aspect", [bits.u(16), bits.u(16)] if aspect == 255 else aspect
    if bits.flag():
        bits.flag()
    if bits.flag():
        yield "video_format", bits.u(3)
        yield "full_range", bits.flag()
        if bits.flag():
            yield "colour", [bits.u(8), bits.u(8), bits.u(8)]
    if bits.flag():
        yield "chroma_place", [bits.ue(), bits.ue()]


def _buffer(bits: Bits) -> bool:
    count = bits.ue() + 1
    bits.u(8)
    for _ in range(min(count, 32)):
        bits.ue()
        bits.ue()
        bits.flag()
    bits.u(20)
    return True


def picture(unit: bytes) -> Fields:
    """Fields of a picture parameter set; `unit` begins with its NAL header."""
    bits = Bits(unit[1:])
    yield "id", bits.ue()
    yield "sequence", bits.ue()
    yield "entropy_coding", "CABAC" if bits.flag() else "CAVLC"
    bits.flag()
    groups = bits.ue()
    yield "slice_groups", groups + 1
    if groups:
        return
    yield "references", [bits.ue() + 1, bits.ue() + 1]
    yield "weighted_prediction", [bits.flag(), bits.u(2)]
    yield "first_quantiser", bits.se() + 26
