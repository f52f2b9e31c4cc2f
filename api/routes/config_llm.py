"""`/config/llm`: which model answers; a switch is tried before it is made."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.audit_trail import note_change
from api.identity.current_user import CurrentUser
from api.problem import Problem
from api.state import State
from domain.errors import ConflictError
from graph.brain import probe_model
from llm_clients.probe import Probe

router = APIRouter(prefix="/config")
# Scripts and cassettes are files of the server's: no request may name one.
MODEL = r"^(embedded|(bedrock|openai|gemini):[A-Za-z0-9._:/@-]{1,180})$"


class ModelChoice(BaseModel):
    """The model that answers, as `VTION_LLM` would name it."""

    model: str


class ModelSwitch(BaseModel):
    """Another model, until `VTION_LLM` is changed."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(pattern=MODEL)
    only_try: bool = False
    """True: the model is asked for one word and nothing is switched."""


class SwitchResult(BaseModel):
    """The model that answers now, and what came of asking the wanted one."""

    model: str
    probe: Probe


@router.get("/llm")
async def read_model(state: State) -> ModelChoice:
    """Returns the model that answers."""
    return ModelChoice(model=state.service.model)


@router.post("/llm", responses={409: {"model": Problem}})
async def switch_model(body: ModelSwitch, state: State, user: CurrentUser) -> SwitchResult:
    """Asks a model for one word, and lets it answer where it can. Runs in flight keep theirs."""
    service = state.service
    if body.only_try:
        probe = await probe_model(service.settings, body.model)
        return SwitchResult(model=service.model, probe=probe)
    # What cannot be noted is not done.
    await service.run_store.ping()
    before = service.model
    probe = await service.switch_model(body.model)
    if not probe.is_ready:
        message = f"{body.model} does not answer: {probe.message}"
        raise ConflictError(message, "model_silent", model=body.model, cause=probe.message)
    await note_change(state, user, "config.llm", "model", before, body.model)
    return SwitchResult(model=service.model, probe=probe)
