"""True sentences about a result: the answer first, then what stands out in it."""

from collections import defaultdict

from domain.dictionary import Cell
from domain.plan import Order, Plan
from domain.summary import Summary
from planner.listing_prose import listing_sentences
from planner.number_text import percent, plain_number, quantity
from planner.result_shape import ResultShape, as_number, read_shape
from planner.value_text import preposition, value_text

_VALUES_NAMED = 12
_RUNNERS_UP = 2


def result_sentences(summary: Summary, plan: Plan | None) -> list[str]:
    """Returns Markdown sentences on a result that has rows; key figures are bold."""
    if summary.is_listing:
        return listing_sentences(summary)
    shape = read_shape(summary)
    if not shape.measures:
        return _on_values(shape, plan)
    if len(summary.rows) == 1:
        return [_on_single_row(shape, plan)]
    if not shape.values(shape.measures[0]):
        return [f"No group has a value for the {shape.column(shape.measures[0]).label}."]
    if len(shape.dimensions) > 1:
        return _on_two_dimensions(shape)
    return _on_time(shape, plan) if shape.is_in_time_order else _on_ranking(shape, plan)


def period_text(plan: Plan | None) -> str:
    """Returns ` (last month)` where the plan keeps to a period, else nothing."""
    return f" ({plan.period.label})" if plan is not None and plan.period is not None else ""


def _on_values(shape: ResultShape, plan: Plan | None) -> list[str]:
    rows = shape.summary.rows
    indices = shape.dimensions or tuple(range(len(shape.summary.columns)))
    label = " and ".join(shape.column(index).label for index in indices)
    names = [_row_name(shape, row, indices) for row in rows[:_VALUES_NAMED]]
    ranked = _hidden_ranking(plan)
    opening = f"The result has **{plain_number(len(rows))}** values of {label}{ranked}"
    if len(rows) == 1:
        return [f"The {label}{ranked} is **{names[0]}**{period_text(plan)}."]
    among = ", among them" if len(rows) > _VALUES_NAMED else ""
    return [f"{opening}{among or ':'} {', '.join(names)}."]


def _hidden_ranking(plan: Plan | None) -> str:
    """Returns ` with the highest sales` where a measure ranks the values but is not shown."""
    if plan is None or not plan.limit or not plan.order or plan.order[0].by != "measure":
        return ""
    extreme = "highest" if plan.order[0].descending else "lowest"
    return f" with the {extreme} {plan.measures[plan.order[0].index].label}"


def _on_single_row(shape: ResultShape, plan: Plan | None) -> str:
    row = shape.summary.rows[0]
    figures = [
        f"the {shape.column(m).label} is **{_amount(shape, m, row[m])}**" for m in shape.measures
    ]
    if not shape.dimensions:
        return f"{_capital(_joined(figures))}{period_text(plan)}."
    name = _row_name(shape, row, shape.dimensions)
    extreme = _asked_extreme(plan)
    if extreme and len(shape.measures) == 1:
        label = shape.column(shape.measures[0]).label
        value = _amount(shape, shape.measures[0], row[shape.measures[0]])
        return f"**{name}** has the {extreme} {label}: **{value}**{period_text(plan)}."
    return f"For **{name}**, {_joined(figures)}{period_text(plan)}."


def _asked_extreme(plan: Plan | None) -> str:
    """Returns `highest` or `lowest` where the plan asked for the one at the top of an order."""
    order = _shown_order(plan)
    if plan is None or plan.limit != 1 or order is None:
        return ""
    return "highest" if order.descending else "lowest"


def _shown_order(plan: Plan | None) -> Order | None:
    """Returns the plan's order where it is by the first measure that is shown."""
    if plan is None or not plan.order or plan.order[0].by != "measure":
        return None
    shown = [output.index for output in plan.outputs if output.kind == "measure"]
    first = shown[0] if shown else 0
    return plan.order[0] if plan.order[0].index == first else None


def _on_time(shape: ResultShape, plan: Plan | None) -> list[str]:
    time, measure = shape.dimensions[0], shape.measures[0]
    column, values = shape.column(measure), shape.values(measure)
    dated = [pair for pair in values if pair[0][time] is not None]
    if len(dated) < 2:
        return _on_ranking(shape, plan)
    first, last = (_name(shape, row, time) for row, _ in (dated[0], dated[-1]))
    highest, lowest = (pick(dated, key=lambda pair: pair[1]) for pick in (max, min))
    at = preposition(shape.column(time))
    peak = f"{at} {_name(shape, highest[0], time)} at **{_amount(shape, measure, highest[1])}**"
    low = f"{at} {_name(shape, lowest[0], time)} at {_amount(shape, measure, lowest[1])}"
    sentences = []
    if shape.is_additive(measure) and column.total is not None:
        total = _amount(shape, measure, column.total)
        sentences.append(f"From {first} to {last} the {column.label} adds up to **{total}**.")
    if highest[1] == lowest[1]:
        value = _amount(shape, measure, highest[1])
        return [*sentences, f"The {column.label} is the same throughout: {value}."]
    subject = "It" if sentences else f"From {first} to {last} the {column.label}"
    sentences.append(f"{subject} peaks {peak} and is lowest {low}.")
    return sentences + _change(shape, measure, dated)


