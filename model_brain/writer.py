"""A chat model writes the prose; where it fails, the embedded writer's true sentences stand in."""

from collections.abc import AsyncIterator

from domain.answer import AnswerPart, Writer, WriteRequest
from domain.errors import ModelError
from llm_clients.model_client import ModelClient
from model_brain.answer_tail import CHART_TYPES, AnswerSplitter, proposed_chart
from model_brain.ask import prompt_call
from planner.telling.chart_choice import choose_chart
from prompts.registry import PromptRegistry

_STREAMS = 2
_WITHOUT_MODEL = "The model did not answer, so this text was written by rule."


class ModelWriter:
    """Writes answers with the prompt `synthesize_answer`."""

    def __init__(self, client: ModelClient, prompts: PromptRegistry, stand_in: Writer) -> None:
        self._client = client
        self._prompts = prompts
        self._stand_in = stand_in

    @property
    def name(self) -> str:
        """The string that selected the model."""
        return self._client.name

    async def write(self, request: WriteRequest) -> AsyncIterator[AnswerPart]:
        """Yields the model's prose as it comes, then chart and follow-ups.

        A stream that breaks off is begun anew once; after that the result, which is there, is put
        into words by rule.
        """
        for stream in range(_STREAMS):
            if stream:
                yield AnswerPart(is_restart=True)
            has_begun = False
            try:
                async for part in self._stream(request):
                    has_begun = True
                    yield part
                return
            except ModelError:
                if not has_begun:
                    # What fails before the first piece was tried again already.
                    break
        async for part in self._without_model(request):
            yield part

    async def _stream(self, request: WriteRequest) -> AsyncIterator[AnswerPart]:
        prompt = self._prompts.choose(
            "synthesize_answer", request.scope.prompt_versions, self._client.entry.prompt_label
        )
        call = prompt_call(prompt.render(**_variables(request)))
        splitter = AnswerSplitter()
        async for piece in self._client.stream(call, request.scope):
            prose = splitter.prose(piece)
            if prose:
                yield AnswerPart(text=prose)
        prose, tail = splitter.rest()
        chosen = choose_chart(request.summary, request.plan, request.question)
        chart = proposed_chart(tail.chart, chosen)
        yield AnswerPart(text=prose, chart=chart, follow_ups=tuple(tail.follow_ups))

    async def _without_model(self, request: WriteRequest) -> AsyncIterator[AnswerPart]:
        noted = request.model_copy(update={"notes": (*request.notes, _WITHOUT_MODEL)})
        yield AnswerPart(is_restart=True)
        async for part in self._stand_in.write(noted):
            yield part


def _variables(request: WriteRequest) -> dict[str, object]:
    summary = request.summary
    notes = [*request.notes, *([summary.roll_up] if summary.roll_up else [])]
    if summary.truncated:
        notes.append("The result was cut at the row limit, so the figures cover a part of it.")
    return {
        "question": request.question,
        "columns": [
            f"{column.label} ({column.unit})" if column.unit else column.label
            for column in summary.columns
        ],
        "rows": summary.rows,
        "true_row_count": summary.true_row_count,
        "totals": {c.label: c.total for c in summary.columns if c.total is not None},
        "assumptions": [assumption.text for assumption in request.assumptions],
        "notes": notes,
        "unsupported_figures": request.unsupported_figures,
        "chart_types": CHART_TYPES,
    }
