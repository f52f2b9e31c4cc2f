"""Flips, how sure they are, and the gates that stand on them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import OperatorError
from evals.compare import compare
from evals.gates import Gates, broken_gates, load_gates, overcome_failures
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
