"""The embedded writer: prose, chart and follow-up questions from a summary, without a model."""

from collections.abc import AsyncIterator, Iterator

from domain.answer import AnswerPart, WriteRequest
from domain.draft import Assumption
from planner.drafter import EmbeddedDrafter
from planner.language.period_words import within_period
from planner.language.value_text import escaped
from planner.telling.chart_choice import choose_chart
from planner.telling.condition_words import kept_otherwise, kept_values
from planner.telling.follow_ups import FollowUps
from planner.telling.missing_values import on_missing_values
from planner.telling.periods_without_data import on_period_without_data
from planner.telling.prose import Scope, result_sentences

_CUT_OFF = (
    "The result was cut at the row limit, so every figure here covers only the part that was read."
)


class EmbeddedWriter:
    """Writes two or three true sentences; every figure in them is in, or follows from, the rows."""

    def __init__(self) -> None:
        self._follow_ups = FollowUps(EmbeddedDrafter())

    @property
    def name(self) -> str:
        """What stands on the receipt."""
        return "embedded"

    async def write(self, request: WriteRequest) -> AsyncIterator[AnswerPart]:
        """Yields the prose sentence by sentence, then chart and follow-up questions."""
        for position, sentence in enumerate(_sentences(request)):
            yield AnswerPart(text=f" {sentence}" if position else sentence)
        kept = kept_values(request.plan, request.dictionary)
        yield AnswerPart(
            chart=choose_chart(request.summary, request.plan, request.question, kept),
            follow_ups=await self._follow_ups.questions(_worth_following(request)),
        )


def _sentences(request: WriteRequest) -> Iterator[str]:
    """Yields what to say, without sentences that an earlier check could not bear out."""
    for sentence in _result(request):
        if not any(figure in sentence for figure in request.unsupported_figures):
            yield sentence
    yield from on_period_without_data(request.plan, request.dictionary)
    yield from on_missing_values(request.plan, request.summary)
    if request.summary.roll_up:
        yield request.summary.roll_up
    if request.summary.truncated:
        yield _CUT_OFF
    yield from dict.fromkeys(request.notes)


def _result(request: WriteRequest) -> list[str]:
    if _is_empty(request):
        return _on_nothing(request)
    plan = request.plan
    values, dictionary = kept_values(plan, request.dictionary), request.dictionary
    kept = f"{values}{kept_otherwise(plan, dictionary)}"
    scope = Scope(escaped(kept), within_period(plan))
    return result_sentences(request.summary, plan, scope)


def _worth_following(request: WriteRequest) -> WriteRequest:
    """Nothing leads on from an answer without rows: the same conditions would find none."""
    return request.model_copy(update={"plan": None}) if _is_empty(request) else request


def _is_empty(request: WriteRequest) -> bool:
    """True for no rows at all, and for the one row of nulls that an aggregate makes of none."""
    summary = request.summary
    if summary.true_row_count == 0 or not summary.rows:
        return True
    has_split = any(column.role == "dimension" for column in summary.columns)
    return len(summary.rows) == 1 and not has_split and _says_nothing(summary.rows[0])


def _says_nothing(row: tuple[object, ...]) -> bool:
    return all(cell is None or cell == 0 for cell in row) and None in row


def _on_nothing(request: WriteRequest) -> list[str]:
    filters = _texts(request.assumptions, "filter")
    periods = _texts(request.assumptions, "period")
    conditions = [*filters, *periods]
    if not conditions:
        return ["**No rows match** this question."]
    advice = _advice(bool(filters), bool(periods))
    return [f"**No rows match**: {'; '.join(conditions)}.", advice]


def _texts(assumptions: tuple[Assumption, ...], kind: str) -> list[str]:
    return [a.text.rstrip(".") for a in assumptions if a.kind == kind]


def _advice(has_filters: bool, has_period: bool) -> str:
    if has_filters and has_period:
        return "Try a longer period, or ask with fewer conditions."
    if has_period:
        return "Try a longer period."
    return "Try fewer or other conditions."
