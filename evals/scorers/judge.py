"""A model judges the prose, by a versioned prompt. Off unless a model is named."""

from pydantic import BaseModel

from domain.errors import ModelError
from domain.model_call import CallScope, ModelCall
from evals.answer_result import AnswerResult
from evals.score import Score
from evals.scorers.answer_summary import answer_summary
from evals.solution import StepSolution
from evals.source import EvalSource
from llm_clients.model_client import ModelClient
from model_brain.ask import prompt_call
from model_brain.draft_reply import read_form, schema_of
from prompts.registry import PromptRegistry

PROMPT = "judge_answer"


class JudgementForm(BaseModel):
    """What the judge fills in."""

    is_good: bool
    reason: str = ""


class Judge:
    """Asks a model whether an answer is right, complete and plain."""

    def __init__(self, client: ModelClient, prompts: PromptRegistry) -> None:
        self._client = client
        self._prompt = prompts.prompt(PROMPT)
        self.calls: list[ModelCall] = []
        """Every call so far: what it cost, and why it failed where it did."""

    @property
    def name(self) -> str:
        """Model and prompt version: judgements of different judges are not compared."""
        return f"{self._client.name} {PROMPT}/{self._prompt.version}"

    async def score(
        self, found: StepSolution, answer: AnswerResult | None, source: EvalSource
    ) -> Score | None:
        """Returns a judgement; None where there is nothing to judge, or the judge does not answer.

        The judge sees the rolled-up result, of at most 50 rows, as the writer did.
        """
        if found.status != "answered" or not found.text or answer is None or answer.table is None:
            return None
        summary = answer_summary(answer, answer.table, source)
        rendered = self._prompt.render(
            question=found.question,
            sql=found.sql,
            columns=[column.label for column in summary.columns],
            rows=summary.rows,
            true_row_count=summary.true_row_count,
            answer=found.text,
        )
        call = prompt_call(rendered, schema_of(JudgementForm))
        try:
            form = await self._client.ask(
                call,
                CallScope(on_call=self.calls.append),
                lambda reply: read_form(reply, JudgementForm),
            )
        except ModelError:
            return None
        return Score(scorer="judge", passed=form.is_good, detail=form.reason)
