"""What the routes share: opened by the lifespan, reached by dependency."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.budgets import Budgets
from api.conversations import Conversations
from api.jobs import JobRegistry
from api.metrics import RunMetrics
from api.runs.idempotency import IdempotentRuns
from api.runs.run_registry import RunRegistry
from context_store.query_review import ApprovalCheck
from graph.service import Service


@dataclass(frozen=True, slots=True)
class ApiState:
    """The opened service and the runs on it."""

    service: Service
    runs: RunRegistry
    idempotency: IdempotentRuns
    budgets: Budgets
    jobs: JobRegistry
    metrics: RunMetrics
    conversations: Conversations
    heartbeat_seconds: float
    check_approval: ApprovalCheck
    """Whether the suites stay green with a verified query."""


async def api_state(request: Request) -> ApiState:
    """Returns the state that the lifespan put on the app."""
    state = request.app.state.api
    if not isinstance(state, ApiState):
        raise TypeError("the lifespan has not opened the service")
    return state


State = Annotated[ApiState, Depends(api_state)]
