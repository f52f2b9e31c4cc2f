"""`/sign-in` and `/me`: how to sign in, and who is signed in."""

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.identity.current_user import CurrentUser
from api.state import State
from domain.user import Role
from settings.budget import Budget
from settings.settings import Settings

router = APIRouter()


class SignInMethod(BaseModel):
    """What a client needs before it can sign in."""

    method: Literal["none", "key", "oidc"]
    issuer: str = ""
    client_id: str = ""
    scope: str = ""


class Me(BaseModel):
    """The signed-in user."""

    user_id: str
    """Empty where there is no sign-in."""
    roles: list[Role]
    may_edit_sql: bool
    """True for those who may run a statement of their own under a question."""


class MyUsage(BaseModel):
    """What a user has taken today, and what they may take."""

    runs: int
    tokens: int
    bytes_scanned: int
    running: int
    """Questions at work now."""
    budget: Budget


@router.get("/sign-in")
async def sign_in_method(request: Request) -> SignInMethod:
    """Says how to sign in: not at all, with an API key, or at an issuer."""
    settings: Settings = request.app.state.settings
    if settings.identity == "local":
        return SignInMethod(method="none")
    if settings.identity == "keys":
        return SignInMethod(method="key")
    return SignInMethod(
        method="oidc",
        issuer=settings.identity,
        client_id=settings.oidc_audience,
        scope=settings.oidc_scope,
    )


@router.get("/me")
async def me(state: State, user: CurrentUser) -> Me:
    """Returns who is signed in and what they may do."""
    may_edit_sql = user.has_any(state.service.settings.sql_edit_roles)
    return Me(user_id=user.id, roles=sorted(user.roles), may_edit_sql=may_edit_sql)


@router.get("/me/usage")
async def my_usage(state: State, user: CurrentUser) -> MyUsage:
    """Returns what the user has taken today (UTC), and their bounds."""
    today = datetime.now(UTC).date()
    usage = await state.service.run_store.usage(today, today, user.id)
    return MyUsage(
        runs=sum(line.runs for line in usage),
        tokens=sum(line.tokens_in + line.tokens_out for line in usage),
        bytes_scanned=sum(line.bytes_scanned for line in usage),
        running=await state.runs.of_user(user),
        budget=state.budgets.of(user),
    )
