"""Reads expressions of SQL back as columns, calendar parts and values of a plan."""

from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from domain.dictionary import Cell
from domain.plan import CalendarPart, ColumnReference, TimeGrain
from planner.schema.schema import Schema

_CASTS = (exp.Cast, exp.TryCast, exp.Paren, exp.Round, exp.Date, exp.TsOrDsToDate, exp.Coalesce)
_PARTS: dict[type[exp.Expr], CalendarPart] = {
    exp.DayOfWeekIso: CalendarPart.DAY_OF_WEEK,
    exp.DayOfWeek: CalendarPart.DAY_OF_WEEK,
    exp.Year: CalendarPart.YEAR,
    exp.Month: CalendarPart.MONTH_OF_YEAR,
    exp.Hour: CalendarPart.HOUR_OF_DAY,
}
_EXTRACTED = {
    "YEAR": CalendarPart.YEAR,
    "MONTH": CalendarPart.MONTH_OF_YEAR,
    "HOUR": CalendarPart.HOUR_OF_DAY,
    "DOW": CalendarPart.DAY_OF_WEEK,
    "DAY_OF_WEEK": CalendarPart.DAY_OF_WEEK,
}
_MIDNIGHT = " 00:00:00"


class UnreadError(Exception):
    """A piece of SQL that a plan has no words for."""

    def __init__(self, piece: exp.Expr) -> None:
        super().__init__(piece.sql(dialect="athena"))


@dataclass(frozen=True, slots=True)
class Field:
    """A column as it is grouped by or compared: whole, cut to a grain, or a part of it."""

    column: ColumnReference
    grain: TimeGrain | None = None
    part: CalendarPart | None = None


class Sources:
    """The tables of one select by alias, and those of the selects around it."""

    def __init__(
        self, tables: dict[str, str], schema: Schema, outer: "Sources | None" = None
    ) -> None:
        self._tables = tables
        self._schema = schema
        self._outer = outer

    @property
    def schema(self) -> Schema:
        """The dictionary's entries."""
        return self._schema

    @property
    def names(self) -> frozenset[str]:
        """Names of this select's own tables."""
        return frozenset(self._tables.values())

    def owns(self, node: exp.Column) -> bool:
        """True for a column of this select's own tables."""
        return node.table.lower() in self._tables

    def column(self, node: exp.Column) -> ColumnReference:
        """Returns the dictionary's column. Raises UnreadError for a computed one."""
        name = self._tables.get(node.table.lower())
        if name is None:
            if self._outer is not None and node.table:
                return self._outer.column(node)
            raise UnreadError(node)
        entry = self._schema.tables[name].column(node.name)
        if entry is None:
            raise UnreadError(node)
        return ColumnReference(table=name, column=entry.name)


def stripped(node: exp.Expr) -> exp.Expr:
    """Returns what is shown without casts, rounding and defaults, which change no meaning."""
    while isinstance(node, _CASTS) and isinstance(node.this, exp.Expr):
        node = node.this
    return node


def read_field(node: exp.Expr, sources: Sources) -> Field:
    """Returns the column that an expression shows. Raises UnreadError for anything else."""
    inner = stripped(node)
    if isinstance(inner, exp.Column):
        return Field(sources.column(inner))
    if isinstance(inner, exp.TimestampTrunc | exp.DateTrunc):
        return Field(_column(inner.this, sources), grain=_grain(inner))
    if isinstance(inner, exp.Extract):
        part = _EXTRACTED.get(inner.name.upper())
        if part is not None:
            return Field(_column(inner.expression, sources), part=part)
    for kind, part in _PARTS.items():
        if isinstance(inner, kind):
            return Field(_column(inner.this, sources), part=part)
    raise UnreadError(node)


def _column(node: exp.Expr, sources: Sources) -> ColumnReference:
    inner = stripped(node)
    if not isinstance(inner, exp.Column):
        raise UnreadError(node)
    return sources.column(inner)


def _grain(node: exp.Expr) -> TimeGrain:
    unit = node.args.get("unit")
    name = unit.name.lower() if isinstance(unit, exp.Expr) else ""
    name = name.split("(")[0]
    if name not in list(TimeGrain):
        raise UnreadError(node)
    return TimeGrain(name)


def read_value(node: exp.Expr) -> Cell:
    """Returns a constant; dates as ISO text. Raises UnreadError for anything computed."""
    inner = stripped(node)
    if isinstance(inner, exp.Neg):
        value = read_value(inner.this)
        if isinstance(value, int | float):
            return -value
    if isinstance(inner, exp.Boolean):
        return bool(inner.this)
    if isinstance(inner, exp.Null):
        return None
    if isinstance(inner, exp.Literal):
        text = str(inner.this)
        return text.removesuffix(_MIDNIGHT) if inner.is_string else _number(text)
    raise UnreadError(node)


def _number(text: str) -> Cell:
    return int(text) if text.isdecimal() else float(text)


def day_of(value: Cell) -> date | None:
    """Returns the day that ISO text names, None for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
