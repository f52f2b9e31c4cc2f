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
    cost_before: float
    """US dollars of all its samples."""
    cost_after: float


@dataclass(frozen=True, slots=True)
class NodeDelta:
    """How long one node took, in the samples in which both runs reached it."""

    node: str
    samples: int
    ms_before: float
    """Median of a sample; a node that ran twice is summed."""
    ms_after: float
    share_after: float
    """Part of the time of all nodes, in B."""


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
        return _cost(self.pairs)

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

    def by_node(self) -> list[NodeDelta]:
        """Returns a line a node, those that take most of B's time first."""
        times: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for pair in self.pairs:
            before, after = _node_times(pair.before), _node_times(pair.after)
            for node in before.keys() & after.keys():
                times[node].append((before[node], after[node]))
        whole = sum(after for found in times.values() for _, after in found) or 1.0
        deltas = [_node_delta(node, found, whole) for node, found in times.items()]
        return sorted(deltas, key=lambda delta: (-delta.share_after, delta.node))


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
    cost_before, cost_after = _cost(pairs)
    return TagDelta(
        tag=tag,
        samples=len(pairs),
        before=_rate([pair.passed_before for pair in pairs]),
        after=_rate([pair.passed_after for pair in pairs]),
        lost=sum(pair.passed_before and not pair.passed_after for pair in pairs),
        won=sum(pair.passed_after and not pair.passed_before for pair in pairs),
        ms_before=median(result.duration_ms for pair in pairs for result in pair.before),
        ms_after=median(result.duration_ms for pair in pairs for result in pair.after),
        cost_before=cost_before,
        cost_after=cost_after,
    )


def _cost(pairs: Sequence[Pair]) -> tuple[float, float]:
    before = sum(result.cost_usd for pair in pairs for result in pair.before)
    return before, sum(result.cost_usd for pair in pairs for result in pair.after)


def _node_times(results: Sequence[SampleResult]) -> dict[str, float]:
    """Milliseconds a node, of one sample; with repeats their mean."""
    spent: dict[str, float] = defaultdict(float)
    for step in (step for result in results for step in result.steps):
        for node, ms in step.timings_ms.items():
            spent[node] += ms / len(results)
    return spent


def _node_delta(node: str, times: list[tuple[float, float]], whole: float) -> NodeDelta:
    return NodeDelta(
        node=node,
        samples=len(times),
        ms_before=median(before for before, _ in times),
        ms_after=median(after for _, after in times),
        share_after=sum(after for _, after in times) / whole,
    )


def _share(results: Sequence[SampleResult]) -> float:
    return _rate([result.passed for result in results])


def _mostly(results: Sequence[SampleResult]) -> bool:
    return 2 * sum(result.passed for result in results) > len(results)


def _rate(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else 0.0
