"""What a failure of Trino's engine means, by its code: Athena's words and Trino's are the same."""

import re

from domain.errors import OperatorError, RepairableError, VtionError
from warehouse.query_errors import QueryTooLargeError

_CODE = re.compile(r"^(?P<code>[A-Z][A-Z_0-9]{3,}): (?P<words>.*)", re.DOTALL)
_PLACE = re.compile(r"^line \d+:\d+: ")
_DENIED = ("Access Denied", "AccessDenied", "Insufficient permissions", "not authorized to perform")
_TOO_LARGE = ("EXCEEDED_", "Query exhausted resources")
_ENGINE_FAULTS = ("HIVE_", "ICEBERG_", "GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR", "GLUE_", "S3_")
_VALUE_FAULTS = {
    "INVALID_CAST_ARGUMENT": "A value cannot be cast to the type asked for; TRY_CAST gives NULL.",
    "INVALID_FUNCTION_ARGUMENT": "A function got a value that it cannot work with.",
    "NUMERIC_VALUE_OUT_OF_RANGE": "A number does not fit its type; cast to a wider one first.",
    "DIVISION_BY_ZERO": "A division by zero; NULLIF(divisor, 0) gives NULL.",
    "INVALID_JSON_LITERAL": "A text that should be JSON is not.",
    "INVALID_ARGUMENTS": "A function got a value that it cannot work with.",
}
"""Faults that show themselves on values: the engine's words hold the value, ours do not."""


def failure_of_reason(reason: str, query: str) -> VtionError:
    """Returns the error for a reason such as `COLUMN_NOT_FOUND: line 1:8: Column 'x' ...`.

    `query` is what an operator finds the statement by.
    """
    parts = _CODE.match(reason)
    code = parts["code"] if parts else ""
    words = without_place(parts["words"] if parts else reason)
    if any(denied in reason for denied in _DENIED):
        return OperatorError(f"The data may not be read: {reason}", "See the role's policy.")
    if any(reason.startswith(large) for large in _TOO_LARGE):
        return QueryTooLargeError(
            "The query needs more memory than the engine gives. Ask for a shorter period or "
            "fewer groups."
        )
    if code in _VALUE_FAULTS:
        return RepairableError(_VALUE_FAULTS[code])
    if not code or code.startswith(_ENGINE_FAULTS):
        return OperatorError(f"The engine failed on query {query}: {reason}")
    return RepairableError(words)


def without_place(words: str) -> str:
    """Returns the words without `line 1:8: `: they count in a statement that nobody wrote."""
    return _PLACE.sub("", words)
