"""Athena's errors, by who can act on them, without a value of the data."""

import re
from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from pyathena.model import AthenaQueryExecution

from domain.errors import OperatorError, RepairableError, UserError, VtionError
from warehouse.duckdb_errors import QueryTooLargeError

THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "SlowDown"})
_DENIED = ("Access Denied", "AccessDenied", "Insufficient permissions", "not authorized to perform")
_CUTOFF = "Bytes scanned limit was exceeded"
_CODE = re.compile(r"^(?P<code>[A-Z][A-Z_0-9]{3,}): (?P<words>.*)", re.DOTALL)
_ADVERTISEMENT = re.compile(r"\s*This query ran against the .*", re.DOTALL)
_PLACE = re.compile(r"^line \d+:\d+: ")

_VALUE_FAULTS = {
    "INVALID_CAST_ARGUMENT": "A value cannot be cast to the type asked for; TRY_CAST gives NULL.",
    "INVALID_FUNCTION_ARGUMENT": "A function got a value that it cannot work with.",
    "NUMERIC_VALUE_OUT_OF_RANGE": "A number does not fit its type; cast to a wider one first.",
    "DIVISION_BY_ZERO": "A division by zero; NULLIF(divisor, 0) gives NULL.",
    "INVALID_JSON_LITERAL": "A text that should be JSON is not.",
    "INVALID_ARGUMENTS": "A function got a value that it cannot work with.",
}
"""Faults that show themselves on values: Athena's words hold the value, ours do not."""
_TOO_LARGE = ("EXCEEDED_", "Query exhausted resources")
_ENGINE_FAULTS = ("HIVE_", "ICEBERG_", "GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR", "GLUE_", "S3_")


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
    if any(words in reason for words in _TOO_LARGE):
        return QueryTooLargeError(
            "The query needs more memory than Athena gives. Ask for a shorter period or "
            "fewer groups."
        )
    return _failed(reason, execution.query_id or "")


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
        return RepairableError(f"Syntax error: {_PLACE.sub('', message)}", rule="syntax")
    remedy = "Renew the credentials." if code.startswith("ExpiredToken") else ""
    return OperatorError(f"{error.operation_name} failed with {code}: {message}", remedy)


def _failed(reason: str, query_id: str) -> VtionError:
    parts = _CODE.match(reason)
    code = parts["code"] if parts else ""
    words = _PLACE.sub("", parts["words"] if parts else reason)
    if any(denied in reason for denied in _DENIED):
        return OperatorError(f"Athena may not read the data: {reason}", "See the role's policy.")
    if code in _VALUE_FAULTS:
        return RepairableError(_VALUE_FAULTS[code])
    if not code or code.startswith(_ENGINE_FAULTS):
        return OperatorError(f"Athena failed on query {query_id}: {reason}")
    return RepairableError(words)
