"""Flips, how sure they are, and the gates that stand on them."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from domain.errors import OperatorError
from evals.compare import compare
from evals.gates import Gates, broken_gates, load_gates, overcome_failures
from evals.print_comparison import print_comparison
from evals.result import SampleResult
from evals.significance import bootstrap_interval, mcnemar_p
from tests.evals.made import sample_result


def test_flips_are_told_by_direction_and_tag() -> None:
    before = [sample_result("a", passed=True, tags=("x",)), sample_result("b", passed=False)]
    after = [sample_result("a", passed=False, tags=("x",)), sample_result("b", passed=True)]
    found = compare(before, [*after, sample_result("c", passed=True)])
    assert [pair.key for pair in found.lost] == ["core/a"]
    assert [pair.key for pair in found.won] == ["core/b"]
    assert found.only_after == ("core/c",)
    assert [(d.tag, d.lost, d.won) for d in found.by_tag()] == [("x", 1, 0)]


def test_repeats_count_by_majority() -> None:
    before = [sample_result("a", passed=True, repeat=n) for n in range(3)]
    after = [sample_result("a", passed=n == 0, repeat=n) for n in range(3)]
    found = compare(before, after)
    assert len(found.lost) == 1
    assert found.pairs[0].difference == pytest.approx(-2 / 3)


def _timed(result: SampleResult, **timings: float) -> SampleResult:
    step = result.steps[0].model_copy(update={"timings_ms": timings})
    return result.model_copy(update={"steps": (step,)})


def test_time_is_told_by_node_and_cost_by_tag() -> None:
    def run(cost: float, execute: float) -> list[SampleResult]:
        dear = sample_result("a", passed=True, tags=("join",), cost=cost)
        cheap = sample_result("b", passed=True, tags=("count",), cost=0.01)
        return [_timed(dear, draft_sql=10, execute_sql=execute), _timed(cheap, draft_sql=30)]

    found = compare(run(cost=0.02, execute=100), run(cost=0.05, execute=160))
    nodes = [(d.node, d.samples, d.ms_before, d.ms_after, d.share_after) for d in found.by_node()]
    assert nodes == [("execute_sql", 1, 100, 160, 0.8), ("draft_sql", 2, 20, 20, 0.2)]
    costs = {d.tag: round(d.cost_after - d.cost_before, 6) for d in found.by_tag()}
    assert costs == {"join": 0.03, "count": 0.0}
    console = Console(width=100, record=True, file=io.StringIO())
    print_comparison(console, found)
    lines = console.export_text().splitlines()
    [join] = [line for line in lines if "join" in line]
    assert "+0.0300" in join
    [execute] = [line for line in lines if "execute_sql" in line]
    assert "x 1.60" in execute
    assert not any("count" in line for line in lines)


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (8, 2, 0.109375)],
)
def test_mcnemar_is_the_exact_binomial(lost: int, won: int, p: float) -> None:
    assert mcnemar_p(lost, won) == pytest.approx(p)
    assert mcnemar_p(won, lost) == pytest.approx(p)


@settings(deadline=None)
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=40))
def test_the_interval_holds_the_mean(differences: list[float]) -> None:
    low, high = bootstrap_interval(differences)
    assert low <= sum(differences) / len(differences) <= high


def test_each_gate_says_why_it_does_not_hold() -> None:
    before = [sample_result(f"s{n}", passed=True, ms=100, cost=1) for n in range(10)]
    after = [sample_result(f"s{n}", passed=n > 5, ms=300, cost=2) for n in range(10)]
    gates = Gates.model_validate(
        {
            "pass_rate": {"core": 0.9},
            "scorers": {"execution": 0.95},
            "known_failures": {f"core/s{n}": "known" for n in [*range(1, 6), 8]},
            "paired": {
                "new_failures": 0,
                "significance": 0.05,
                "latency_ratio": 2,
                "cost_ratio": 1.5,
            },
        }
    )
    reasons = broken_gates(gates, after, compare(before, after))
    said = "\n".join(reasons)
    for words in ("core passes 40.0%", "4 of 10", "core/s0 fails", "6 samples fail", "p = 0.0312"):
        assert words in said
    assert "median time is 3.00" in said
    assert "cost is 2.00" in said
    assert len(reasons) == 7
    assert overcome_failures(gates, after) == ["core/s8"]
    assert broken_gates(gates, before, compare(before, before)) == []


def test_the_shipped_gates_can_be_read_and_wrong_ones_are_named(tmp_path: Path) -> None:
    assert load_gates(Path("evals/gates.yaml")).known_failures
    path = tmp_path / "gates.yaml"
    path.write_text("pass_rates: {core: 1}")
    with pytest.raises(OperatorError, match="pass_rates"):
        load_gates(path)
