"""Results as the warehouse returns them, before they are rolled up. Never leaves the service."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = (
    "str | int | float | bool | Decimal | date | datetime | time | bytes | list[Value] | None"
)
"""A Python value of one cell."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """Name and Athena type of one result column."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ResultTable:
    """One page or the whole of a result: `rows` has one tuple a row, in column order."""

    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
