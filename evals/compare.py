"""Two runs over the same samples: what flipped, and what it cost."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evals.result import SampleResult
from evals.significance import bootstrap_interval, mcnemar_p


@dataclass(frozen=True, slots=True)
class Pair:
    """One sample in both runs. With repeats, it passes where most of them do."""

    key: str
    tags: tuple[str, ...]
    before: tuple[SampleResult, ...]
    after: tuple[SampleResult, ...]

    @property
    def passed_before(self) -> bool:
        """In run A."""
        return _mostly(self.before)

    @property
    def passed_after(self) -> bool:
        """In run B."""
        return _mostly(self.after)

    @property
    def difference(self) -> float:
        """Share of repeats that pass in B, less that in A."""
        return _share(self.after) - _share(self.before)


@dataclass(frozen=True, slots=True)
class TagDelta:
    """How the samples of one tag fared."""

    tag: str
    samples: int
    before: float
    after: float
    lost: int
    won: int
    ms_before: float
    """Median of a sample."""
    ms_after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A against B over the samples that both have."""

    pairs: tuple[Pair, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def lost(self) -> list[Pair]:
        """Passed in A, fail in B."""
        return [pair for pair in self.pairs if pair.passed_before and not pair.passed_after]

    @property
    def won(self) -> list[Pair]:
        """Failed in A, pass in B."""
        return [pair for pair in self.pairs if pair.passed_after and not pair.passed_before]

    @property
    def p(self) -> float:
        """McNemar's exact two-sided p of the flips."""
        return mcnemar_p(len(self.lost), len(self.won))

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the change of the share that passes."""
        return bootstrap_interval([pair.difference for pair in self.pairs])

    @property
    def share_before(self) -> float:
        """Part of the samples that pass in A."""
        return _rate([pair.passed_before for pair in self.pairs])

    @property
    def share_after(self) -> float:
        """Part of the samples that pass in B."""
        return _rate([pair.passed_after for pair in self.pairs])

    @property
    def latency(self) -> tuple[float, float]:
        """Median milliseconds of a sample, in A and B."""
        before = [result.duration_ms for pair in self.pairs for result in pair.before]
        after = [result.duration_ms for pair in self.pairs for result in pair.after]
        return (median(before) if before else 0.0, median(after) if after else 0.0)

    @property
    def latency_ratio(self) -> float | None:
        """B over A; None where A took no time."""
        before, after = self.latency
        return after / before if before else None

    @property
    def cost(self) -> tuple[float, float]:
        """US dollars of all samples, in A and B."""
        before = sum(result.cost_usd for pair in self.pairs for result in pair.before)
        return before, sum(result.cost_usd for pair in self.pairs for result in pair.after)

    @property
    def cost_ratio(self) -> float | None:
        """B over A; None where A cost nothing."""
        before, after = self.cost
        return after / before if before else None

    def by_tag(self) -> list[TagDelta]:
        """Returns a line a tag, those that changed most first."""
        groups: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            for tag in pair.tags:
                groups[tag].append(pair)
        deltas = [_delta(tag, group) for tag, group in groups.items()]
        return sorted(deltas, key=lambda d: (-abs(d.lost - d.won), -d.samples, d.tag))


def compare(before: Sequence[SampleResult], after: Sequence[SampleResult]) -> Comparison:
    """Pairs the samples of two runs."""
    left, right = _by_key(before), _by_key(after)
    pairs = [
        Pair(key, right[key][0].tags, tuple(left[key]), tuple(right[key]))
        for key in sorted(left)
        if key in right
    ]
    return Comparison(
        tuple(pairs),
        tuple(key for key in left if key not in right),
        tuple(key for key in right if key not in left),
    )


def _by_key(results: Sequence[SampleResult]) -> dict[str, list[SampleResult]]:
    groups: dict[str, list[SampleResult]] = defaultdict(list)
    for result in results:
        groups[result.key].append(result)
    return groups


def _delta(tag: str, pairs: list[Pair]) -> TagDelta:
    return TagDelta(
        tag=tag,
        samples=len(pairs),
        before=_rate([pair.passed_before for pair in pairs]),
        after=_rate([pair.passed_after for pair in pairs]),
        lost=sum(pair.passed_before and not pair.passed_after for pair in pairs),
        won=sum(pair.passed_after and not pair.passed_before for pair in pairs),
        ms_before=median(result.duration_ms for pair in pairs for result in pair.before),
        ms_after=median(result.duration_ms for pair in pairs for result in pair.after),
    )


def _share(results: Sequence[SampleResult]) -> float:
    return _rate([result.passed for result in results])


def _mostly(results: Sequence[SampleResult]) -> bool:
    return 2 * sum(result.passed for result in results) > len(results)


def _rate(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else 0.0
