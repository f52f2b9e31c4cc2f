"""Athena SQL into DuckDB SQL that means the same, or a refusal that names the construct."""

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError, TokenError, UnsupportedError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from domain.catalog import Catalog
from domain.errors import OperatorError, RepairableError
from warehouse.athena_to_duckdb.aligned import align_columns
from warehouse.athena_to_duckdb.arrays import mark_shifted
from warehouse.athena_to_duckdb.foreign import check_names, remember_aliases
from warehouse.athena_to_duckdb.literals import sized_decimals
from warehouse.athena_to_duckdb.mismatches import check_types
from warehouse.athena_to_duckdb.names import (
    hide_positions,
    name_projections,
    remember_using,
    restore_positions,
    restore_using,
)
from warehouse.athena_to_duckdb.refused import refuse_clauses
from warehouse.athena_to_duckdb.rewrite import rewrite
from warehouse.athena_to_duckdb.syntax import unread_construct
from warehouse.athena_to_duckdb.types import TRINO_TYPES
from warehouse.athena_to_duckdb.values import prepare_values
from warehouse.query_errors import refusal

_CACHED_STATEMENTS = 256
_TRANSLATION_FAULTS = (
    SqlglotError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
)
"""What sqlglot raises on a tree that it did not foresee."""


class AthenaTranslator:
    """Translates statements over one catalog. Pure, so every thread may share it."""

    def __init__(self, catalog: Catalog) -> None:
        self._schema = _schema_of(catalog)
        self._tables = frozenset(table.name for table in catalog.tables)
        self.translate = lru_cache(_CACHED_STATEMENTS)(self._translate)
        """Returns DuckDB SQL; raises RepairableError where a construct has no equal."""

    def _translate(self, sql: str) -> str:
        try:
            tree = _parse(sql)
            mark_shifted(tree)
            refuse_clauses(tree)
            prepare_values(tree)
            remember_aliases(tree)
            name_projections(tree)
            typed = self._typed(tree)
            check_names(typed, self._tables)
            check_types(typed)
            tree = rewrite(typed)
            return tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
        except RecursionError:
            raise RepairableError("The statement is nested too deeply.", rule="syntax") from None
        except UnsupportedError as error:
            raise RepairableError(
                f"DuckDB cannot run this as Athena would: {error}", rule="unsupported_construct"
            ) from None
        except _TRANSLATION_FAULTS as error:
            raise OperatorError(f"The statement cannot be translated: {error!r}") from error

    def _typed(self, tree: exp.Expr) -> exp.Expr:
        remember_using(tree)
        hide_positions(tree)
        try:
            qualified = qualify(
                tree,
                dialect="athena",
                schema=self._schema,
                expand_stars=False,
                expand_alias_refs=False,
                validate_qualify_columns=False,
                quote_identifiers=False,
                identify=False,
            )
        except SqlglotError as error:
            raise _unqualified(error) from None
        restore_using(qualified)
        restore_positions(qualified)
        typed = self._annotated(qualified)
        return self._annotated(typed) if align_columns(typed) else typed

    def _annotated(self, tree: exp.Expr) -> exp.Expr:
        return annotate_types(
            tree, schema=self._schema, expression_metadata=TRINO_TYPES, dialect="athena"
        )


def _parse(sql: str) -> exp.Expr:
    try:
        trees = sqlglot.parse(sized_decimals(sql), dialect="athena")
    except (ParseError, TokenError) as error:
        construct = unread_construct(sql)
        if construct:
            raise refusal(construct) from None
        raise RepairableError(f"Syntax error: {_first_line(error)}", rule="syntax") from None
    statements = [tree for tree in trees if tree is not None]
    if len(statements) != 1:
        raise RepairableError("Exactly one statement is allowed.", rule="single_statement")
    if isinstance(statements[0], exp.Values):
        return exp.select("*").from_(
            exp.Subquery(this=statements[0], alias=exp.TableAlias(this=exp.to_identifier("t")))
        )
    if not isinstance(statements[0], exp.Query):
        raise RepairableError(
            f"Only SELECT statements are allowed, not {sql.split(None, 1)[0].upper()}.",
            rule="select_only",
        )
    return statements[0]


def _unqualified(error: SqlglotError) -> RepairableError:
    """A name that may be an outer query's cannot be placed beside a source without columns."""
    words = _first_line(error)
    if "missing source schemas" in words:
        return refusal("A column of an outer query beside an UNNEST without named columns")
    if "Alias already used" in words:
        return refusal("One alias for two sources")
    return RepairableError(words)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _schema_of(catalog: Catalog) -> MappingSchema:
    schema = MappingSchema(dialect="athena")
    for table in catalog.tables:
        columns = {column.name: column.type for column in table.columns}
        schema.add_table(exp.to_identifier(table.name, quoted=True).sql("athena"), columns)
    return schema
