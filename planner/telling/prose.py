"""True sentences about a result: the answer first, then what stands out in it."""

from collections import defaultdict
from dataclasses import dataclass

from domain.dictionary import Cell
from domain.plan import Order, Plan
from domain.summary import Summary
from planner.language.number_text import percent, plain_number
from planner.language.value_text import listed, value_text
from planner.telling.listing_prose import listing_sentences
from planner.telling.measure_words import amount, extreme, subject
from planner.telling.result_shape import ResultShape, as_number, read_shape
from planner.telling.time_prose import series_sentences, time_sentences

_VALUES_NAMED = 12
_RUNNERS_UP = 2
_GROUPS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """What an answer is limited to, as it stands in a sentence; empty where it is not."""

    kept: str = ""
    """Such as ` for Delhi`."""
    period: str = ""
    """Such as ` last month`."""

    @property
    def whole(self) -> str:
        """Both together."""
        return f"{self.kept}{self.period}"


def result_sentences(summary: Summary, plan: Plan | None, scope: Scope) -> list[str]:
    """Returns Markdown sentences on a result that has rows; key figures are bold."""
    if summary.is_listing:
        return listing_sentences(summary)
    shape = read_shape(summary)
    if not shape.measures:
        return _on_values(shape, plan, scope)
    if len(summary.rows) == 1:
        return [_on_single_row(shape, plan, scope)]
    if not shape.values(shape.measures[0]):
        return [f"No group has a value for {subject(shape.column(shape.measures[0]))}."]
    if len(shape.dimensions) > 1:
        return _on_two_dimensions(shape, plan)
    return _on_one_dimension(shape, plan, scope)


def _on_one_dimension(shape: ResultShape, plan: Plan | None, scope: Scope) -> list[str]:
    if shape.is_in_time_order:
        time, measure = shape.dimensions[0], shape.measures[0]
        dated = [pair for pair in shape.values(measure) if pair[0][time] is not None]
        if len(dated) > 1:
            return time_sentences(shape, measure, dated, scope.kept)
    return _on_ranking(shape, plan, scope)


def _on_values(shape: ResultShape, plan: Plan | None, scope: Scope) -> list[str]:
    rows = shape.summary.rows
    indices = shape.dimensions or tuple(range(len(shape.summary.columns)))
    label = " and ".join(shape.column(index).label for index in indices)
    names = [_row_name(shape, row, indices) for row in rows[:_VALUES_NAMED]]
    ranked = _hidden_ranking(plan)
    opening = f"The result has **{plain_number(len(rows))}** values of {label}{ranked}"
    if len(rows) == 1:
        return [f"The {label}{ranked} is **{names[0]}**{scope.whole}."]
    among = ", among them" if len(rows) > _VALUES_NAMED else ""
    return [f"{opening}{among or ':'} {', '.join(names)}."]


def _hidden_ranking(plan: Plan | None) -> str:
    """Returns ` with the highest sales` where a measure ranks the values but is not shown."""
    if plan is None or not plan.limit or not plan.order or plan.order[0].by != "measure":
        return ""
    extreme = "highest" if plan.order[0].descending else "lowest"
    return f" with the {extreme} {plan.measures[plan.order[0].index].label}"


def _on_single_row(shape: ResultShape, plan: Plan | None, scope: Scope) -> str:
    row = shape.summary.rows[0]
    figures = [
        f"{subject(shape.column(m))} is **{_amount(shape, m, row[m])}**" for m in shape.measures
    ]
    if not shape.dimensions:
        return f"{_capital(listed(figures))}{scope.whole}."
    name = _row_name(shape, row, shape.dimensions)
    highest = _asks_for_one(plan)
    if highest is not None and len(shape.measures) == 1:
        most = extreme(shape.column(shape.measures[0]), highest=highest)
        value = _amount(shape, shape.measures[0], row[shape.measures[0]])
        return f"**{name}** has the {most}{scope.whole}: **{value}**."
    return f"For **{name}**, {listed(figures)}{scope.whole}."


def _asks_for_one(plan: Plan | None) -> bool | None:
    """Returns whether the one at the top of an order is the highest; None where none is asked."""
    order = _shown_order(plan)
    if plan is None or plan.limit != 1 or order is None:
        return None
    return order.descending


