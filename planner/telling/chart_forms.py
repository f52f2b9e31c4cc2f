"""Draws a result in one form: a number, a line, bars, slices, points, several series."""

import re
from collections.abc import Sequence

from domain.chart_spec import ChartSeries, ChartSpec
from domain.dictionary import Cell
from domain.plan import Plan
from planner.language.value_text import part_rank, value_name
from planner.telling.result_shape import ResultShape, as_number

_MOST_SERIES = 6
MOST_UPRIGHT_BARS = 6
"""More categories are drawn as horizontal bars, so that their names can be read."""
Point = dict[str, Cell]


def number_card(shape: ResultShape) -> ChartSpec | None:
    """One figure; None where it is no number."""
    measure, row = shape.measures[0], shape.summary.rows[0]
    if as_number(row[measure]) is None:
        return None
    names = [value_name(row[i], shape.column(i)) for i in shape.dimensions]
    return ChartSpec(
        type="number",
        title=", ".join([shape.column(measure).label, *names]),
        series=(_series(shape, measure, "value"),),
        unit=shape.column(measure).unit,
        data=({"value": row[measure]},),
    )


def over_time(shape: ResultShape) -> ChartSpec:
    """A line for each measure that has the unit of the first."""
    split = shape.dimensions[0]
    measures = _same_unit(shape)
    fields = _fields(shape, [split, *measures])
    data = [
        {fields[i]: row[i] for i in (split, *measures)}
        for row in shape.summary.rows
        if row[split] is not None
    ]
    return ChartSpec(
        type="line",
        title=_title(shape, measures),
        x=fields[split],
        x_type="time",
        x_label=shape.column(split).label,
        series=tuple(_series(shape, m, fields[m]) for m in measures),
        unit=shape.column(measures[0]).unit,
        data=tuple(data),
    )


def by_category(shape: ResultShape, plan: Plan | None, kind: str) -> ChartSpec:
    """Bars of one or more measures, or slices of one: `kind` is `bar` or `pie`."""
    split = shape.dimensions[0]
    measures = _same_unit(shape) if kind == "bar" else [shape.measures[0]]
    fields = _fields(shape, [split, *measures])
    column = shape.column(split)
    data = [
        {fields[split]: value_name(row[split], column), **{fields[m]: row[m] for m in measures}}
        for row in _arranged(shape, plan)
    ]
    lies = kind == "bar" and column.part is None and len(data) > MOST_UPRIGHT_BARS
    return ChartSpec(
        type="pie" if kind == "pie" else "bar",
        title=_title(shape, measures),
        x=fields[split],
        x_label=column.label,
        series=tuple(_series(shape, m, fields[m]) for m in measures),
        unit=shape.column(measures[0]).unit,
        orientation="horizontal" if lies and not is_ordered(shape) else "vertical",
        data=tuple(data),
    )


def _arranged(shape: ResultShape, plan: Plan | None) -> list[tuple[Cell, ...]]:
    """Puts calendars and numbers in their order, others by size unless the result was sorted."""
    rows, split, measure = list(shape.summary.rows), shape.dimensions[0], shape.measures[0]
    if shape.column(split).part is not None and not (plan is not None and plan.limit):
        return sorted(rows, key=lambda row: part_rank(row[split]))
    if shape.summary.roll_up or (plan is not None and plan.order):
        return rows
    if all(as_number(row[split]) is not None for row in rows if row[split] is not None):
        return sorted(rows, key=lambda row: (row[split] is None, as_number(row[split]) or 0))
    if is_ordered(shape):
        return rows
    return sorted(rows, key=lambda row: _size(row[measure]), reverse=True)


def _size(cell: Cell) -> float:
    number = as_number(cell)
    return float("-inf") if number is None else number


def is_ordered(shape: ResultShape) -> bool:
    """True for hours, ages, ranges: their order is the point, so it runs from left to right."""
    split = shape.dimensions[0]
    values = [row[split] for row in shape.summary.rows if row[split] is not None]
    if all(as_number(value) is not None for value in values):
        return True
    ranges = [re.fullmatch(r"(-?[\d,.]+)( to .+)?", str(value)) for value in values]
    return all(ranges)


