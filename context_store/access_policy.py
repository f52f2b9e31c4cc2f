"""Derives who may see what from the dictionary: PII is denied, individuals are not listed."""

from domain.dictionary import Dictionary
from domain.policy import Policy


def derive_policy(dictionary: Dictionary) -> Policy:
    """Returns the policy that holds where no policy file is named."""
    tables = dictionary.sensitive_tables()
    denied = {
        table.name: frozenset(column.name for column in table.columns if column.pii is not None)
        for table in tables
    }
    person_keys = {table.name: table.person_key for table in tables if table.person_key is not None}
    return Policy(
        denied_columns={table: columns for table, columns in denied.items() if columns},
        person_keys=person_keys,
        person_tables=frozenset(person_keys),
    )


def open_policy() -> Policy:
    """Returns the policy for data without persons: every column may be read and listed."""
    return Policy()