def _shown_order(plan: Plan | None) -> Order | None:
    """Returns the plan's order where it is by a measure that is shown."""
    if plan is None or not plan.order or plan.order[0].by != "measure":
        return None
    shown = [output.index for output in plan.outputs if output.kind == "measure"] or [0]
    return plan.order[0] if plan.order[0].index in shown else None


def _ranking_measure(shape: ResultShape, plan: Plan | None) -> int:
    """The measure that ranks, where it is shown; else the first one."""
    order = _shown_order(plan)
    if plan is not None and order is not None and len(plan.outputs) == len(shape.summary.columns):
        for place, output in enumerate(plan.outputs):
            if (
                output.kind == "measure"
                and output.index == order.index
                and (place in shape.measures)
            ):
                return place
    return shape.measures[0]


def _on_ranking(shape: ResultShape, plan: Plan | None, scope: Scope) -> list[str]:
    measure = _ranking_measure(shape, plan)
    column = shape.column(measure)
    descending = not _asks_lowest(plan)
    ranked, unnamed = _by_name(shape, measure)
    ranked.sort(key=lambda pair: pair[1], reverse=descending)
    names = [_row_name(shape, row, shape.dimensions) or "This row" for row, _ in ranked]
    top = ranked[0][1]
    leaders = [n for n, (_, value) in zip(names, ranked, strict=True) if value == top]
    value = _amount(shape, measure, top)
    if len(leaders) == len(ranked) > 1:
        same = f"{_capital(subject(column))} is the same for all{scope.whole}: **{value}**."
        return [same]
    has = "has" if len(leaders) == 1 else "share"
    leading = (
        " and ".join(f"**{name}**" for name in leaders[:3]) if len(leaders) <= 3 else "Several"
    )
    share = _share(shape, measure, top, plan) if len(leaders) == 1 and descending else ""
    most = extreme(column, highest=descending)
    sentences = [f"{leading} {has} the {most}{scope.whole}: **{value}**{share}."]
    followers = [
        f"{name} ({_amount(shape, measure, number)})"
        for name, (_, number) in zip(names, ranked, strict=True)
        if number != top
    ]
    sentences += _followers(followers, _last_of(shape, plan, descending=descending))
    if len(leaders) == 1:
        sentences += _other_measures(shape, measure, ranked[0][0], leaders[0])
    if plan is not None and plan.limit and plan.having and len(ranked) < plan.limit:
        sentences.append(f"There are only {plain_number(len(ranked))} such, not {plan.limit}.")
    return [*sentences, *_without_name(shape, measure, unnamed)]


def _by_name(
    shape: ResultShape, measure: int
) -> tuple[list[tuple[tuple[Cell, ...], float]], list[tuple[tuple[Cell, ...], float]]]:
    """Returns the rows that have a name, and those of an unknown group where others have one."""
    values = shape.values(measure)
    named = [pair for pair in values if any(pair[0][i] is not None for i in shape.dimensions)]
    if not named or not shape.dimensions:
        return values, []
    return named, [pair for pair in values if pair not in named]


def _without_name(
    shape: ResultShape, measure: int, rows: list[tuple[tuple[Cell, ...], float]]
) -> list[str]:
    if len(rows) != 1:
        return []
    label = shape.column(shape.dimensions[0]).label
    return [f"Where no {label} is recorded, it is {_amount(shape, measure, rows[0][1])}."]


def _last_of(shape: ResultShape, plan: Plan | None, *, descending: bool) -> str:
    """Returns what the last of a ranking is; nothing where values were merged or left out."""
    if shape.summary.roll_up:
        return ""
    if plan is not None and plan.limit:
        return f"last of the {plain_number(len(shape.summary.rows))}"
    return "lowest" if descending else "highest"


def _asks_lowest(plan: Plan | None) -> bool:
    order = _shown_order(plan)
    return order is not None and not order.descending


def _share(shape: ResultShape, measure: int, value: float, plan: Plan | None) -> str:
    column = shape.column(measure)
    if not shape.is_additive(measure) or column.total is None or column.unit == "%":
        return ""
    part, total = percent(100 * value / column.total), _amount(shape, measure, column.total)
    is_whole = plan is not None and plan.limit is None and not plan.having
    return f", {part} of the {total} {'over all groups' if is_whole else 'in this result'}"


