"""HEVC parameter sets: profile, level, size, reference frames, and what the encoder says of time and colour.

Source: ITU-T H.265, 7.3.2.1 (video), 7.3.2.2 (sequence parameter set), 7.3.3 (profile, tier and level), 7.3.4
(scaling lists), 7.3.7 (reference picture sets), annex E.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify.metadata.bitstream.bits import Bits
from verify.metadata.bitstream.h264 import shown
from verify.metadata.cursor import ShortError

Fields = Iterator[tuple[str, object]]
_PROFILES = {1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Range Extensions"}
_CHROMA = {0: "grey", 1: "4:2:0", 2: "4:2:2", 3: "4:4:4"}


def video(unit: bytes) -> Fields:
    """Fields of a video parameter set; `unit` begins with its NAL header of two bytes."""
    bits = Bits(unit[2:])
    yield "id", bits.u(4)
    bits.u(2)
    yield "layers", bits.u(6) + 1
    sublayers = bits.u(3)
    yield "temporal_layers", sublayers + 1
    bits.u(17)
    yield from _profile(bits, sublayers)


def sequence(unit: bytes) -> Fields:
    """Fields of a sequence parameter set; `unit` begins with its NAL header of two bytes."""
    bits = Bits(unit[2:])
    bits.u(4)
    sublayers = bits.u(3)
    yield "temporal_layers", sublayers + 1
    bits.flag()
    yield from _profile(bits, sublayers)
    yield "id", bits.ue()
    chroma = bits.ue()
    yield "chroma", _CHROMA.get(chroma, chroma)
    if chroma == 3:
        bits.flag()
    yield "coded_size", [bits.ue(), bits.ue()]
    if bits.flag():
        yield "cropping", [bits.ue() for _ in range(4)]
    yield "bit_depth", bits.ue() + 8
    bits.ue()
    order_bits = bits.ue() + 4
    for _ in range(sublayers + 1 if bits.flag() else 1):
        frames, reordered, _ = bits.ue() + 1, bits.ue(), bits.ue()
    yield "buffered_frames", frames
    yield "reordered_frames", reordered
    yield from _tools(bits, order_bits)
    if bits.flag():
        yield from _vui(bits)


def _profile(bits: Bits, sublayers: int) -> Fields:
    bits.u(2)
    tier, profile = bits.u(1), bits.u(5)
    yield "profile", _PROFILES.get(profile, profile)
    yield "tier", "High" if tier else "Main"
    yield "compatibility", f"{bits.u(32):08x}"
    yield "constraint_flags", f"{bits.u(48):012x}"
    yield "level", bits.u(8) / 30
    present = [(bits.flag(), bits.flag()) for _ in range(sublayers)]
    if sublayers:
        bits.u(2 * (8 - sublayers))
    for has_profile, has_level in present:
        bits.u(88 * has_profile + 8 * has_level)


def _tools(bits: Bits, order_bits: int) -> Fields:
    yield "smallest_block", 1 << (bits.ue() + 3)
    bits.ue()
    bits.ue()
    bits.ue()
    bits.ue()
    bits.ue()
    if bits.flag() and bits.flag():
        _scaling_lists(bits)
    yield "asymmetric_partitions", bits.flag()
    yield "sample_adaptive_offset", bits.flag()
    if bits.flag():
        bits.u(8)
        bits.ue()
        bits.ue()
        bits.flag()
    sets = bits.ue()
    yield "reference_sets", sets
    if sets > 64:
        raise ShortError("more sets of reference pictures than there can be")
    sizes: list[int] = []
    for number in range(sets):
        sizes.append(_reference_set(bits, number, sizes))
    if bits.flag():
        for _ in range(min(bits.ue(), 33)):
            bits.u(order_bits + 1)
    yield "temporal_motion_vectors", bits.flag()
    yield "strong_intra_smoothing", bits.flag()


def _scaling_lists(bits: Bits) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.ue()
                continue
            if size > 1:
                bits.se()
            for _ in range(min(64, 1 << (4 + (size << 1)))):
                bits.se()


def _reference_set(bits: Bits, number: int, sizes: list[int]) -> int:
    """The number of pictures that the set names."""
    if number and bits.flag():
        bits.flag()
        bits.ue()
        return sum(bits.flag() or bits.flag() for _ in range(sizes[-1] + 1))
    count = bits.ue() + bits.ue()
    if count > 32:
        raise ShortError("more reference pictures than there can be")
    for _ in range(count):
        bits.ue()
        bits.flag()
    return count


def _vui(bits: Bits) -> Fields:
    yield from shown(bits)
    bits.flag()
    yield "interlaced", bits.flag()
    bits.flag()
    if bits.flag():
        yield "display_window", [bits.ue() for _ in range(4)]
    if bits.flag():
        yield "time_unit", bits.u(32)
        yield "time_scale", bits.u(32)
