"""Athena SQL in another engine's words, from the one typed tree, or a refusal that says why."""

from collections.abc import Callable
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError, UnsupportedError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from domain.catalog import Catalog
from domain.errors import OperatorError, RepairableError
from warehouse.athena_to_duckdb.literals import sized_decimals
from warehouse.athena_to_duckdb.types import TRINO_TYPES
from warehouse.sql_engines.postgres_meaning import mend, refusal
from warehouse.sql_engines.redshift_meaning import mend_for_redshift

_CACHED_STATEMENTS = 256
_FAULTS = (SqlglotError, ValueError, TypeError, LookupError, AttributeError, AssertionError)


class Renderer:
    """Renders statements over one catalog in one dialect. Pure, so every thread may share it."""

    def __init__(self, catalog: Catalog, dialect: str) -> None:
        self._dialect = dialect
        self._schema = MappingSchema(dialect="athena")
        for table in catalog.tables:
            columns = {column.name: column.type for column in table.columns}
            name = exp.to_identifier(table.name, quoted=True).sql("athena")
            self._schema.add_table(name, columns)
        self.render: Callable[[str], str] = lru_cache(_CACHED_STATEMENTS)(self._render)
        """Returns the statement; raises RepairableError where a construct has no equal."""

    def _render(self, sql: str) -> str:
        if self._dialect == "trino":
            return sql
        try:
            tree = self._typed(_parse(sql))
            mend(tree)
            if self._dialect == "redshift":
                mend_for_redshift(tree)
            return tree.sql(dialect=self._dialect, unsupported_level=ErrorLevel.RAISE)
        except RecursionError:
            raise RepairableError("The statement is nested too deeply.", rule="syntax") from None
        except UnsupportedError as error:
            raise refusal(str(error)) from None
        except _FAULTS as error:
            raise OperatorError(f"The statement cannot be rendered: {error!r}") from error

    def _typed(self, tree: exp.Expr) -> exp.Expr:
        try:
            qualified = qualify(
                tree,
                dialect="athena",
                schema=self._schema,
                expand_stars=False,
                validate_qualify_columns=False,
            )
        except SqlglotError as error:
            raise RepairableError(str(error).splitlines()[0]) from None
        return annotate_types(
            qualified, schema=self._schema, expression_metadata=TRINO_TYPES, dialect="athena"
        )


def _parse(sql: str) -> exp.Expr:
    try:
        trees = [
            tree
            for tree in sqlglot.parse(sized_decimals(sql), dialect="athena")
            if tree is not None
        ]
    except SqlglotError as error:
        message = f"Syntax error: {str(error).splitlines()[0]}"
        raise RepairableError(message, rule="syntax") from None
    if len(trees) != 1:
        raise RepairableError("Exactly one statement is allowed.", rule="single_statement")
    if not isinstance(trees[0], exp.Query):
        raise RepairableError("Only SELECT statements are allowed.", rule="select_only")
    return trees[0]
