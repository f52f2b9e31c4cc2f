"""The signed-in user of a request."""

from typing import Annotated

from fastapi import Depends

from domain.user import LOCAL_USER, User


async def current_user() -> User:
    """Returns the user that the request was authenticated as."""
    return LOCAL_USER


CurrentUser = Annotated[User, Depends(current_user)]
