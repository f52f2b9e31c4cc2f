"""The allowed columns in the form that sqlglot's resolver asks for."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, DialectType
from sqlglot.schema import Schema

from domain.errors import OperatorError

DIALECT = Dialect.get_or_raise("athena")
"""Made once: sqlglot makes a new one wherever it is given by name."""


class ColumnSchema(Schema):
    """Column names by database and table, looked up without copying or caching syntax trees.

    sqlglot's own MappingSchema keeps every table node it was ever asked for, which is a leak in a
    service and costs a third of the time of qualification.
    """

    def __init__(self, columns: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self._columns = columns

    @property
    def dialect(self) -> Dialect:
        """Athena's."""
        return DIALECT

    def add_table(
        self,
        table: exp.Table | str,
        column_mapping: object = None,
        dialect: DialectType = None,
        normalize: bool | None = None,
        match_depth: bool = True,
    ) -> NoReturn:
        """The schema is fixed."""
        raise OperatorError("The guard's schema cannot be changed.")

    def column_names(
        self,
        table: exp.Table | str,
        only_visible: bool = False,
        dialect: DialectType = None,
        normalize: bool | None = None,
    ) -> Sequence[str]:
        """Returns the table's columns; none for a table that is not in the schema."""
        if isinstance(table, str):
            return []
        return self._columns.get((table.db, table.name), [])

    def get_column_type(
        self,
        table: exp.Table | str,
        column: exp.Column | str,
        dialect: DialectType = None,
        normalize: bool | None = None,
    ) -> exp.DataType:
        """Types are not needed to judge a statement."""
        return exp.DataType.build("unknown")

    @property
    def supported_table_args(self) -> tuple[str, ...]:
        """A table is named by itself and its database."""
        return ("this", "db")

    @property
    def empty(self) -> bool:
        """True where no table is allowed."""
        return not self._columns
