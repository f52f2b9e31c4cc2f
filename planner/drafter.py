"""The embedded drafter: question -> mentions -> reading -> plan -> Athena SQL. No model, no key."""

from datetime import date

from domain.dictionary import Dictionary
from domain.draft import CannotAnswer, DraftOutcome, DraftRequest, SqlDraft
from domain.evidence import Evidence
from domain.plan import Plan
from planner.compiling.metric_compiler import MetricCompiler
from planner.language.calendar_words import Span, read_span
from planner.language.fiscal_year import fiscal_start, read_fiscal
from planner.language.lexicon import load_lexicon
from planner.language.part_of_period import read_part_of_period
from planner.language.tokenizer import Token, tokenize
from planner.linking.ellipsis import spell_out
from planner.linking.linker import Linker
from planner.linking.mention import Mention
from planner.linking.spelling import respelt
from planner.reading.grammar_words import SURE
from planner.reading.reader import Reader
from planner.resolving.clarify import ambiguous_way, apply_choices, choices_of, clarification_of
from planner.resolving.ranking_outputs import show_ranking
from planner.resolving.refusals import asks_for_help, overview, understood
from planner.resolving.resolver import Resolver
from planner.resolving.revision import adds_to_groups, is_follow_up
from planner.schema.binding_errors import AmbiguousError, UnreadableError
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex
from planner.schema.select_scope import AmbiguousWayError, PlanError
from planner.sql_reading.assumptions import assumptions_of
from planner.suggesting.suggestions import suggest
from planner.telling.schema_part import is_large, part_of


class EmbeddedDrafter:
    """Turns questions into SQL by grammar alone: deterministic, offline, in milliseconds."""

    name = "embedded"

    def __init__(self, *, with_ranking: bool = False) -> None:
        """With ranking, `which app has the most sessions` shows the number beside the name."""
        self._with_ranking = with_ranking

    async def draft(self, request: DraftRequest) -> DraftOutcome:
        """Returns SQL, a question back, or an honest no. Never raises for a bad question."""
        if request.failed_attempts:
            reasons = "; ".join(v.message for v in request.failed_attempts[-1].reasons)
            return CannotAnswer(reason=f"The only reading of the question did not run: {reasons}")
        brain = _brain(request.dictionary, request.evidence)
        if asks_for_help([token.lower for token in tokenize(request.question)]):
            examples = tuple(request.dictionary.example_questions[:3])
            return CannotAnswer(reason=overview(request.dictionary), suggestions=examples)
        try:
            return brain.answer(request, with_ranking=self._with_ranking)
        except AmbiguousError as problem:
            return clarification_of(problem, request.chosen_option)
        except (UnreadableError, PlanError) as problem:
            unplaced = getattr(problem, "unplaced", ())
            suggestions = suggest(request.question, request.dictionary)
            reason = f"{problem}{understood(brain.read)}"
            return CannotAnswer(reason=reason, unplaced=unplaced, suggestions=suggestions)


