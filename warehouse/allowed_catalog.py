"""What a serving session may know of a warehouse that holds more."""

from domain.catalog import Catalog, TableSchema
from domain.policy import Policy


def without_denied_columns(catalog: Catalog, policy: Policy | None) -> Catalog:
    """Returns the catalog without the columns that the policy denies, and tables left empty.

    Without a policy (a trusted session) nothing is left out.
    """
    if policy is None:
        return catalog
    denied = {t.lower(): {c.lower() for c in cs} for t, cs in policy.denied_columns.items()}
    tables = (_allowed(table, denied.get(table.name.lower(), set())) for table in catalog.tables)
    return catalog.model_copy(update={"tables": tuple(table for table in tables if table.columns)})


def _allowed(table: TableSchema, denied: set[str]) -> TableSchema:
    columns = tuple(column for column in table.columns if column.name.lower() not in denied)
    return table.model_copy(update={"columns": columns})
