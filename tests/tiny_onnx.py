"""A model small enough to be written by hand: it takes pictures as SSCD does, and gives 512 numbers for each.

It averages the picture over 16 x 16 cells and gives those of two colours, less their mean, at unit length:
enough to tell one picture from another, and the same picture from a smaller one. The format is that of
onnx.proto, ONNX 1.8 (operator set 13), of which a dozen fields are written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FLOAT, _UINT8, _INT64 = 1, 2, 7  # TensorProto.DataType


def write_model(path: Path, numbers: int = 512) -> Path:
    """Write the model; `numbers` other than 512 make one that is of no use."""
    nodes = (
        _node("Cast", "image", "grey", to=_FLOAT),
        _node("Transpose", "grey", "planes", perm=(0, 3, 1, 2)),
        _node("AveragePool", "planes", "cells", kernel_shape=(18, 18), strides=(18, 18)),
        _node("Flatten", "cells", "row", axis=1),
        _node("Slice", "row first last axis", "part"),
        _node("ReduceMean", "part", "mean", axes=(1,), keepdims=1),
        _node("Sub", "part mean", "centred"),
        _node("LpNormalization", "centred", "embedding", axis=1, p=2),
    )
    constants = (("first", 0), ("last", numbers), ("axis", 1))
    graph = b"".join(
        (
            *(_bytes(1, node) for node in nodes),
            _bytes(2, b"tiny"),
            *(_bytes(5, _constant(name, value)) for name, value in constants),
            _bytes(11, _value("image", _UINT8, ("batch", "height", "width", 3))),
            _bytes(12, _value("embedding", _FLOAT, ("batch", numbers))),
        )
    )
    path.write_bytes(_number(1, 7) + _bytes(7, graph) + _bytes(8, _number(2, 13)))
    return path


def _node(kind: str, inputs: str, output: str, **attributes: int | tuple[int, ...]) -> bytes:
    names = b"".join(_bytes(1, name.encode()) for name in inputs.split())
    told = b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
    return names + _bytes(2, output.encode()) + _bytes(4, kind.encode()) + told


def _attribute(name: str, value: int | tuple[int, ...]) -> bytes:
    if isinstance(value, int):
        return _bytes(1, name.encode()) + _number(3, value) + _number(20, 2)
    return _bytes(1, name.encode()) + b"".join(_number(8, each) for each in value) + _number(20, 7)


def _constant(name: str, value: int) -> bytes:
    raw = value.to_bytes(8, "little")
    return _number(1, 1) + _number(2, _INT64) + _bytes(8, name.encode()) + _bytes(9, raw)


def _value(name: str, kind: int, shape: tuple[str | int, ...]) -> bytes:
    sizes = b"".join(
        _bytes(1, _number(1, size) if isinstance(size, int) else _bytes(2, size.encode())) for size in shape
    )
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sizes)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))
