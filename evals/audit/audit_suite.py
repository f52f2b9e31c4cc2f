"""The gold auditor: runs every gold in several ways and says what is doubtful."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError

from domain.errors import VtionError
from evals.audit.finding import Finding, FindingKind
from evals.audit.result_digest import result_digest, text_digest
from evals.audit.variants import (
    is_cut_without_order,
    opposite_ties,
    parse_gold,
    volatile_parts,
    without_each_condition,
)
from evals.execution_match import Row, same_result
from evals.sample import Sample, Suite, Turn
from evals.source import EvalSource


class GoldAuditor:
    """Audits the samples of one source."""

    def __init__(self, suite: Suite, source: EvalSource, known: Mapping[str, str]) -> None:
        """`known`: place of a gold -> digest of its result when a person checked it."""
        self._suite = suite
        self._source = source
        self._known = known
        self.digests: dict[str, str] = {}
        """What the results are now; written down when a person has checked them."""

    async def findings(
        self, samples: Sequence[Sample], on_sample: Callable[[Sample], None]
    ) -> list[Finding]:
        """Returns every doubt."""
        found = list(_contradictions(self._suite))
        for sample in samples:
            for step in sample.steps:
                found += [finding async for finding in self._step(sample, step)]
            on_sample(sample)
        return found

    async def _step(self, sample: Sample, step: Turn) -> AsyncIterator[Finding]:
        results: list[list[Row]] = []
        for gold in step.gold:
            try:
                rows = await self._source.rows.once(gold, step.dialect)
                tree = parse_gold(gold, step.dialect)
            except (VtionError, SqlglotError) as error:
                yield self._finding(sample, "broken", f"does not run: {error}", gold)
                continue
            async for kind, detail in self._gold(step, gold, tree, rows):
                yield self._finding(sample, kind, detail, gold)
            stale = self._staleness(sample, gold, rows)
            if stale:
                yield self._finding(sample, "stale", stale, gold)
            if any(same_result(rows, other, ordered=step.ordered) for other in results):
                yield self._finding(sample, "redundant", "another gold gives the same", gold)
            results.append(rows)

    async def _gold(
        self, step: Turn, gold: str, tree: exp.Expr, rows: list[Row]
    ) -> AsyncIterator[tuple[FindingKind, str]]:
        if all(value is None or value == 0 for row in rows for value in row):
            yield "empty", "the result is empty or zero: any wrong filter gives the same"
        volatile = volatile_parts(tree, step.dialect)
        if volatile:
            yield "nondeterministic", f"{volatile[0]} changes from run to run"
        if is_cut_without_order(tree):
            yield "nondeterministic", "LIMIT without ORDER BY takes any rows"
        again = await self._source.rows.once(gold, step.dialect)
        if not same_result(rows, again, ordered=step.ordered):
            yield "nondeterministic", "a second run gives another result"
        ties = opposite_ties(tree, step.dialect)
        if ties and not await self._same(ties, step):
            yield "ambiguous", "ties decide the result: several answers are right"
        for condition, rest in without_each_condition(tree, step.dialect) if rows else ():
            if await self._same((gold, rest), step):
                yield "weak", f"without {condition} the result is the same"

    async def _same(self, statements: tuple[str, str], step: Turn) -> bool:
        """A rewriting that does not run says nothing, so it counts as different."""
        try:
            one, other = [await self._source.rows.once(sql, step.dialect) for sql in statements]
        except VtionError:
            return False
        return same_result(one, other, ordered=step.ordered)

    def _staleness(self, sample: Sample, gold: str, rows: list[Row]) -> str:
        key, digest = f"{sample.id}#{text_digest(gold)}", result_digest(rows)
        self.digests[key] = digest
        known = self._known.get(key)
        if known is None or known == digest:
            return ""
        return f"the result was {known} when it was checked, is {digest}: the data has changed"

    def _finding(self, sample: Sample, kind: FindingKind, detail: str, gold: str) -> Finding:
        return Finding(
            sample=f"{self._suite.name}/{sample.id}", kind=kind, detail=detail, gold=gold.strip()
        )


def _contradictions(suite: Suite) -> list[Finding]:
    """The same question to the same source with other gold can only be passed once."""
    asked: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for sample in suite.samples:
        if sample.question and sample.gold:
            asked[sample.source, " ".join(sample.question.lower().split())].append(sample)
    return [
        Finding(
            sample=f"{suite.name}/{sample.id}",
            kind="ambiguous",
            detail=f"{group[0].id} asks the same and expects something else",
        )
        for group in asked.values()
        for sample in group[1:]
        if sample.gold != group[0].gold
    ]
