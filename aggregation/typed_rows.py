"""Rows of a result next to what is known of their columns."""

from dataclasses import dataclass
from typing import Literal

from domain.result_table import Value
from domain.summary import SummaryColumn

Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TypedRows:
    """All rows of a result, or of a part of it."""

    columns: tuple[SummaryColumn, ...]
    rows: list[Row]

    def values(self, index: int) -> list[Value]:
        """Returns one column from top to bottom."""
        return [row[index] for row in self.rows]

    def having(self, role: Literal["dimension", "measure"]) -> list[int]:
        """Returns the positions of the columns with a role."""
        return [i for i, column in enumerate(self.columns) if column.role == role]
