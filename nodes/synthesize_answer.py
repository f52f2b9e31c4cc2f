"""Has the writer put the summary into prose, a chart and follow-up questions."""

from typing import TypedDict

from langgraph.runtime import Runtime

from domain.answer import WriteRequest
from domain.chart_spec import ChartSpec
from domain.model_call import CallScope, ModelCall
from domain.run_event import AnswerDelta, AnswerReplaced, ChartReady
from domain.run_state import RunState
from nodes.call_log import CallLog
from nodes.dependencies import Dependencies
from nodes.failed_attempt import current_draft


class SynthesizeAnswerUpdate(TypedDict):
    """What this node writes."""

    text: str
    chart: ChartSpec | None
    follow_ups: tuple[str, ...]
    model_calls: tuple[ModelCall, ...]


def write_request(
    state: RunState,
    dependencies: Dependencies,
    scope: CallScope,
    unsupported_figures: tuple[str, ...] = (),
) -> WriteRequest:
    """Returns everything the writer may use: the summary and how the question was read."""
    draft, summary = current_draft(state), state["summary"]
    if summary is None:
        raise TypeError("only a summary is written about")
    return WriteRequest.model_construct(
        question=state["question"],
        dictionary=dependencies.context.dictionary,
        summary=summary,
        plan=draft.plan,
        assumptions=draft.assumptions,
        notes=state["notes"],
        unsupported_figures=unsupported_figures,
        scope=scope,
    )


async def synthesize_answer(
    state: RunState, runtime: Runtime[Dependencies]
) -> SynthesizeAnswerUpdate:
    """Returns the answer as written, streaming it piece by piece."""
    text: list[str] = []
    log = CallLog(state, runtime.context)
    update = SynthesizeAnswerUpdate(text="", chart=None, follow_ups=(), model_calls=())
    request = write_request(state, runtime.context, log.scope)
    async for part in runtime.context.writer.write(request):
        if part.is_restart and text:
            text.clear()
            runtime.stream_writer(AnswerReplaced(text=""))
        if part.text:
            text.append(part.text)
            runtime.stream_writer(AnswerDelta(text=part.text))
        if part.chart is not None:
            update["chart"] = part.chart
            runtime.stream_writer(ChartReady(content=part.chart))
        if part.follow_ups:
            update["follow_ups"] = part.follow_ups
    update["text"] = "".join(text)
    update["model_calls"] = log.calls
    return update
