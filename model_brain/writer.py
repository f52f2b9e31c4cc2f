"""A chat model writes the prose; the chart is chosen by rule, so that it always fits the data."""

from collections.abc import AsyncIterator

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage

from domain.answer import AnswerPart, WriteRequest
from planner.chart_choice import choose_chart
from prompts.registry import PromptRegistry


class ModelWriter:
    """Writes answers with the prompt `synthesize_answer`."""

    def __init__(self, model: BaseChatModel, name: str, prompts: PromptRegistry) -> None:
        self._model = model
        self._name = name
        self._prompts = prompts

    @property
    def name(self) -> str:
        """The string that selected the model."""
        return self._name

    async def write(self, request: WriteRequest) -> AsyncIterator[AnswerPart]:
        """Yields the model's prose as it comes, then the chart."""
        prompt = self._prompts.prompt("synthesize_answer").render(**_variables(request))
        async for chunk in self._model.astream([HumanMessage(prompt)]):
            if chunk.text:
                yield AnswerPart(text=str(chunk.text))
        yield AnswerPart(chart=choose_chart(request.summary, request.plan))


def _variables(request: WriteRequest) -> dict[str, object]:
    summary = request.summary
    return {
        "question": request.question,
        "columns": [column.label for column in summary.columns],
        "rows": summary.rows,
        "true_row_count": summary.true_row_count,
        "totals": {c.label: c.total for c in summary.columns if c.total is not None},
        "assumptions": [assumption.text for assumption in request.assumptions],
        "notes": [*request.notes, *([summary.roll_up] if summary.roll_up else [])],
        "unsupported_figures": request.unsupported_figures,
    }
