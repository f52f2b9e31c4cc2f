"""Signs every request in and holds it against the table of routes."""

from typing import Annotated, Protocol

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from api.identity.route_roles import PUBLIC, ROUTE_ROLES, may_use
from domain.errors import ForbiddenError
from domain.user import User


class SignIn(Protocol):
    """Tells who sends a request: `LocalMode` or an `Authenticator`."""

    async def user_of(self, connection: HTTPConnection) -> User:
        """Returns the user; raises SignInError or ForbiddenError."""


async def authorize(request: Request) -> None:
    """Runs before every route: signs in, then checks the role. Public routes ask for neither."""
    method, path = request.method, str(request.scope["route"].path)
    if ROUTE_ROLES.get((method, path), frozenset()) is PUBLIC:
        return
    sign_in: SignIn = request.app.state.sign_in
    user = await sign_in.user_of(request)
    if not may_use(user, method, path):
        raise ForbiddenError("Your role does not allow this.")
    request.state.user = user


async def current_user(request: Request) -> User:
    """Returns the user that `authorize` signed in."""
    user = request.state.user
    if not isinstance(user, User):
        raise TypeError("a public route has no user")
    return user


CurrentUser = Annotated[User, Depends(current_user)]