def _change(
    shape: ResultShape, measure: int, dated: list[tuple[tuple[Cell, ...], float]]
) -> list[str]:
    """Says how far the last value lies from the first; merged spans may be cut off at the ends."""
    (first_row, first), (last_row, last) = dated[0], dated[-1]
    if shape.summary.roll_up or first <= 0 or first == last:
        return []
    time = shape.dimensions[0]
    names = (_name(shape, first_row, time), _name(shape, last_row, time))
    direction = "above" if last > first else "below"
    change = percent(100 * abs(last - first) / first)
    value = _amount(shape, measure, last)
    return [f"The last value, {value} for {names[1]}, is {change} {direction} that of {names[0]}."]


def _on_ranking(shape: ResultShape, plan: Plan | None) -> list[str]:
    measure = shape.measures[0]
    column = shape.column(measure)
    descending = not _asks_lowest(plan)
    ranked = sorted(shape.values(measure), key=lambda pair: pair[1], reverse=descending)
    names = [_row_name(shape, row, shape.dimensions) or "This row" for row, _ in ranked]
    top = ranked[0][1]
    leaders = [n for n, (_, value) in zip(names, ranked, strict=True) if value == top]
    extreme = "highest" if descending else "lowest"
    value = _amount(shape, measure, top)
    if len(leaders) == len(ranked) > 1:
        return [f"The {column.label} is the same for all: **{value}**{period_text(plan)}."]
    has = "has" if len(leaders) == 1 else "share"
    leading = (
        " and ".join(f"**{name}**" for name in leaders[:3]) if len(leaders) <= 3 else "Several"
    )
    share = _share(shape, measure, top) if len(leaders) == 1 and descending else ""
    sentences = [f"{leading} {has} the {extreme} {column.label}: **{value}**{share}."]
    followers = [
        f"{name} ({_amount(shape, measure, number)})"
        for name, (_, number) in zip(names, ranked, strict=True)
        if number != top
    ]
    opposite = "lowest" if descending else "highest"
    sentences += _followers(followers, "" if shape.summary.roll_up else opposite)
    if len(leaders) == 1:
        sentences += _other_measures(shape, ranked[0][0], leaders[0])
    return sentences


def _asks_lowest(plan: Plan | None) -> bool:
    order = _shown_order(plan)
    return order is not None and not order.descending


def _share(shape: ResultShape, measure: int, value: float) -> str:
    column = shape.column(measure)
    if not shape.is_additive(measure) or column.total is None or column.unit == "%":
        return ""
    part, total = percent(100 * value / column.total), _amount(shape, measure, column.total)
    return f", {part} of the {total} over all groups"


def _followers(followers: list[str], opposite: str) -> list[str]:
    if not followers:
        return []
    following = followers[:_RUNNERS_UP]
    opening = f"{_joined(following)} {'follows' if len(following) == 1 else 'follow'}"
    if len(followers) <= _RUNNERS_UP or not opposite:
        return [f"{opening}."]
    return [f"{opening}; the {opposite} is {followers[-1]}."]


def _other_measures(shape: ResultShape, row: tuple[Cell, ...], name: str) -> list[str]:
    others = [
        f"the {shape.column(m).label} is {_amount(shape, m, row[m])}"
        for m in shape.measures[1:4]
        if row[m] is not None
    ]
    return [f"For {name}, {_joined(others)}."] if others else []


def _on_two_dimensions(shape: ResultShape) -> list[str]:
    measure = shape.measures[0]
    column, values = shape.column(measure), shape.values(measure)
    highest, lowest = (pick(values, key=lambda pair: pair[1]) for pick in (max, min))
    where = [_row_name(shape, row, shape.dimensions) for row, _ in (highest, lowest)]
    figures = [_amount(shape, measure, number) for _, number in (highest, lowest)]
    sentences = _leading_category(shape, measure)
    opening = "Of the values shown, the" if shape.summary.roll_up else "The"
    single = f"{opening} highest {column.label} is **{figures[0]}** ({where[0]})"
    if highest[1] == lowest[1]:
        return [*sentences, f"{single}."]
    if shape.has_rest:
        return [*sentences, f"{single}."]
    return [*sentences, f"{single}; the lowest is {figures[1]} ({where[1]})."]


def _leading_category(shape: ResultShape, measure: int) -> list[str]:
    """Names the category with the largest sum, where sums mean something."""
    if not shape.is_additive(measure) or len(shape.dimensions) != 2:
        return []
    by = shape.categories[0]
    sums: dict[Cell, float] = defaultdict(float)
    for row, value in shape.values(measure):
        sums[row[by]] += value
    leader = max(sums, key=lambda cell: sums[cell])
    name = value_text(leader, shape.column(by))
    label = shape.column(measure).label
    most = _amount(shape, measure, sums[leader])
    share = _share(shape, measure, sums[leader])
    return [f"In all, **{name}** has the highest {label}: **{most}**{share}."]


def _row_name(shape: ResultShape, row: tuple[Cell, ...], indices: tuple[int, ...]) -> str:
    return ", ".join(_name(shape, row, index) for index in indices)


def _name(shape: ResultShape, row: tuple[Cell, ...], index: int) -> str:
    """Bare numbers say what they are: `month 7`, not `7`."""
    column = shape.column(index)
    name = value_text(row[index], column)
    is_bare = as_number(row[index]) is not None and column.part is None
    return f"{column.label} {name}" if is_bare else name


def _amount(shape: ResultShape, measure: int, value: Cell) -> str:
    return quantity(value, shape.column(measure).unit)


def _joined(parts: list[str]) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
