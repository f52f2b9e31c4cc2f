import asyncio
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from context_store.blob_store import PointerMovedError
from context_store.build_context import BuiltContext
from context_store.exchange import export_yaml, import_yaml
from context_store.keep_reviewed import decided_pii, keep_reviewed
from context_store.lines import (
    Line,
    LineError,
    LineKey,
    LineValue,
    line,
    lines_under,
    with_lines,
)
from context_store.rebuild import BuildOptions, BuildOutcome, rebuild
from context_store.review import ContextReview, LineFilter
from context_store.sheet import export_sheet, import_sheet
from context_store.store import ContextStore
from context_store.version_files import write_version
from domain.dictionary import (
    Dictionary,
    PiiKind,
    VerifiedQuery,
)
from domain.metric import AggregateFormula, Metric
from domain.provenance import LineSource, Provenance
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

DAY = date(2026, 11, 26)
AMOUNT = LineKey("orders", "amount_inr", "description")


def on_day() -> date:
    return DAY


@pytest.fixture
def store(built: BuiltContext, tmp_path: Path) -> ContextStore:
    store = ContextStore(tmp_path / "context")
    store.save(built.dictionary, built.values)
    return store


@pytest.fixture
def review(store: ContextStore) -> ContextReview:
    return ContextReview(store, on_day)


def build_file(file: Path, store: ContextStore) -> BuildOutcome:
    warehouse = open_warehouse(f"duckdb:///{file}", Settings(), None)

    async def run() -> BuildOutcome:
        try:
            return await rebuild(warehouse, store, BuildOptions("shop"), lambda _: None)
        finally:
            await warehouse.close()

    return asyncio.run(run())


def test_an_approved_line_carries_who_and_when(review: ContextReview, store: ContextStore) -> None:
    before = line(store.current().dictionary, AMOUNT)
    assert before.provenance.source is LineSource.PROFILE
    review.approve([AMOUNT], "Asha")
    after = line(store.current().dictionary, AMOUNT)
    assert after.value == before.value
    assert (after.provenance.reviewer, after.provenance.on) == ("Asha", DAY)
    assert after.provenance.confidence == 1
    assert line(store.current().dictionary, LineKey("orders", "amount_inr", "unit")).provenance == (
        before.provenance
    )
    assert [entry.by for entry in store.history()] == ["", "Asha"]


def test_a_line_that_nobody_stands_for_is_turned_down(review: ContextReview) -> None:
    with pytest.raises(LineError):
        review.approve([AMOUNT], "  ")
    with pytest.raises(LineError, match="no column nothing"):
        review.approve([LineKey("orders", "nothing", "description")], "Asha")
    with pytest.raises(LineError, match="no line"):
        review.correct(LineKey("orders", "amount_inr", "type"), "text", "Asha")
    with pytest.raises(LineError, match="additive"):
        review.correct(LineKey("orders", "amount_inr", "additive"), "perhaps", "Asha")


def test_lines_are_listed_by_table_and_review(review: ContextReview) -> None:
    everything = review.list_lines(LineFilter(table="orders"))
    assert {one.key.table for one in everything} == {"orders"}
    review.approve([AMOUNT], "Asha")
    left = review.list_lines(LineFilter(table="orders", only_unreviewed=True))
    assert len(left) == len(everything) - 1
    assert review.list_lines(LineFilter(table="orders"), offset=1, limit=2) == everything[1:3]


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_an_export_comes_back_without_a_change(
    review: ContextReview, store: ContextStore, form: str
) -> None:
    review.correct(LineKey("orders", "branch", "value_labels"), {"in": "India, main"}, "Asha")
    review.correct(LineKey("orders", "amount_inr", "description"), "=1+1 is no formula", "Asha")
    dictionary = store.current().dictionary
    text = export_yaml(dictionary) if form == "yaml" else export_sheet(dictionary)
    read = import_yaml if form == "yaml" else import_sheet
    assert read(text, dictionary, "Asha", DAY) == []
    assert review.import_file(f"x.{form}", text, "Asha") == (dictionary.version, [])


