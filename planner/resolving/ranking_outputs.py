"""Shows what a plan ranks or filters groups by: a name alone says little to an analyst."""

from typing import Literal

from domain.plan import Output, Plan


def show_ranking(plan: Plan) -> Plan:
    """Returns the plan with its hidden measures, and columns it sorts by, shown at the end."""
    if plan.combination is not None:
        return plan
    outputs, columns = list(plan.outputs), list(plan.columns)
    shown = {(output.kind, output.index) for output in outputs}
    for index, measure in enumerate(plan.measures):
        if ("measure", index) not in shown:
            outputs.append(_output("measure", index, measure.label, outputs))
    is_listing = plan.is_listing or (plan.limit_per_group and not plan.measures)
    for order in plan.order if is_listing else ():
        if order.column is not None and order.column not in columns:
            columns.append(order.column)
            outputs.append(_output("column", len(columns) - 1, order.column.column, outputs))
    return plan.model_copy(update={"outputs": tuple(outputs), "columns": tuple(columns)})


def _output(
    kind: Literal["measure", "column"], index: int, label: str, others: list[Output]
) -> Output:
    name = "_".join(label.lower().split())
    taken = {output.name for output in others}
    return Output(kind=kind, index=index, name=f"{name}_{index}" if name in taken else name)
