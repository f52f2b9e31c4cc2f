"""`/sign-in` and `/me`: how to sign in, and who is signed in."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.identity.current_user import CurrentUser
from domain.user import Role
from settings.settings import Settings

router = APIRouter()


class SignInMethod(BaseModel):
    """What a client needs before it can sign in."""

    method: Literal["none", "key", "oidc"]
    issuer: str = ""
    client_id: str = ""


class Me(BaseModel):
    """The signed-in user."""

    user_id: str
    """Empty where there is no sign-in."""
    roles: list[Role]


@router.get("/sign-in")
async def sign_in_method(request: Request) -> SignInMethod:
    """Says how to sign in: not at all, with an API key, or at an issuer."""
    settings: Settings = request.app.state.settings
    if settings.identity == "local":
        return SignInMethod(method="none")
    if settings.identity == "keys":
        return SignInMethod(method="key")
    return SignInMethod(method="oidc", issuer=settings.identity, client_id=settings.oidc_audience)


@router.get("/me")
async def me(user: CurrentUser) -> Me:
    """Returns who is signed in and what they may do."""
    return Me(user_id=user.id, roles=sorted(user.roles))