def scatter(shape: ResultShape) -> ChartSpec:
    """Two measures against each other, a point a row."""
    names = list(shape.dimensions[:1])
    across, up = shape.measures
    fields = _fields(shape, [*names, across, up])
    data = [
        {
            **{fields[i]: value_name(row[i], shape.column(i)) for i in names},
            fields[across]: row[across],
            fields[up]: row[up],
        }
        for row in shape.summary.rows
        if row[across] is not None and row[up] is not None
    ]
    unit = shape.column(across).unit
    return ChartSpec(
        type="scatter",
        title=_title(shape, [up, across]),
        x=fields[across],
        x_type="number",
        x_label=f"{shape.column(across).label} ({unit})" if unit else shape.column(across).label,
        series=(_series(shape, up, fields[up]),),
        unit=shape.column(up).unit,
        data=tuple(data),
    )


def two_dimensions(shape: ResultShape) -> ChartSpec | None:
    """Pivots: one dimension along the axis, the other as up to six series, the leading ones."""
    along, by = _axis_and_series(shape)
    measure = shape.measures[0]
    names = _leading_series(shape, by)
    is_cut = len({_key(row[by]) for row in shape.summary.rows}) > len(names)
    shown = [row for row in shape.summary.rows if _key(row[by]) in names]
    fields = {name: f"series_{number}" for number, name in enumerate(names, start=1)}
    points: dict[str, Point] = {}
    is_time = along == shape.time
    for row in shown:
        if is_time and row[along] is None:
            continue
        x = row[along] if is_time else value_name(row[along], shape.column(along))
        point = points.setdefault(_key(row[along]), {"x": x})
        point[fields[_key(row[by])]] = row[measure]
    labels = {_key(row[by]): value_name(row[by], shape.column(by)) for row in shown}
    unit = shape.column(measure).unit
    data = [{"x": None, **dict.fromkeys(fields.values()), **point} for point in points.values()]
    return ChartSpec(
        type="line" if is_time else "bar",
        title=f"{_title(shape, [measure])}{f' ({len(names)} leading)' if is_cut else ''}",
        x="x",
        x_type="time" if is_time else "category",
        x_label=shape.column(along).label,
        series=tuple(
            ChartSeries(field=fields[name], label=labels[name], unit=unit) for name in names
        ),
        unit=unit,
        stacked=not is_time and not is_cut and shape.is_additive(measure),
        data=tuple(sorted(data, key=lambda point: str(point["x"])) if is_time else data),
    )


def _leading_series(shape: ResultShape, by: int) -> list[str]:
    """Returns the values with the largest sums, as many as can be told apart, in their order."""
    sums: dict[str, float] = {}
    for row in shape.summary.rows:
        sums[_key(row[by])] = sums.get(_key(row[by]), 0.0) + (
            as_number(row[shape.measures[0]]) or 0
        )
    leading = sorted(sums, key=lambda name: -sums[name])[:_MOST_SERIES]
    return [name for name in sums if name in leading]


def _axis_and_series(shape: ResultShape) -> tuple[int, int]:
    """Time lies along the axis; without it the dimension with more values does."""
    first, second = shape.dimensions
    if shape.time is not None:
        return first, second
    counts = {i: len({_key(row[i]) for row in shape.summary.rows}) for i in (first, second)}
    return (first, second) if counts[first] >= counts[second] else (second, first)


def _key(cell: Cell) -> str:
    return "null" if cell is None else f"={cell}"


def _same_unit(shape: ResultShape) -> list[int]:
    """Returns the first measure and those that can share its axis."""
    unit = shape.column(shape.measures[0]).unit
    return [m for m in shape.measures if shape.column(m).unit == unit][:_MOST_SERIES]


def _fields(shape: ResultShape, indices: Sequence[int]) -> dict[int, str]:
    """Returns a data key for each column: its name, numbered where a name comes again."""
    fields: dict[int, str] = {}
    for index in indices:
        name = shape.column(index).name or "value"
        taken = set(fields.values())
        number = 2
        field = name
        while field in taken:
            field, number = f"{name}_{number}", number + 1
        fields[index] = field
    return fields


def _series(shape: ResultShape, measure: int, field: str) -> ChartSeries:
    column = shape.column(measure)
    return ChartSeries(field=field, label=column.label, unit=column.unit)


def _title(shape: ResultShape, measures: Sequence[int]) -> str:
    counted = " and ".join(shape.column(measure).label for measure in measures[:2])
    split = " and ".join(shape.column(index).label for index in shape.dimensions)
    return f"{counted} by {split}" if split else counted
