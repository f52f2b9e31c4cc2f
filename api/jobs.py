"""Long work of an administrator's: begun by one request, watched by others."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

import structlog
from pydantic import BaseModel

from domain.errors import ConflictError, VtionError

_log = structlog.get_logger(__name__)
_KEPT = 50
_FAILED = "It failed; the log says why, under this job's id."


class Job(BaseModel):
    """How a piece of work stands."""

    job_id: str
    kind: str
    status: Literal["running", "succeeded", "failed"] = "running"
    started_at: datetime
    done: int = 0
    total: int = 0
    """0 while it is not known."""
    doing: str = ""
    """What is being worked on, such as a table."""
    result: str = ""
    message: str = ""
    """Why it failed."""


Report = Callable[[int, int, str], None]
"""Takes done, total and what is being worked on."""


class JobRegistry:
    """The jobs of this process; one of a kind at a time."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, kind: str, work: Callable[[Report], Awaitable[str]]) -> Job:
        """Begins work; raises ConflictError while another of its kind goes on."""
        if any(job.kind == kind and job.status == "running" for job in self._jobs.values()):
            raise ConflictError("This is being done already.", "already_under_way")
        job = Job(job_id=uuid4().hex, kind=kind, started_at=datetime.now(UTC))
        self._jobs[job.job_id] = job
        while len(self._jobs) > _KEPT:
            self._jobs.pop(next(iter(self._jobs)))
        task = asyncio.create_task(self._run(job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    def find(self, job_id: str) -> Job | None:
        """Returns a job as it stands now."""
        return self._jobs.get(job_id)

    async def close(self) -> None:
        """Stops what goes on."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, job: Job, work: Callable[[Report], Awaitable[str]]) -> None:
        def report(done: int, total: int, doing: str) -> None:
            job.done, job.total, job.doing = done, total, doing

        try:
            job.result = await work(report)
            job.status = "succeeded"
        except Exception as error:  # noqa: BLE001 the edge: a job ends with a status
            _log.exception("job_failed", job_id=job.job_id, kind=job.kind)
            job.status = "failed"
            job.message = str(error) if isinstance(error, VtionError) else _FAILED
