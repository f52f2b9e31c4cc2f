"""One request to the graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from domain.draft import SqlDraft
from domain.user import LOCAL_USER, User


def new_id() -> str:
    """Returns an id that nobody can guess."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, SQL in its place, or the choice that resumes a run which waits for it."""

    question: str = ""
    thread_id: str = field(default_factory=new_id)
    option_id: str | None = None
    given: SqlDraft | None = None
    """SQL that takes the drafter's place: a statement or chip that the analyst edited."""
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    """Prompt name to version, for those who may try one."""
    llm: str = ""
    """The model that answers this question alone, for those who may choose; empty: the present."""
    run_id: str = field(default_factory=new_id)
    user: User = LOCAL_USER