def _followers(followers: list[str], opposite: str) -> list[str]:
    if not followers:
        return []
    following = followers[:_RUNNERS_UP]
    opening = f"{listed(following)} {'follows' if len(following) == 1 else 'follow'}"
    if len(followers) <= _RUNNERS_UP or not opposite:
        return [f"{opening}."]
    return [f"{opening}; the {opposite} is {followers[-1]}."]


def _other_measures(shape: ResultShape, told: int, row: tuple[Cell, ...], name: str) -> list[str]:
    rest = [measure for measure in shape.measures if measure != told]
    others = [
        f"{subject(shape.column(m))} is {_amount(shape, m, row[m])}"
        for m in rest[:3]
        if row[m] is not None
    ]
    return [f"For {name}, {listed(others)}."] if others else []


def _on_two_dimensions(shape: ResultShape, plan: Plan | None) -> list[str]:
    measure = shape.measures[0]
    if plan is not None and plan.limit_per_group:
        return _leaders_of_groups(shape, plan)
    is_course = shape.time is not None and len(shape.dimensions) == 2 and not shape.summary.roll_up
    courses = series_sentences(shape, measure, shape.categories[0]) if is_course else []
    return [*_leading_category(shape, measure, plan), *(courses or _extremes(shape, measure))]


def _leaders_of_groups(shape: ResultShape, plan: Plan) -> list[str]:
    """Names the first row of each group, in the order of the result."""
    measure, descending = shape.measures[0], not _asks_lowest(plan)
    group, *others = sorted(shape.dimensions)
    firsts: dict[Cell, tuple[tuple[Cell, ...], float]] = {}
    for row, value in shape.values(measure):
        firsts.setdefault(row[group], (row, value))
    column = shape.column(measure)
    told = [
        f"**{_row_name(shape, row, tuple(others))}** for {_name(shape, row, group)}"
        f" ({_amount(shape, measure, value)})"
        for row, value in list(firsts.values())[:_GROUPS_NAMED]
    ]
    return [f"The {extreme(column, highest=descending)}: {listed(told)}."]


def _extremes(shape: ResultShape, measure: int) -> list[str]:
    column, values = shape.column(measure), shape.values(measure)
    highest, lowest = (pick(values, key=lambda pair: pair[1]) for pick in (max, min))
    where = [_row_name(shape, row, shape.dimensions) for row, _ in (highest, lowest)]
    figures = [_amount(shape, measure, number) for _, number in (highest, lowest)]
    opening = "Of the values shown, the" if shape.summary.roll_up else "The"
    single = f"{opening} highest {column.label} is **{figures[0]}** ({where[0]})"
    if highest[1] == lowest[1] or shape.has_rest:
        return [f"{single}."]
    return [f"{single}; the lowest is {figures[1]} ({where[1]})."]


def _leading_category(shape: ResultShape, measure: int, plan: Plan | None) -> list[str]:
    """Names the category with the largest sum, where sums mean something."""
    if not shape.is_additive(measure) or len(shape.dimensions) != 2:
        return []
    by = shape.categories[0]
    sums: dict[Cell, float] = defaultdict(float)
    for row, value in shape.values(measure):
        sums[row[by]] += value
    leader = max(sums, key=lambda cell: sums[cell])
    name = value_text(leader, shape.column(by))
    most = extreme(shape.column(measure), highest=True)
    figure = f"**{_amount(shape, measure, sums[leader])}**"
    share = _share(shape, measure, sums[leader], plan)
    return [f"In all, **{name}** has the {most}: {figure}{share}."]


def _row_name(shape: ResultShape, row: tuple[Cell, ...], indices: tuple[int, ...]) -> str:
    return ", ".join(_name(shape, row, index) for index in indices)


def _name(shape: ResultShape, row: tuple[Cell, ...], index: int) -> str:
    """Bare numbers say what they are: `floor 7`, not `7`; years need not."""
    column = shape.column(index)
    name = value_text(row[index], column)
    is_bare = as_number(row[index]) is not None and column.part is None
    is_bare = is_bare and column.label.split()[-1:] != ["year"]
    return f"{column.label} {name}" if is_bare else name


def _amount(shape: ResultShape, measure: int, value: Cell) -> str:
    return amount(value, shape.column(measure))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
