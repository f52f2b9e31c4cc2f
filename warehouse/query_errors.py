"""Errors of a statement that every engine may end with."""

from http import HTTPStatus

from domain.error_codes import ErrorCode
from domain.errors import RepairableError, UnavailableError, UserError, VtionError


class QueryTooSlowError(UserError):
    """The statement ran past its time limit."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    code = "query_too_slow"
    title = "The query took too long"


class QueryTooLargeError(UserError):
    """The statement needs more memory than it may have, or returns more than may be held."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "query_too_large"
    title = "The query needs too much memory"


class StatementLostError(UnavailableError):
    """The statement was submitted by a process that is gone, and nobody can tell what came of it.

    It is not submitted a second time without being asked for.
    """

    code: ErrorCode = "interrupted"
    title = "The service stopped while the query ran"

    def __init__(self) -> None:
        super().__init__(
            "The service stopped while the query ran, so its result is lost. The query may have "
            "run to its end; ask again to run it once more.",
            reason="statement_lost",
        )


class QueryCancelledError(VtionError):
    """Somebody stopped the statement."""


def out_of_memory() -> QueryTooLargeError:
    """Returns the error of a statement that asked for more memory than there is for it."""
    return QueryTooLargeError(
        "The query needs more memory than it may use. Ask for a shorter period or fewer groups."
    )


def too_slow(seconds: float) -> QueryTooSlowError:
    """Returns the error of a statement that ran past its time."""
    return QueryTooSlowError(
        f"The query was stopped after {seconds:g} seconds. "
        "Ask for a shorter period or fewer groups.",
        limit_seconds=seconds,
    )


def refusal(construct: str, hint: str = "Write the query without it.") -> RepairableError:
    """Returns the error that names a construct without an equal on DuckDB."""
    return RepairableError(
        f"{construct} cannot be run on DuckDB as Athena would.",
        hint=hint,
        rule="unsupported_construct",
    )
