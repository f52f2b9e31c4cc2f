"""One request to the graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from domain.draft import SqlDraft
from domain.run_history import LapsedRun, RunRequest
from domain.user import LOCAL_USER, User


def new_id() -> str:
    """Returns an id that nobody can guess."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, SQL in its place, or the choice that resumes a run which waits for it."""

    question: str = ""
    thread_id: str = field(default_factory=new_id)
    begins_thread: bool = False
    """True where the thread's id was made for this question: nothing is known of it yet."""
    option_id: str | None = None
    given: SqlDraft | None = None
    """SQL that takes the drafter's place: a statement or chip that the analyst edited."""
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    """Prompt name to version, for those who may try one."""
    llm: str = ""
    """The model that answers this question alone, for those who may choose; empty: the present."""
    run_id: str = field(default_factory=new_id)
    user: User = LOCAL_USER
    resumptions: int = 0
    """How often it has been taken up from a worker that was gone."""
    crashes: int = 0
    """How many of those workers it may have ended itself."""
    begun_at: datetime | None = None
    """When it was asked, where that was at another worker; UTC."""
    basis: str = ""
    """What that worker's statements were judged by."""

    def request(self, basis: str) -> RunRequest:
        """Returns what another worker would need to take the run up."""
        return RunRequest(
            user=self.user,
            option_id=self.option_id,
            given=self.given,
            prompt_versions=dict(self.prompt_versions),
            llm=self.llm,
            basis=basis,
        )


def taken_up(run: LapsedRun) -> Asked:
    """Returns the request of a run whose worker is gone."""
    request = run.request
    return Asked(
        question=run.question,
        thread_id=run.thread_id,
        option_id=request.option_id,
        given=request.given,
        prompt_versions=request.prompt_versions,
        llm=request.llm,
        run_id=run.run_id,
        user=request.user,
        resumptions=run.resumptions,
        crashes=run.crashes,
        begun_at=run.started_at,
        basis=request.basis,
    )
