"""Speaks of a measure: counts are `the most flights`, anything else `the highest delay`."""

from domain.dictionary import Cell
from domain.summary import SummaryColumn
from planner.language.number_text import plural, quantity

_COUNT = "number of "
_WORKED_OUT = ("average", "median", "minimum", "maximum", "lowest", "highest")


def amount(value: Cell, column: SummaryColumn) -> str:
    """Returns a figure with its unit, which a label such as `cancelled flights` says already."""
    return quantity(value, "" if _is_named_by_unit(column) else column.unit)


def subject(column: SummaryColumn) -> str:
    """Returns the measure as the subject of a sentence: `the number of flights`, `DAU`."""
    if _is_named_by_unit(column) and not column.label.startswith(_COUNT):
        return f"the {_COUNT}{column.label}"
    return column.label if column.label.split(" ")[0].isupper() else f"the {column.label}"


def extreme(column: SummaryColumn, *, highest: bool) -> str:
    """Returns `most flights` for counts and `highest delay` for anything else."""
    if column.label.startswith(_COUNT) or _is_named_by_unit(column):
        return f"{'most' if highest else 'fewest'} {column.label.removeprefix(_COUNT)}"
    return f"{'highest' if highest else 'lowest'} {column.label}"


def _is_named_by_unit(column: SummaryColumn) -> bool:
    """True for `cancelled flights`, counted in flights; not for `average seats`."""
    if column.label.split(" ")[0] in _WORKED_OUT:
        return False
    return column.unit.isalpha() and f" {column.label}".endswith(f" {plural(column.unit)}")
