"""Athena column types, and the families that decide what can be done with a column."""

from enum import StrEnum


class TypeFamily(StrEnum):
    """What kind of values a column holds, whatever its width or precision."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    OTHER = "other"

    @property
    def is_numeric(self) -> bool:
        """True where values can be added."""
        return self in (TypeFamily.INTEGER, TypeFamily.DECIMAL, TypeFamily.FLOAT)

    @property
    def is_temporal(self) -> bool:
        """True where values lie on a calendar."""
        return self in (TypeFamily.DATE, TypeFamily.TIMESTAMP)


_FAMILY_BY_NAME = {
    "tinyint": TypeFamily.INTEGER,
    "smallint": TypeFamily.INTEGER,
    "int": TypeFamily.INTEGER,
    "integer": TypeFamily.INTEGER,
    "bigint": TypeFamily.INTEGER,
    "decimal": TypeFamily.DECIMAL,
    "real": TypeFamily.FLOAT,
    "float": TypeFamily.FLOAT,
    "double": TypeFamily.FLOAT,
    "varchar": TypeFamily.TEXT,
    "char": TypeFamily.TEXT,
    "string": TypeFamily.TEXT,
    "boolean": TypeFamily.BOOLEAN,
    "date": TypeFamily.DATE,
    "timestamp": TypeFamily.TIMESTAMP,
}


def family_of(athena_type: str) -> TypeFamily:
    """Returns the family of an Athena type such as `decimal(10,2)`; unknown types are OTHER."""
    words = athena_type.lower().split("(")[0].split()
    return _FAMILY_BY_NAME.get(words[0], TypeFamily.OTHER) if words else TypeFamily.OTHER
