"""A gold that is broken in one way or another is flagged; a sound one is not."""

from pathlib import Path

import duckdb
import pytest
import yaml

from evals.audit.finding import SERIOUS, Finding
from evals.audit.run_audit import audit_suite
from evals.suite_file import LoadedSuite, load_suite
from settings.settings import Settings

_SOUND = "SELECT count(*) FROM orders WHERE amount > 12"


def _suite(folder: Path, *golds: str | list[str], **fields: object) -> LoadedSuite:
    samples = [
        {"id": f"s{n}", "question": f"Question {n}?", "gold": gold, **fields}
        for n, gold in enumerate(golds)
    ]
    path = folder / "suite.yaml"
    path.write_text(yaml.safe_dump({"name": "suite", "source": "shop", "samples": samples}))
    return load_suite(str(path))


async def _audit(loaded: LoadedSuite, settings: Settings, *, accept: bool = False) -> list[Finding]:
    return await audit_suite(loaded, {"shop": settings}, lambda _: None, accept=accept)


@pytest.mark.parametrize(
    ("gold", "kind", "detail"),
    [
        ("SELECT count(*) FROM orders WHERE amont > 12", "broken", "amont"),
        ("SELECT order_id FROM orders WHERE amount > 99", "empty", "empty"),
        ("SELECT max(amount) FROM orders WHERE amount > 99", "empty", "empty"),
        ("SELECT count(*) FROM orders WHERE amount > 99", "empty", "zero"),
        ("SELECT order_id FROM orders LIMIT 3", "nondeterministic", "LIMIT without"),
        ("SELECT count(*) FROM orders WHERE random() < 0.5", "nondeterministic", "RANDOM"),
        ("SELECT count(*) FROM orders WHERE order_date < today()", "nondeterministic", "DATE"),
        (
            "SELECT city FROM customers GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
            "ambiguous",
            "ties",
        ),
        ("SELECT count(*) FROM orders WHERE amount > 3 AND product_id < 3", "weak", "amount > 3"),
    ],
)
async def test_each_fault_is_named(
    gold: str, kind: str, detail: str, shop_settings: Settings, tmp_path: Path
) -> None:
    findings = await _audit(_suite(tmp_path, gold, _SOUND), shop_settings)
    assert {finding.sample for finding in findings} == {"suite/s0"}
    assert [f for f in findings if f.kind == kind and detail.lower() in f.detail.lower()]
    assert any(f.kind in SERIOUS for f in findings) is (kind != "weak")


@pytest.mark.parametrize(
    ("gold", "kind"),
    [
        ("SELECT city FROM customers GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1", "ambiguous"),
        (
            "SELECT COUNT(*) FROM orders WHERE date_diff('day', order_date, current_date) > 0",
            "nondeterministic",
        ),
        (
            "SELECT COUNT(*) FROM orders WHERE order_date >= DATE '2026-01-01'"
            " AND date_format(order_date, '%Y-%m') = '2026-02'",
            "weak",
        ),
    ],
)
async def test_gold_in_athena_sql_is_held_to_the_same(
    gold: str, kind: str, shop_settings: Settings, tmp_path: Path
) -> None:
    sound = "SELECT COUNT(*) FROM orders WHERE date_format(order_date, '%Y-%m') = '2026-02'"
    findings = await _audit(_suite(tmp_path, gold, sound, dialect="athena"), shop_settings)
    assert {(finding.sample, finding.kind) for finding in findings} >= {("suite/s0", kind)}
    assert not any(finding.sample == "suite/s1" for finding in findings)


async def test_order_that_ties_decide_is_ambiguous_only_where_order_counts(
    shop_settings: Settings, tmp_path: Path
) -> None:
    gold = "SELECT product_name, category FROM products ORDER BY category"
    assert await _audit(_suite(tmp_path, gold), shop_settings) == []
    [finding] = await _audit(_suite(tmp_path, gold, ordered=True), shop_settings)
    assert finding.kind == "ambiguous"


async def test_redundant_and_contradicting_golds(shop_settings: Settings, tmp_path: Path) -> None:
    loaded = _suite(tmp_path, [_SOUND, f"{_SOUND} AND 1 = 1"], "SELECT 7", question="Same?")
    kinds = {finding.kind for finding in await _audit(loaded, shop_settings)}
    assert {"redundant", "ambiguous"} <= kinds


async def test_gold_is_stale_once_the_data_has_changed(
    shop_settings: Settings, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT range AS amount FROM range(20)) TO '{data}/orders.parquet'"
        )
        settings = shop_settings.model_copy(update={"warehouse": f"duckdb://{data}"})
        loaded = _suite(tmp_path, _SOUND)
        assert await _audit(loaded, settings, accept=True) == []
        assert await _audit(loaded, settings) == []
        connection.execute(
            f"COPY (SELECT range AS amount FROM range(30)) TO '{data}/orders.parquet'"
        )
    [finding] = await _audit(loaded, settings)
    assert finding.kind == "stale"
