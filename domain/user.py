"""Who asks: from a key or a token, never from the request's body."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a user may do; an admin may do everything."""

    ANALYST = "analyst"
    PROMPT_ENGINEER = "prompt_engineer"
    EVALUATOR = "evaluator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """A signed-in user. `attributes` are what row policies compare columns to."""

    id: str
    """Empty in local mode, where there is one user and no sign-in."""
    roles: frozenset[Role] = frozenset({Role.ANALYST})
    attributes: Mapping[str, str] = field(default_factory=dict)

    def may(self, role: Role) -> bool:
        """Returns whether the user has the role, or is an admin."""
        return self.has_any(frozenset({role}))

    def has_any(self, roles: Set[Role]) -> bool:
        """Returns whether the user has one of the roles, or is an admin."""
        return Role.ADMIN in self.roles or bool(roles & self.roles)


LOCAL_USER = User(id="", roles=frozenset(Role))
"""The one user of local mode."""
