"""Athena's errors, by who can act on them, without a value of the data."""

import re
from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from pyathena.model import AthenaQueryExecution

from domain.errors import OperatorError, RepairableError, UserError, VtionError
from warehouse.trino_failure import failure_of_reason, without_place

THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "SlowDown"})
_CUTOFF = "Bytes scanned limit was exceeded"
_ADVERTISEMENT = re.compile(r"\s*This query ran against the .*", re.DOTALL)


class QueryTooCostlyError(UserError):
    """The statement would read, or has read, more than it may."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "query_too_costly"
    title = "The query would read too much data"


class WarehouseBusyError(UserError):
    """The warehouse refuses work for now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "warehouse_busy"
    title = "The warehouse is busy"


def failure_of(execution: AthenaQueryExecution) -> VtionError:
    """Returns the error of an execution that did not succeed."""
    reason = _ADVERTISEMENT.sub("", execution.state_change_reason or execution.error_message or "")
    if _CUTOFF in reason:
        return QueryTooCostlyError(
            "The query was stopped: it read more than the workgroup allows one query. "
            "Ask for a shorter period."
        )
    if execution.state == AthenaQueryExecution.STATE_CANCELLED:
        return OperatorError(f"The query {execution.query_id} was stopped from outside.", reason)
    return failure_of_reason(reason, execution.query_id or "")


def is_worth_a_retry(execution: AthenaQueryExecution) -> bool:
    """True where Athena itself says that the same statement may succeed."""
    return bool(execution.retryable) and execution.state == AthenaQueryExecution.STATE_FAILED


def api_error_of(error: BaseException) -> VtionError:
    """Returns the error for a call that failed, such as one without credentials."""
    cause = error.__cause__ if error.__cause__ is not None else error
    if isinstance(cause, ClientError):
        return _client_error(cause)
    if isinstance(cause, BotoCoreError):
        return OperatorError(f"Athena cannot be reached: {cause}", "See VTION_WAREHOUSE.")
    return OperatorError(f"Athena's client failed: {error!r}")


def _client_error(error: ClientError) -> VtionError:
    answer = error.response.get("Error", {})
    code, message = answer.get("Code", ""), answer.get("Message", "")
    if code in THROTTLED:
        return WarehouseBusyError("The warehouse is busy. Please ask again in a minute.")
    if error.response.get("AthenaErrorCode") == "MALFORMED_QUERY":
        return RepairableError(f"Syntax error: {without_place(message)}", rule="syntax")
    remedy = "Renew the credentials." if code.startswith("ExpiredToken") else ""
    return OperatorError(f"{error.operation_name} failed with {code}: {message}", remedy)
