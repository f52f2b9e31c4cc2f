"""Lays what a person wrote over a measured dictionary: the person's word goes first."""

from collections.abc import Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from context_store.business_file import BusinessColumn, BusinessFile, BusinessTable
from context_store.lines import COLUMN_FIELDS, TABLE_FIELDS, WHOLE_FIELDS
from domain.dictionary import (
    ColumnEntry,
    Dictionary,
    TableEntry,
)
from domain.metric import ActiveEntitiesFormula, AggregateFormula, Metric, RatioFormula
from domain.provenance import LineSource, Provenance

_IMPORTED = Provenance(source=LineSource.IMPORT, confidence=1.0)


def apply_business(dictionary: Dictionary, business: BusinessFile) -> Dictionary:
    """Returns the dictionary with the file's lines on it, each with source `import`.

    Raises OperatorError, naming the line, for a table, column or metric that is not there.
    """
    known = {table.name.lower() for table in dictionary.tables}
    for name in business.tables:
        if name.lower() not in known:
            raise business.error(("tables", name), f"there is no table {name}.")
    for index, metric in enumerate(business.metrics):
        _check_metric(metric, index, dictionary, business)
    written = {name.lower(): (name, entry) for name, entry in business.tables.items()}
    whole = [field for field in WHOLE_FIELDS if field in business.model_fields_set]
    return dictionary.model_copy(
        update={
            "tables": [
                _apply_table(table, *written[table.name.lower()], business)
                if table.name.lower() in written
                else table
                for table in dictionary.tables
            ],
            "metrics": [
                metric.model_copy(update={"source": LineSource.IMPORT})
                for metric in business.metrics
            ],
            "business_rules": business.business_rules,
            "example_questions": business.example_questions,
            "verified_queries": business.verified_queries,
            "domain_context": business.domain_context,
            "lines": dictionary.lines | dict.fromkeys(whole, _IMPORTED),
        }
    )


def _apply_table(
    table: TableEntry, name: str, written: BusinessTable, business: BusinessFile
) -> TableEntry:
    place = ("tables", name)
    for column in written.columns:
        if table.column(column) is None:
            raise business.error(
                (*place, "columns", column), f"table {table.name} has no column {column}."
            )
    if written.time_column is not None and table.column(written.time_column) is None:
        raise business.error(
            (*place, "time_column"), f"table {table.name} has no column {written.time_column}."
        )
    columns = {column.lower(): entry for column, entry in written.columns.items()}
    changes = written.model_dump(
        include={"description", "row_meaning", "time_column"}, exclude_none=True
    )
    return table.model_copy(
        update={
            **changes,
            "lines": table.lines | dict.fromkeys(_written(written, TABLE_FIELDS), _IMPORTED),
            "synonyms": _merged(written.synonyms, table.synonyms),
            "columns": [
                _apply_column(column, columns[column.name.lower()])
                if column.name.lower() in columns
                else column
                for column in table.columns
            ],
            "source": LineSource.IMPORT,
            "confidence": 1.0,
        }
    )


def _apply_column(column: ColumnEntry, written: BusinessColumn) -> ColumnEntry:
    changes = written.model_dump(
        include={"description", "unit", "additive", "value_labels"}, exclude_defaults=True
    )
    changes["synonyms"] = _merged(written.synonyms, column.synonyms)
    if written.pii == "none":
        changes["pii"] = None
    elif written.pii is not None:
        changes |= {"pii": written.pii, "top_values": [], "minimum": None, "maximum": None}
    changes["lines"] = column.lines | dict.fromkeys(_written(written, COLUMN_FIELDS), _IMPORTED)
    return column.model_copy(update={**changes, "source": LineSource.IMPORT, "confidence": 1.0})


def _written(entry: BusinessTable | BusinessColumn, fields: Sequence[str]) -> list[str]:
    """Returns the fields that the file says something on."""
    return [field for field in fields if field in entry.model_fields_set]


def _merged(first: list[str], then: list[str]) -> list[str]:
    """Returns both without repeats, the person's words first."""
    kept: dict[str, str] = {}
    for name in (*first, *then):
        kept.setdefault(name.lower(), name)
    return list(kept.values())


def _check_metric(
    metric: Metric, index: int, dictionary: Dictionary, business: BusinessFile
) -> None:
    place = ("metrics", str(index), "formula")
    formula = metric.formula
    if isinstance(formula, RatioFormula):
        names = {other.name for other in business.metrics}
        for field in ("numerator", "denominator"):
            if getattr(formula, field) not in names:
                raise business.error(
                    (*place, field), f"there is no metric {getattr(formula, field)}."
                )
        return
    for table, column, field in _columns_of(metric, index, business):
        entry = dictionary.table(table)
        if entry is None:
            raise business.error((*place, field), f"there is no table {table}.")
        if column is not None and entry.column(column) is None:
            raise business.error((*place, field), f"table {table} has no column {column}.")


def _columns_of(
    metric: Metric, index: int, business: BusinessFile
) -> list[tuple[str, str | None, str]]:
    """Returns table, column (None for the table alone) and field of all that a formula names."""
    formula = metric.formula
    if isinstance(formula, RatioFormula):
        return []
    if isinstance(formula, AggregateFormula):
        try:
            tree = sqlglot.parse_one(formula.expression, read="athena")
        except SqlglotError as error:
            place = ("metrics", str(index), "formula", "expression")
            raise business.error(place, "this is no Athena SQL expression.") from error
        columns = [column.name for column in tree.find_all(exp.Column)]
        return [
            (formula.table, None, "table"),
            *((formula.table, column, "expression") for column in columns),
        ]
    named: list[tuple[str, str | None, str]] = [
        (formula.table, None, "table"),
        (formula.table, formula.entity_column, "entity_column"),
    ]
    if isinstance(formula, ActiveEntitiesFormula):
        return [*named, (formula.table, formula.time_column, "time_column")]
    return [
        *named,
        (formula.weight_table, None, "weight_table"),
        (formula.weight_table, formula.weight_entity_column, "weight_entity_column"),
        (formula.weight_table, formula.weight_column, "weight_column"),
        (formula.weight_table, formula.weight_period_column, "weight_period_column"),
    ]
