"""How runs end, as events."""

import structlog

from domain.error_codes import known_code
from domain.errors import OperatorError, UserError
from domain.run_event import RunClosed, RunFailed, RunFinished
from graph.asked import new_id

_log = structlog.get_logger(__name__)
INTERNAL = "Something is wrong on our side. Please try again, or give support the reference."
"""What users are told of what only an operator can mend."""


def end_of(closed: RunClosed) -> RunFinished | RunFailed:
    """Returns the last event of a run that came to its end."""
    if not closed.failure_code:
        return RunFinished(answer=closed.answer)
    code = known_code(closed.failure_code)
    return RunFailed(code=code, message=closed.answer.text, reference=_new_reference())


def failed(error: UserError | OperatorError) -> RunFailed:
    """Returns the last event of a run that an error ended; an operator's goes to the log whole."""
    reference = _new_reference()
    if isinstance(error, UserError):
        return RunFailed(
            code=error.code,
            message=error.message,
            reference=reference,
            reason=error.reason,
            parameters=dict(error.parameters),
        )
    _log.error("run_failed", reference=reference, error=error.message, remedy=error.remedy)
    return RunFailed(code="internal", message=INTERNAL, reference=reference)


def _new_reference() -> str:
    return new_id()[:12]
