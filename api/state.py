"""What the routes share: opened by the lifespan, reached by dependency."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from graph.question_runner import QuestionRunner
from graph.service import Service


@dataclass(frozen=True, slots=True)
class ApiState:
    """The opened service and the runner that answers on it."""

    service: Service
    runner: QuestionRunner


def api_state(request: Request) -> ApiState:
    """Returns the state that the lifespan put on the app."""
    state = request.app.state.api
    if not isinstance(state, ApiState):
        raise TypeError("the lifespan has not opened the service")
    return state


State = Annotated[ApiState, Depends(api_state)]
