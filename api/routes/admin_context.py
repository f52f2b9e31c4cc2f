"""`/admin/context`, `/admin/verified`: the data dictionary that serves, and building it anew."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.audit_trail import note_change
from api.identity.current_user import CurrentUser
from api.jobs import Job, Report
from api.page import LongLimit, Offset, part_of
from api.problem import Problem
from api.routes.query import IDENTIFIER
from api.state import State
from context_store.business_file import BusinessFile, parse_business_file
from context_store.profile_warehouse import ProfileProgress
from domain.dictionary import VerifiedQuery
from domain.errors import NotFoundError, OperatorError, UserError
from graph.regenerate_context import regenerate_context

router = APIRouter(prefix="/admin")
_REGENERATE = "context.regenerate"
_REGENERATED = "context.regenerated"
_MAXIMUM_BUSINESS = 60_000


class ContextOverview(BaseModel):
    """The dictionary that serves."""

    version: str
    source_name: str
    domain_context: str
    """Markdown."""
    verified_count: int
    alarm: str | None = None
    """Why the newest version does not serve; null where it does."""


class Regeneration(BaseModel):
    """What a build takes besides the data."""

    model_config = ConfigDict(extra="forbid")

    business: str = Field(default="", max_length=_MAXIMUM_BUSINESS)
    """The text of a `business.yaml`: what people know about the data."""


class VerifiedList(BaseModel):
    """Questions and SQL that a person approved."""

    verified: list[VerifiedQuery]
    next_offset: int | None = None
    """None: these are the last."""


@router.get("/context")
async def read_context(state: State) -> ContextOverview:
    """Returns which version of the dictionary serves, and what it is about."""
    dictionary = (await state.service.dependencies()).context.dictionary
    return ContextOverview(
        version=dictionary.version,
        source_name=dictionary.source_name,
        domain_context=dictionary.domain_context,
        verified_count=len(dictionary.verified_queries),
        alarm=state.service.context_alarm(),
    )


@router.get("/verified")
async def list_verified(state: State, offset: Offset = 0, limit: LongLimit = 500) -> VerifiedList:
    """Lists verified queries."""
    dictionary = (await state.service.dependencies()).context.dictionary
    found, following = part_of(dictionary.verified_queries, offset, limit)
    return VerifiedList(verified=found, next_offset=following)


@router.post("/context/regenerate", status_code=202, responses={409: {"model": Problem}})
async def regenerate(state: State, user: CurrentUser, body: Regeneration | None = None) -> Job:
    """Begins to build the dictionary anew; the old one serves until the new one is whole."""
    service = state.service
    business = _business_of(body)
    before = service.context.dictionary.version

    async def work(report: Report) -> str:
        def advance(at: ProfileProgress) -> None:
            report(at.tables_done, at.tables_total, at.table)

        version = await regenerate_context(
            service.settings, service.context.dictionary.source_name, business, advance
        )
        await service.dependencies()
        await note_change(state, user, _REGENERATED, source_name, before, version)
        return version

    source_name = service.context.dictionary.source_name
    # What cannot be noted is not done.
    await service.run_store.ping()
    job = state.jobs.start(_REGENERATE, work)
    await note_change(state, user, _REGENERATE, job.job_id, before)
    return job


def _business_of(body: Regeneration | None) -> BusinessFile | None:
    if body is None or not body.business.strip():
        return None
    try:
        return parse_business_file(body.business, "The business file")
    except OperatorError as error:
        raise UserError(str(error)) from error


@router.get("/jobs/{job_id}", responses={404: {"model": Problem}})
async def read_job(job_id: Annotated[str, Path(pattern=IDENTIFIER)], state: State) -> Job:
    """Returns how a job stands."""
    job = state.jobs.find(job_id)
    if job is None:
        raise NotFoundError("There is no such job in this process.", "no_such_job")
    return job
