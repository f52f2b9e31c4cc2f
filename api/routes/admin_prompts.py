"""`/admin/prompts`: versions of every prompt, and the labels that point to them."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.audit_trail import note_change
from api.identity.current_user import CurrentUser
from api.problem import Problem
from api.state import State
from domain.errors import NotFoundError
from graph.brain import open_prompts
from prompts.labels import move_label, roll_back
from prompts.registry import PromptRegistry

router = APIRouter(prefix="/admin/prompts")
_NAME = r"^[a-z][a-z0-9_-]{0,63}$"
Name = Annotated[str, Path(pattern=_NAME)]
Version = Annotated[str, Path(pattern=_NAME)]


class PromptEntry(BaseModel):
    """One prompt."""

    name: str
    versions: list[str]
    labels: dict[str, list[str]]
    """Label -> the versions that it has pointed to, the present one last."""


class PromptList(BaseModel):
    """Every prompt, and why the files as they are now cannot be used (empty where they can)."""

    prompts: list[PromptEntry]
    problem: str = ""


class PromptText(BaseModel):
    """One version of a prompt, as it is written."""

    name: str
    version: str
    text: str


class LabelMove(BaseModel):
    """Points a label to a version."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(pattern=_NAME)
    version: str = Field(pattern=_NAME)


class LabelRollback(BaseModel):
    """Points a label to the version that it pointed to before."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(default="production", pattern=_NAME)


@router.get("")
async def list_prompts(state: State) -> PromptList:
    """Lists prompts with their versions and labels."""
    registry = open_prompts(state.service.settings)
    return PromptList(
        prompts=[_entry(registry, name) for name in sorted(registry.book.prompts)],
        problem=registry.problem,
    )


@router.get("/{name}/{version}", responses={404: {"model": Problem}})
async def read_prompt(name: Name, version: Version, state: State) -> PromptText:
    """Returns the text of one version."""
    registry = open_prompts(state.service.settings)
    registry.version(name, version)
    path = registry.folder / name / f"{version}.md"
    return PromptText(name=name, version=version, text=path.read_text(encoding="utf-8"))


@router.post("/{name}/label", responses={404: {"model": Problem}})
async def set_label(name: Name, body: LabelMove, state: State, user: CurrentUser) -> PromptEntry:
    """Moves a label; the next question takes the version that it points to."""
    registry = open_prompts(state.service.settings)
    registry.version(name, body.version)
    before = _entry(registry, name).labels.get(body.label)
    await note_change(
        state,
        user,
        "prompts.label",
        f"{name} {body.label}",
        before[-1] if before else None,
        body.version,
    )
    move_label(registry.folder, name, body.label, body.version)
    return _entry(open_prompts(state.service.settings), name)


@router.post("/{name}/rollback", responses={404: {"model": Problem}})
async def undo_label(
    name: Name, body: LabelRollback, state: State, user: CurrentUser
) -> PromptEntry:
    """Points a label to the version before."""
    registry = open_prompts(state.service.settings)
    before = _entry(registry, name).labels.get(body.label, [])
    after = roll_back(registry.folder, name, body.label)
    await note_change(state, user, "prompts.rollback", f"{name} {body.label}", before[-1], after)
    return _entry(open_prompts(state.service.settings), name)


def _entry(registry: PromptRegistry, name: str) -> PromptEntry:
    book = registry.book
    if name not in book.prompts:
        raise NotFoundError("There is no such prompt.", "no_such_prompt")
    return PromptEntry(
        name=name, versions=sorted(book.prompts[name]), labels=dict(book.labels.get(name, {}))
    )
