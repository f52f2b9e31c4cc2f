"""Batch forms: JSON Lines in and out, one object a line."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from domain.errors import OperatorError

ItemT = TypeVar("ItemT", bound=BaseModel)


def read_items(path: Path, model: type[ItemT]) -> list[ItemT]:
    """Returns one item a line, blank lines left out; a line that does not fit is named."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read: {error}") from error
    numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
    return [_item(model, line, f"{path}:{number}") for number, line in numbered]


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Opens the file, or standard output where there is none."""
    if path is None:
        yield sys.stdout.buffer
        return
    with path.open("wb") as stream:
        yield stream


def write_item(stream: BinaryIO, item: Mapping[str, object]) -> None:
    """Writes one object as a line, at once."""
    stream.write(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE))
    stream.flush()


def _item(model: type[ItemT], line: str, place: str) -> ItemT:
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        raise OperatorError(f"{place} is not usable: {error}") from error
