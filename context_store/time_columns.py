"""Which date or time of a table a period in a question refers to."""

from collections.abc import Sequence

from context_store.names import expanded_words_of, word_set
from context_store.profile import ColumnProfile, TableProfile

_WHEN_IT_HAPPENED = word_set(
    "start started begin event order ordered purchase purchased view viewed created transaction "
    "session visit booking sale sold payment played opened departure observation recorded"
)
_PLAIN = word_set("date time timestamp datetime day hour ds")
_SECONDARY = word_set(
    "end ended updated modified expiry expires expiration due closed finished until deleted loaded "
    "ingested inserted arrival delivery delivered last valid"
)
_NOT_AN_EVENT = word_set("birth birthday birthdate dob born")


def time_column_of(table: TableProfile) -> str | None:
    """Returns the column that tells when a row happened, or None where there is none."""
    candidates = [
        column
        for column in table.columns
        if column.family.is_temporal
        and column.pii is None
        and column.non_null_count > 0
        and not _NOT_AN_EVENT & set(expanded_words_of(column.name))
    ]
    ranked = sorted(candidates, key=lambda column: _rank(column, table.columns))
    return ranked[0].name if ranked else None


def _rank(column: ColumnProfile, columns: Sequence[ColumnProfile]) -> tuple[float, ...]:
    words = set(expanded_words_of(column.name))
    secondary = bool(words & _SECONDARY)
    said = 0 if words & _WHEN_IT_HAPPENED else 1 if words & _PLAIN else 2
    missing = 1 - column.non_null_count / max(other.non_null_count for other in columns)
    return (secondary, round(missing, 1), column.is_partition, said, columns.index(column))
