"""What a column is for, its unit, and whether its sum means something: from names and counts."""

from context_store.names import (
    entity_words_of,
    expanded_words_of,
    is_code_name,
    is_identifier_name,
    word_set,
    words_of,
)
from context_store.profile import ColumnProfile, TableProfile
from domain.column_type import TypeFamily
from domain.dictionary import ColumnRole, PiiKind

_UNITS = {
    "second": "second", "seconds": "second", "millisecond": "millisecond",
    "milliseconds": "millisecond", "ms": "millisecond", "minute": "minute", "minutes": "minute",
    "hours": "hour", "days": "day", "weeks": "week", "months": "month", "years": "year",
    "percent": "%", "percentage": "%", "inr": "INR", "rupees": "INR", "rs": "INR", "usd": "USD",
    "dollars": "USD", "eur": "EUR", "gbp": "GBP", "km": "km", "kilometers": "km",
    "kilometres": "km", "miles": "mile", "mile": "mile", "meters": "metre", "metres": "metre",
    "ft": "foot", "feet": "foot", "kg": "kg", "kilograms": "kg", "lbs": "pound", "pounds": "pound",
    "bytes": "byte", "kb": "kB", "mb": "MB", "gb": "GB", "celsius": "°C", "fahrenheit": "°F",
}  # fmt: skip
_NOT_ADDITIVE = word_set(
    "rate ratio percent percentage share average mean median score rating index age year "
    "temperature latitude longitude long altitude elevation height speed density pressure humidity "
    "level rank position grade gpa minimum maximum zone offset version probability factor "
    "percentile quantile stddev variance hour month day week quarter code number id key date time "
    "born founded opened since seq sequence order x y z dir direction degree degrees"
)
_CALENDAR = word_set(
    "year month day hour minute week quarter weekday dow doy season semester decade century"
)
_CODES = word_set(
    "type code class category group level flag status zip zipcode pincode postcode pin"
)
_NAME_WORDS = word_set("name title label")
_FEW_VALUES = 50
_REPEATING = 0.9
_MANY_VALUES = 2_000
_LARGEST_CLOCK = 2_400
_LATEST_CLOCK = 2_300


def role_of(column: ColumnProfile, table: TableProfile, is_reference: bool) -> ColumnRole:
    """Returns the role of a column. `is_reference` says that it refers to another table."""
    if column.family.is_temporal:
        return ColumnRole.TIME
    if is_reference or table.primary_key == [column.name] or is_identifier_name(column.name):
        return ColumnRole.KEY
    if column.family is TypeFamily.BOOLEAN:
        return ColumnRole.DIMENSION
    if column.family.is_numeric:
        return _role_of_number(column, table)
    if column.family is TypeFamily.TEXT:
        return _role_of_text(column, table)
    return ColumnRole.TEXT


def _role_of_number(column: ColumnProfile, table: TableProfile) -> ColumnRole:
    words = expanded_words_of(column.name)
    if not words:
        return ColumnRole.MEASURE
    starts_as_flag = words[0] in ("is", "has") and column.distinct_count <= 2
    is_whole = column.family is TypeFamily.INTEGER or _has_whole_bounds(column)
    numbers_the_rows = words == entity_words_of(table.name)
    is_code = words[-1] in _CODES or _is_calendar(words) or numbers_the_rows
    if starts_as_flag or (is_whole and is_code):
        return ColumnRole.DIMENSION
    return ColumnRole.MEASURE


def _has_whole_bounds(column: ColumnProfile) -> bool:
    """True where a float's bounds are whole, as of years that a tool read as floats."""
    bounds = (column.minimum, column.maximum)
    return all(isinstance(bound, float) and bound.is_integer() for bound in bounds)


def _is_calendar(words: tuple[str, ...]) -> bool:
    return words[-1] in _CALENDAR and "per" not in words


def _role_of_text(column: ColumnProfile, table: TableProfile) -> ColumnRole:
    if _is_label(column, table):
        return ColumnRole.LABEL
    if column.pii is not None:
        return ColumnRole.TEXT
    repeats = column.distinct_count < _REPEATING * column.non_null_count
    is_short = column.non_null_count > 0 and (column.average_length or 0) <= _FEW_VALUES
    is_group = column.distinct_count <= _MANY_VALUES and repeats and is_short
    if is_group or (is_code_name(column.name) and is_short):
        return ColumnRole.DIMENSION
    return (
        ColumnRole.DIMENSION
        if column.distinct_count <= _FEW_VALUES and is_short
        else (ColumnRole.TEXT)
    )


def _is_label(column: ColumnProfile, table: TableProfile) -> bool:
    """True for `name` and `title`, alone or after the table's own name."""
    words = words_of(column.name)
    if not words or words[-1] not in _NAME_WORDS or column.pii not in (None, PiiKind.NAME):
        return False
    owner, entity = words[:-1], entity_words_of(table.name)
    is_own = (
        not owner
        or owner == entity
        or owner[-1] == entity[-1]
        or owner
        in (
            ("full",),
            ("display",),
        )
    )
    tells_apart = column.distinct_count * 2 > column.non_null_count
    return is_own and (tells_apart or column.pii is not None)


def unit_of(name: str) -> str:
    """Returns the unit that a name ends with, such as `second`, `INR`, `%`, or an empty text."""
    words = expanded_words_of(name)
    return _UNITS.get(words[-1], "") if len(words) > 1 else ""


def is_clock_time(column: ColumnProfile) -> bool:
    """True for whole numbers such as 1745 that are a time of day written as hhmm."""
    return (
        column.family is TypeFamily.INTEGER
        and expanded_words_of(column.name)[-1:] == ("time",)
        and isinstance(column.minimum, int)
        and isinstance(column.maximum, int)
        and column.minimum >= 0
        and _LATEST_CLOCK <= column.maximum <= _LARGEST_CLOCK
    )


def is_additive(column: ColumnProfile, role: ColumnRole) -> bool:
    """True where a sum over rows means something: no ids, codes, years, ratios or ages."""
    if role is not ColumnRole.MEASURE or is_clock_time(column):
        return False
    words = expanded_words_of(column.name)
    says_price_of_one = "unit" in words or "per" in words
    if unit_of(column.name) and unit_of(column.name) != "%" and not says_price_of_one:
        return not set(words[:-1]) & {"average", "mean", "median", "rate", "minimum", "maximum"}
    is_duration = words[-1:] == ("time",) and len(words) > 1
    return not says_price_of_one and not (set(words) - ({"time"} if is_duration else set())) & (
        _NOT_ADDITIVE
    )