class _Brain:
    """What is kept for one dictionary: names, joins, compiler."""

    def __init__(self, dictionary: Dictionary, source: Dictionary) -> None:
        """`source` is the whole dictionary; it is held, so that its identity stays its own."""
        self.dictionary = dictionary
        self.source = source
        self._index = SchemaIndex(dictionary)
        self._graph = JoinGraph(dictionary)
        self._fiscal_start = fiscal_start(dictionary.business_rules)
        self.read: list[Mention] = []
        """The question read last, as a row of mentions: a refusal says what was found in it."""

    def mentions(self, question: str, evidence: Evidence, today: date) -> list[Mention]:
        """Returns the question as a row of mentions."""
        tokens = spell_out(tokenize(question), self._index)
        mentions = self._linked(tokens, question, evidence, today)
        mended = respelt(tokens, mentions)
        return self._linked(mended, question, evidence, today) if mended else mentions

    def _linked(
        self, tokens: list[Token], question: str, evidence: Evidence, today: date
    ) -> list[Mention]:
        spans = {
            position: found
            for position in range(len(tokens))
            if (found := self._period(tokens, position, today)) is not None
        }
        return Linker(self._index, evidence, question).link(tokens, spans)

    def _period(self, tokens: list[Token], position: int, today: date) -> tuple[Span, int] | None:
        fiscal = read_fiscal(tokens, position, today, self._fiscal_start)
        part = fiscal or read_part_of_period(tokens, position, today)
        return part or read_span(tokens, position, today)

    def answer(self, request: DraftRequest, *, with_ranking: bool) -> DraftOutcome:
        """Returns SQL. Raises UnreadableError or PlanError where there is none."""
        mentions = self.mentions(request.question, request.evidence, request.today)
        self.read = mentions
        is_new = not (request.turns and is_follow_up(mentions))
        if is_new and not any(m.targets for m in mentions):
            raise UnreadableError(
                "No word of the question names anything in the data.",
                tuple(m.text for m in mentions if m.kind == "unknown")[:5],
            )
        choices = choices_of(request.chosen_option)
        mentions = apply_choices(mentions, choices)
        graph = self._graph.hinted(_stems(request), choices, _spoken_of(mentions))
        plan, doubt = self._plan(request, mentions, graph)
        if with_ranking:
            plan = show_ranking(plan)
        try:
            sql = MetricCompiler(self._index, graph, self._index.metrics).sql(plan)
        except AmbiguousWayError as problem:
            raise ambiguous_way(problem, self._index) from problem
        return SqlDraft(
            sql=sql,
            plan=plan,
            assumptions=assumptions_of(plan, self._index),
            confidence=1 / (1 + doubt),
        )

    def _plan(
        self, request: DraftRequest, mentions: list[Mention], graph: JoinGraph
    ) -> tuple[Plan, float]:
        resolver = Resolver(self.dictionary, self._index, graph)
        before = request.turns[-1].plan if request.turns else None
        if before is not None and is_follow_up(mentions):
            reading = Reader(mentions, is_follow_up=True).read()
            keeps = adds_to_groups(mentions)
            return resolver.revise(before, reading, keeps_groups=keeps), 0.0
        reading = Reader(mentions).read()
        reading.choices = choices_of(request.chosen_option)
        return resolver.resolve(reading, decided=bool(reading.choices))


def _spoken_of(mentions: list[Mention]) -> frozenset[str]:
    """Tables that the question names, or that a verb of it tells of."""
    named = {t.table for m in mentions for t in m.of_kind("table") if t.score >= SURE}
    return frozenset(named.union(*(m.acts for m in mentions)))


def _stems(request: DraftRequest) -> frozenset[str]:
    """Stems of the question, and of the one it may go on from: `left` speaks of an origin."""
    texts = [request.question, *(turn.question for turn in request.turns[-1:])]
    tokens = [token for text in texts for token in tokenize(text)]
    movements = load_lexicon().movements
    meant = {word for token in tokens for word in movements.get(token.lower, ())}
    return frozenset({token.stem for token in tokens} | meant)


_brains: dict[tuple[int, frozenset[str]], _Brain] = {}
_MAXIMUM_BRAINS = 16


def _brain(dictionary: Dictionary, evidence: Evidence) -> _Brain:
    """Returns what was built for this dictionary object, or for the part that matters."""
    names: frozenset[str] = frozenset()
    if is_large(dictionary) and evidence.tables:
        names = frozenset(table.table for table in evidence.tables)
    held = _brains.get((id(dictionary), names))
    if held is not None and held.source is dictionary:
        return held
    if len(_brains) >= _MAXIMUM_BRAINS:
        _brains.pop(next(iter(_brains)))
    brain = _Brain(part_of(dictionary, names) if names else dictionary, dictionary)
    _brains[id(dictionary), names] = brain
    return brain
