"""What is asked of both engines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
import yaml
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.canonicalize import canonicalize
from sqlglot.optimizer.qualify import qualify

from domain.catalog import Catalog
from tests.conftest import REPOSITORY

RECORDED = REPOSITORY.parent / "shared" / "trino" / "tpc.jsonl"
_QUESTIONS = REPOSITORY / "tests" / "questions"
_SUITES = REPOSITORY / "evals" / "suites"
_DEFAULT_SOURCE = "vtion"


@dataclass(frozen=True)
class Statement:
    """SQL, the data it is about, and a name for reports."""

    name: str
    source: str
    sql: str


def tpc_statements() -> list[Statement]:
    """Returns the public TPC queries; none where they do not lie beside the repository."""
    if not RECORDED.exists():
        return []
    lines = map(json.loads, RECORDED.read_text(encoding="utf-8").splitlines())
    return [Statement(line["id"], line["suite"], line["sql"]) for line in lines]


def questions() -> list[tuple[str, str]]:
    """Returns source and text of every question that tests and the core suites ask."""
    asked = [
        (source, case["question"])
        for source in ("vtion", "nycflights13")
        for case in _read(_QUESTIONS / f"{source}.yaml")
    ]
    asked += [(source, sample["question"]) for source, sample in _samples()]
    return list(dict.fromkeys(asked))


def golds() -> list[Statement]:
    """Returns the core suites' own SQL, in DuckDB's dialect."""
    return [
        Statement(f"{sample['id']}-{number}", source, sql)
        for source, sample in _samples()
        for number, sql in enumerate(_golds(sample))
    ]


def as_trino(sql: str, catalog: Catalog) -> str:
    """Returns DuckDB's SQL in Trino's dialect: texts that stand for dates become dates."""
    schema: dict[str, object] = {
        table.name: {c.name: c.type for c in table.columns} for table in catalog.tables
    }
    tree = sqlglot.parse_one(sql, read="duckdb").transform(_without_between)
    qualified = qualify(
        tree,
        schema=schema,
        dialect="duckdb",
        expand_stars=False,
        expand_alias_refs=False,
        validate_qualify_columns=False,
        quote_identifiers=False,
        identify=False,
    )
    typed = annotate_types(qualified, schema=schema, dialect="duckdb")
    return canonicalize(typed, dialect="duckdb").sql("trino")


def _without_between(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Between):
        return node
    low = exp.GTE(this=node.this.copy(), expression=node.args["low"])
    return exp.paren(exp.and_(low, exp.LTE(this=node.this, expression=node.args["high"])))


def _golds(sample: dict[str, Any]) -> list[str]:
    gold = sample.get("gold") or []
    return [gold] if isinstance(gold, str) else gold


def _samples() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(_SUITES.glob("core*.yaml")):
        suite = _read(file)
        default = suite.get("source", _DEFAULT_SOURCE)
        for sample in suite["samples"]:
            yield sample.get("source", default), sample


def _read(file: Path) -> Any:  # noqa: ANN401 - YAML
    return yaml.safe_load(file.read_text(encoding="utf-8"))