def test_an_edited_export_changes_what_was_edited(
    review: ContextReview, store: ContextStore
) -> None:
    content = yaml.safe_load(export_yaml(store.current().dictionary))
    content["tables"]["orders"]["columns"]["amount_inr"]["synonyms"] = ["turnover"]
    content["business_rules"] = ["Cancelled orders do not count."]
    _, taken = review.import_file("x.yaml", yaml.safe_dump(content), "Ravi")
    assert [str(one.key) for one in taken] == ["business_rules", "orders.amount_inr.synonyms"]
    column = store.current().dictionary.tables_named(["orders"])[0].column("amount_inr")
    assert column is not None
    assert column.synonyms == ["turnover"]
    assert column.provenance("synonyms").source is LineSource.IMPORT
    assert column.provenance("synonyms").reviewer == "Ravi"
    with pytest.raises(LineError, match="no table sales"):
        review.import_file("x.yaml", "tables: {sales: {description: x}}", "Ravi")
    with pytest.raises(LineError, match="no YAML"):
        review.import_file("x.yaml", "a: [", "Ravi")


def test_a_line_of_a_person_survives_every_later_build(tmp_path: Path) -> None:
    file, store = tmp_path / "shop.duckdb", ContextStore(tmp_path / "context")
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE orders (id BIGINT, amount DOUBLE, remark VARCHAR)")
        connection.execute("INSERT INTO orders SELECT i, i, 'r' || i % 3 FROM range(100) t(i)")
    build_file(file, store)
    review = ContextReview(store, on_day)
    review.correct(LineKey("orders", "amount", "description"), "Net of GST.", "Asha")
    review.reject([LineKey("orders", "id", "description")], "Asha")
    review.correct(LineKey("orders", "remark", "pii"), "free_text", "Asha")
    review.correct(LineKey("", "", "domain_context"), "Orders of a shop.", "Asha")
    assert "remark" not in store.values(store.pointer().version).get("orders", {})
    with duckdb.connect(str(file)) as connection:
        connection.execute("ALTER TABLE orders ADD COLUMN city VARCHAR")
    outcome = build_file(file, store)
    dictionary = store.current().dictionary
    orders = dictionary.table("orders")
    assert orders is not None
    found = {column.name: column for column in orders.columns}
    assert found["amount"].description == "Net of GST."
    assert found["id"].description == ""
    assert (found["remark"].pii, found["remark"].top_values) == (PiiKind.FREE_TEXT, [])
    assert dictionary.domain_context == "Orders of a shop."
    assert outcome.drift is not None
    assert [change.kind for change in outcome.drift.changes] == ["column_added"]
    with duckdb.connect(str(file)) as connection:
        connection.execute("ALTER TABLE orders DROP COLUMN amount")
    assert [str(one.key) for one in build_file(file, store).lost_lines] == [
        "orders.amount.description"
    ]


def test_drift_names_codes_lines_and_queries(store: ContextStore, built: BuiltContext) -> None:
    review = ContextReview(store, on_day)
    review.correct(LineKey("orders", "branch", "value_labels"), {"in": "India"}, "Asha")
    query = VerifiedQuery(
        question="Orders of India?", sql="SELECT COUNT(*) FROM orders WHERE branch = 'in'"
    )
    old = store.current().dictionary.model_copy(update={"verified_queries": [query]})
    before = store.save(old, built.values)
    store.save(with_new_code(old), built.values)
    report = review.drift()
    assert report.before == before
    (change,) = [one for one in report.changes if one.kind == "new_codes"]
    assert (change.table, change.column, change.after) == ("orders", "branch", "xx")
    assert change.reviewed_lines == ("orders.branch.value_labels",)
    assert change.queries == ("Orders of India?",)
    review.approve([AMOUNT], "Asha")
    assert change in review.drift().changes, "an edit since the build hides nothing"


