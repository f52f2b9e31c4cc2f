"""Errors of a statement that every engine may end with."""

from http import HTTPStatus

from domain.errors import RepairableError, UserError, VtionError


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
