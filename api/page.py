"""Pages of a list: an opaque cursor says where the next one begins."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Query

from domain.errors import UserError
from run_store.read_runs import Position

Cursor = Annotated[str | None, Query(max_length=256)]
"""The `next_cursor` of the page before; the first page where it is missing."""
Offset = Annotated[int, Query(ge=0)]
LongLimit = Annotated[int, Query(ge=1, le=1_000)]
Limit = Annotated[int, Query(ge=1, le=200)]


Item = TypeVar("Item")


def part_of(items: Sequence[Item], offset: int, limit: int) -> tuple[list[Item], int | None]:
    """Returns a page of what is in memory, and where the next one begins; None after the last."""
    end = offset + limit
    return list(items[offset:end]), end if end < len(items) else None


def position_of(cursor: str | None) -> Position | None:
    """Returns where a page begins; raises a UserError for a cursor that is none of ours."""
    if cursor is None:
        return None
    try:
        moment, _, identifier = base64.urlsafe_b64decode(cursor).decode().partition("|")
        parsed = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error) as error:
        raise UserError("The cursor is not one of this list's.") from error
    if parsed.tzinfo is None:
        raise UserError("The cursor is not one of this list's.")
    return Position(parsed, identifier)


def next_cursor(moment: datetime, identifier: str) -> str:
    """Returns the cursor of the page that follows this line."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{identifier}".encode()).decode()
