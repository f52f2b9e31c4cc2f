"""Gates: what a run has to hold before a change may go out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import OperatorError
from evals.compare import Comparison
from evals.result import SampleResult


class PairedGates(BaseModel):
    """What holds against an earlier run. None: not looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    new_failures: int | None = Field(default=None, ge=0)
    """At most so many samples may fail that passed before."""
    significance: float | None = Field(default=None, gt=0, lt=1)
    """A loss is turned down where McNemar's p is below this."""
    latency_ratio: float | None = Field(default=None, gt=0)
    """Median of B over median of A."""
    cost_ratio: float | None = Field(default=None, gt=0)


class Gates(BaseModel):
    """The rules of one `gates.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pass_rate: dict[str, float] = Field(default_factory=dict)
    """Suite -> share of samples that must pass."""
    scorers: dict[str, float] = Field(default_factory=dict)
    """Scorer -> share of its scores that must pass."""
    known_failures: dict[str, str] | None = None
    """`suite/sample` -> why it fails today. Where given, any other failure is turned down."""
    paired: PairedGates = PairedGates()


def load_gates(path: Path) -> Gates:
    """Reads a gates file."""
    try:
        return Gates.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise OperatorError(f"The gates {path} cannot be read: {error}") from error


def broken_gates(
    gates: Gates, results: Sequence[SampleResult], comparison: Comparison | None = None
) -> list[str]:
    """Returns a sentence for each rule that does not hold."""
    found = [*_pass_rates(gates, results), *_scorers(gates, results), *_unknown(gates, results)]
    return [*found, *(_paired(gates.paired, comparison) if comparison else ())]


def overcome_failures(gates: Gates, results: Sequence[SampleResult]) -> list[str]:
    """Returns known failures that pass now: they may leave the list."""
    passed = {r.key for r in results} - {r.key for r in results if not r.passed}
    return sorted(set(gates.known_failures or {}) & passed)


def renew_gates(path: Path, overcome: Sequence[str]) -> None:
    """Takes known failures off the list of a gates file; its other lines stay as they are."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    names = tuple(f"{key}:" for key in overcome)
    kept = [line for line in lines if not line.strip().startswith(names)] if names else lines
    text = "".join(kept)
    if overcome and _listed(text) & set(overcome):
        raise OperatorError(f"{path} writes known failures in another form.", "Edit it by hand.")
    path.write_text(text, encoding="utf-8")


def _listed(text: str) -> set[str]:
    """Returns the names that a gates file lists as known failures."""
    return set(Gates.model_validate(yaml.safe_load(text) or {}).known_failures or {})


def _pass_rates(gates: Gates, results: Sequence[SampleResult]) -> Iterator[str]:
    for suite, wanted in gates.pass_rate.items():
        some = [result.passed for result in results if result.suite == suite]
        if some and sum(some) / len(some) < wanted:
            yield f"{suite} passes {sum(some) / len(some):.1%}, not {wanted:.1%}"


def _scorers(gates: Gates, results: Sequence[SampleResult]) -> Iterator[str]:
    judged: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for score in (s for result in results for step in result.steps for s in step.scores):
        judged[score.scorer] += 1
        passed[score.scorer] += score.passed
    for scorer, wanted in gates.scorers.items():
        count = judged[scorer]
        if count and passed[scorer] / count < wanted:
            yield f"{scorer} passes {passed[scorer]} of {count}, not {wanted:.1%}"


def _unknown(gates: Gates, results: Sequence[SampleResult]) -> Iterator[str]:
    if gates.known_failures is None:
        return
    for result in results:
        if not result.passed and result.key not in gates.known_failures:
            yield f"{result.key} fails: {result.reason}"


def _paired(gates: PairedGates, comparison: Comparison) -> Iterator[str]:
    losses, gains = len(comparison.lost), len(comparison.won)
    if gates.new_failures is not None and losses > gates.new_failures:
        names = ", ".join(pair.key for pair in comparison.lost[:5])
        yield f"{losses} samples fail that passed before (at most {gates.new_failures}): {names}"
    if gates.significance is not None and losses > gains and comparison.p < gates.significance:
        yield f"the loss is significant: {losses} lost, {gains} won, p = {comparison.p:.3g}"
    for name, ratio, wanted in (
        ("median time", comparison.latency_ratio, gates.latency_ratio),
        ("cost", comparison.cost_ratio, gates.cost_ratio),
    ):
        if wanted is not None and ratio is not None and ratio > wanted:
            yield f"{name} is {ratio:.2f} times that of before (at most {wanted:g})"