def with_new_code(dictionary: Dictionary) -> Dictionary:
    tables = []
    for table in dictionary.tables:
        columns = []
        for column in table.columns:
            if (table.name, column.name) == ("orders", "branch"):
                extra = column.top_values[0].model_copy(update={"value": "xx"})
                column = column.model_copy(update={"top_values": [*column.top_values, extra]})
            columns.append(column)
        tables.append(table.model_copy(update={"columns": columns}))
    return dictionary.model_copy(update={"tables": tables})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (AMOUNT, "Turnover before tax."),
        (LineKey("orders", "branch", "synonyms"), ["outlet"]),
        (LineKey("orders", "branch", "value_labels"), {"in": "Indore"}),
        (LineKey("products", "title", "pii"), "name"),
        (LineKey("orders", "amount_inr", "additive"), False),
    ],
)
def test_an_edited_version_is_indexed_as_if_it_were_built(
    review: ContextReview, store: ContextStore, tmp_path: Path, key: LineKey, value: LineValue
) -> None:
    edited = review.correct(key, value, "Asha")
    files = write_version(store.current().dictionary, store.values(edited))
    (index,) = (tmp_path / "context" / "versions").glob(f"{edited}.index-*")
    assert index.read_bytes() == files.index
    assert files.manifest.version == edited


def test_an_edit_goes_on_from_the_newest_version(store: ContextStore) -> None:
    one, two = ContextReview(store, on_day), ContextReview(ContextStore(store.location), on_day)
    one.approve([AMOUNT], "Asha")
    two.approve([LineKey("orders", "branch", "description")], "Ravi")
    dictionary = store.current().dictionary
    assert line(dictionary, AMOUNT).provenance.reviewer == "Asha"
    seen = store.pointer()
    one.approve([LineKey("orders", "", "description")], "Asha")
    with pytest.raises(PointerMovedError):
        store.save(dictionary, {}, expected=seen)


def test_lines_are_found_under_a_name(store: ContextStore) -> None:
    dictionary = store.current().dictionary
    assert lines_under(dictionary, "orders.amount_inr.description") == [AMOUNT]
    assert AMOUNT in lines_under(dictionary, "ORDERS")
    assert lines_under(dictionary, "domain_context") == [LineKey("", "", "domain_context")]
    assert lines_under(dictionary, "nowhere") == []


def test_a_line_of_a_model_stays_until_there_is_a_better_one(
    store: ContextStore, built: BuiltContext
) -> None:
    by = Provenance(source=LineSource.MODEL, confidence=0.7, on=DAY)
    written = with_lines(built.dictionary, [Line(AMOUNT, "Order value.", by)])
    merged, lost = keep_reviewed(written, built.dictionary)
    assert line(merged, AMOUNT).value == "Order value."
    better = Provenance(source=LineSource.IMPORT, confidence=1)
    imported = with_lines(built.dictionary, [Line(AMOUNT, "Net value.", better)])
    assert line(keep_reviewed(written, imported)[0], AMOUNT).value == "Net value."
    assert lost == []


def test_a_build_without_the_business_file_keeps_what_came_from_it(
    built: BuiltContext,
) -> None:
    by = Provenance(source=LineSource.IMPORT, confidence=1)
    secret = LineKey("orders", "branch", "pii")
    formula = AggregateFormula(table="orders", expression="SUM(amount_inr)")
    lines = [Line(AMOUNT, "Net value.", by), Line(secret, "identifier", by)]
    old = with_lines(built.dictionary, lines).model_copy(
        update={"metrics": [Metric(name="revenue", formula=formula)]}
    )
    kept, _ = keep_reviewed(old, built.dictionary, with_imports=True)
    assert line(kept, AMOUNT).value == "Net value."
    assert line(kept, secret).value is PiiKind.IDENTIFIER
    assert [metric.name for metric in kept.metrics] == ["revenue"]
    assert decided_pii(old, with_imports=True) == {("orders", "branch"): PiiKind.IDENTIFIER}
    renewed, _ = keep_reviewed(old, built.dictionary)
    assert line(renewed, AMOUNT) == line(built.dictionary, AMOUNT)
    assert renewed.metrics == []
    assert decided_pii(old, with_imports=False) == {}
