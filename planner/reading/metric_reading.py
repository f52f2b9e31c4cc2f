"""Which names of a reading are metrics of the dictionary, and what they measure."""

from domain.plan import Measure, MeasureFunction
from planner.linking.mention import Mention
from planner.reading.reading import Item, Reading, Reference
from planner.schema.binding_errors import UnreadableError
from planner.schema.labels import metric_unit
from planner.schema.schema_index import SchemaIndex

_SURE = 0.95
_SURE_ALONE = 0.9
"""The same, where nothing else is called so."""
_OF_ROWS = (
    MeasureFunction.AVERAGE,
    MeasureFunction.MEDIAN,
    MeasureFunction.MINIMUM,
    MeasureFunction.MAXIMUM,
)


def mark_metrics(reading: Reading) -> None:
    """Makes items and ranks that name a metric measure it."""
    items = [*reading.items, *(count.item for count in reading.counts)]
    items += [rank.item for rank in reading.ranks if rank.item is not None]
    for item in items:
        mark_metric(item)
    for rank in reading.ranks:
        if rank.reference is not None and means_metric(rank.reference.mention, None):
            rank.item = Item(rank.reference, MeasureFunction.METRIC, position=rank.position)
            rank.reference = None


def mark_metric(item: Item) -> None:
    """Makes an item that names a metric measure it."""
    told = item.reference is not None and item.sides is None
    if told and item.reference is not None and means_metric(item.reference.mention, item.function):
        item.function = MeasureFunction.METRIC


def means_metric(mention: Mention, function: MeasureFunction | None) -> bool:
    """True for a metric's name. One that a table or column bears just as well is theirs."""
    metric, column = mention.best("metric"), mention.best("column")
    sure = _SURE if max(column, mention.best("table")) > 0 else _SURE_ALONE
    if metric < sure or metric <= mention.best("table") or metric < column:
        return False
    return not (function in _OF_ROWS and column > 0)


def measure_metric(reference: Reference, index: SchemaIndex) -> Measure:
    """Returns the measure of the metric that is named. Raises UnreadableError for two of them."""
    targets = [t for t in reference.mention.of_kind("metric") if t.score >= _SURE_ALONE]
    named = {target.column for target in targets}
    if len(named) != 1:
        text = reference.mention.text
        raise UnreadableError(f"{text} may mean {' or '.join(sorted(named))}.", (text,))
    metric = index.metrics[named.pop()]
    return Measure(
        function=MeasureFunction.METRIC,
        metric=metric.name,
        table=index.metric_table(metric),
        label=metric.name,
        unit=metric_unit(metric, index.metrics),
    )
