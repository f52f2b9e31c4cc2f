"""Errors of a statement as JSON. A worker is not trusted: nothing it sends is unpickled."""

from typing import Any

from domain.errors import OperatorError, RepairableError, VtionError
from warehouse.query_errors import QueryCancelledError, QueryTooLargeError, QueryTooSlowError

_CLASSES: dict[str, type[VtionError]] = {
    known.__name__: known
    for known in (OperatorError, QueryCancelledError, QueryTooLargeError, QueryTooSlowError)
}


def error_content(error: VtionError) -> dict[str, str]:
    """Returns the error's class and words."""
    content = {"class": type(error).__name__, "message": str(error)}
    if isinstance(error, RepairableError):
        content |= {"message": error.message, "hint": error.hint, "rule": error.rule}
    return content


def error_of(content: dict[str, Any]) -> VtionError:
    """Returns the error that a worker sent."""
    message = str(content["message"])
    if content["class"] == RepairableError.__name__:
        return RepairableError(message, str(content["hint"]), str(content["rule"]))
    return _CLASSES.get(content["class"], OperatorError)(message)
