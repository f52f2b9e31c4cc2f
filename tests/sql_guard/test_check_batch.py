"""The batch form: one verdict a line, whatever a line does to the guard."""

import json
import multiprocessing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.guard import guard_app
from domain.errors import OperatorError
from sql_guard.check_batch import check_batch, read_schema

SCHEMA = {
    "default_catalog": "awsdatacatalog",
    "default_schema": "shop",
    "tables": {
        "shop.orders": {"columns": {"order_id": "BIGINT", "Total": "unknown"}},
        "sales.leads": {
            "columns": {"lead_id": "BIGINT", "email": "VARCHAR", "city": "VARCHAR"},
            "denied_columns": ["email"],
        },
    },
}


def _line(identity: object, sql: object, schema: object = None) -> str:
    request = {"id": identity, "sql": sql}
    return json.dumps(request if schema is None else {**request, "schema": schema})


def _in_one_line(sql: object) -> str:
    return " ".join(str(sql).split())


def test_each_line_gets_a_verdict_by_its_own_schema_or_the_common_one() -> None:
    lines = [
        _line(1, "SELECT total FROM orders"),
        _line("b", "SELECT email FROM sales.leads"),
        _line(3, "SELECT city, count(*) AS n FROM sales.leads GROUP BY city"),
        _line(4, "SELECT a FROM t", {"tables": {"t": {"columns": {"a": "int"}}}}),
        _line(5, "SELECT total FROM orders", {"tables": {}}),
        _line(6, "SELECT total FROM orders", {"tables": 1}),
        "no json",
        "[]",
        _line(9, 9),
        "",
        _line(10, "SELECT count(*) FROM leads"),
    ]  # fmt: skip
    results = list(check_batch(lines, read_schema(json.dumps(SCHEMA))))
    assert [(r["id"], r["verdict"], r["rules"]) for r in results] == [
        (1, "allow", []),
        ("b", "reject", ["denied_column", "listing_of_individuals"]),
        (3, "allow", []),
        (4, "allow", []),
        (5, "reject", ["table_not_allowed"]),
        (6, "reject", ["invalid_schema"]),
        (None, "reject", ["invalid_request"]),
        (None, "reject", ["invalid_request"]),
        (9, "reject", ["invalid_request"]),
        (10, "reject", ["table_not_allowed"]),
    ]
    assert _in_one_line(results[0]["sql"]) == (
        'SELECT "orders"."total" AS "total" FROM "orders" AS "orders" LIMIT 100000'
    )
    assert _in_one_line(results[2]["sql"]) == (
        'SELECT "leads"."city" AS "city", COUNT(*) AS "n" FROM "sales"."leads" AS "leads" '
        'GROUP BY "leads"."city" LIMIT 100000'
    )


def test_a_line_that_kills_the_guard_is_refused_and_the_next_is_judged() -> None:
    results = check_batch(
        [_line(n, "SELECT total FROM orders") for n in range(3)], read_schema(json.dumps(SCHEMA))
    )
    assert next(results)["verdict"] == "allow"
    for worker in multiprocessing.active_children():
        worker.kill()
        worker.join()
    assert next(results)["rules"] == ["guard_crashed"]
    assert next(results)["verdict"] == "allow"


def test_a_line_that_outlasts_the_guard_is_refused_and_the_next_is_judged() -> None:
    columns = {f"column_{n}": "varchar" for n in range(800_000)}
    slow = {"default_schema": "x", "tables": {"t": {"columns": columns}}}
    lines = [_line(1, "SELECT 1", slow), _line(2, "SELECT total FROM orders")]
    results = list(check_batch(lines, read_schema(json.dumps(SCHEMA)), seconds_per_statement=1.0))
    assert results[0]["rules"] == ["guard_timeout"]
    assert results[1]["verdict"] == "allow"


def test_a_wrong_schema_is_the_operators_to_mend() -> None:
    with pytest.raises(OperatorError):
        read_schema('{"tables": {"t": {"column": {}}}}')


def test_the_command_reads_and_writes_json_lines(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "in.jsonl").write_text(_line(1, "SELECT '\ud800'") + "\n" + _line(2, "SELECT 1"))
    outcome = CliRunner().invoke(
        guard_app,
        ["check", "--schema", str(tmp_path / "schema.json"), "--in", str(tmp_path / "in.jsonl"),
         "--out", str(tmp_path / "out.jsonl")],
    )  # fmt: skip
    assert outcome.exit_code == 0, outcome.output
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [result["verdict"] for result in results] == ["reject", "allow"]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(
        guard_app, ["check", "--in", str(tmp_path / "no"), "--out", str(tmp_path / "out")]
    )
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output
