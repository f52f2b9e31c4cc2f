"""Labels speak the dictionary's language."""

import pytest

from domain.dictionary import (
    ColumnEntry,
    ColumnRole,
    Dictionary,
    TableEntry,
)
from domain.metric import ActiveEntitiesFormula, Metric, RatioFormula
from domain.plan import ColumnReference, MeasureFunction
from planner.schema.labels import column_label, count_label, measure_label, metric_unit
from planner.schema.schema_index import SchemaIndex


def column(name: str, *synonyms: str, **more: object) -> ColumnEntry:
    fields = {"name": name, "type": "varchar", "synonyms": list(synonyms), **more}
    return ColumnEntry.model_validate(fields)


INDEX = SchemaIndex(
    Dictionary(
        source_name="harbour",
        tables=[
            TableEntry(
                name="port_calls",
                row_meaning="call",
                columns=[
                    column("dep_delay"),
                    column("sched_arr", "sched arr", "scheduled arrival"),
                    column("tzone", "local time", "time zone"),
                    column("fee_usd", "fee", unit="USD"),
                    column("moored_seconds", "time at berth", "moored", unit="second"),
                    column("imo_class", "IMO"),
                    column("type", role=ColumnRole.DIMENSION),
                    column("berth_name", role=ColumnRole.LABEL),
                    column("name", role=ColumnRole.LABEL),
                    column("skipper_id"),
                ],
            )
        ],
    )
)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("dep_delay", "departure delay"),
        ("sched_arr", "scheduled arrival"),
        ("tzone", "time zone"),
        ("fee_usd", "fee"),
        ("moored_seconds", "time at berth"),
        ("imo_class", "IMO class"),
        ("type", "call type"),
        ("berth_name", "berth"),
        ("name", "call"),
    ],
)
def test_columns_are_called_what_people_call_them(name: str, label: str) -> None:
    assert column_label(ColumnReference(table="port_calls", column=name), INDEX) == label


def test_measures_say_what_is_measured() -> None:
    def label(function: MeasureFunction, name: str) -> str:
        return measure_label(function, ColumnReference(table="port_calls", column=name), INDEX)

    assert label(MeasureFunction.AVERAGE, "dep_delay") == "average departure delay"
    assert label(MeasureFunction.COUNT_DISTINCT, "skipper_id") == "number of skippers"
    assert count_label(INDEX.tables["port_calls"]) == "number of calls"


def test_one_count_of_people_over_another_is_a_share() -> None:
    def active(grain: str) -> Metric:
        formula = {"table": "t", "entity_column": "e", "time_column": "d", "grain": grain}
        return Metric(
            name=grain, unit="person", formula=ActiveEntitiesFormula.model_validate(formula)
        )

    ratio = Metric(name="stickiness", formula=RatioFormula(numerator="day", denominator="month"))
    metrics = {m.name: m for m in (active("day"), active("month"), ratio)}
    assert metric_unit(ratio, metrics) == "share"
    assert metric_unit(metrics["day"], metrics) == "person"
