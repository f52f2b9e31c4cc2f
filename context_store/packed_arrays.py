"""Named arrays in one block of bytes, with a checksum: read back without copying."""

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import orjson

from domain.errors import OperatorError

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

_MAGIC = b"VTIONIDX"
_ALIGNMENT = 64
_DIGEST = 32


def pack(arrays: Mapping[str, Array], layout: int) -> bytes:
    """Returns magic, checksum, length of the directory, directory, then the arrays, aligned.

    `layout` is the number of the format of what is packed.
    """
    directory: dict[str, tuple[str, int, int]] = {}
    blocks: list[bytes] = []
    position = 0
    for name, array in arrays.items():
        block = np.ascontiguousarray(array).tobytes()
        directory[name] = (array.dtype.str, position, len(array))
        padding = -len(block) % _ALIGNMENT
        blocks.append(block + bytes(padding))
        position += len(block) + padding
    head = orjson.dumps({"layout": layout, "arrays": directory})
    head += b" " * (-len(head) % _ALIGNMENT)
    body = b"".join([len(head).to_bytes(8, "little"), head, *blocks])
    return _MAGIC + hashlib.sha256(body).digest() + body


def unpack(content: bytes, layout: int) -> dict[str, Array]:
    """Returns views into `content`.

    Raises OperatorError where it is damaged or of another layout.
    """
    body = memoryview(content)[len(_MAGIC) + _DIGEST :]
    digest = content[len(_MAGIC) : len(_MAGIC) + _DIGEST]
    if content[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != digest:
        raise OperatorError("The search index of the context is damaged.")
    length = int.from_bytes(body[:8], "little")
    head = orjson.loads(body[8 : 8 + length])
    if head["layout"] != layout:
        raise OperatorError("The search index of the context is of another layout.")
    arrays = {}
    for name, (kind, position, count) in head["arrays"].items():
        arrays[name] = np.frombuffer(body, kind, count, 8 + length + position)
    return arrays
