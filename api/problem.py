"""Errors as RFC 9457 problem details. Nothing but our own words reaches the caller."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from domain.error_codes import ErrorCode, ErrorParameters, ErrorReason
from domain.errors import (
    BudgetError,
    OperatorError,
    SignInError,
    UnavailableError,
    UserError,
)

_log = structlog.get_logger(__name__)
_HTTP_CODES: dict[int, ErrorCode] = {404: "not_found", 405: "method_not_allowed"}
_MEDIA_TYPE = "application/problem+json"
_INTERNAL_DETAIL = (
    "Something is wrong on our side. Please try again, or give support the reference."
)


class Problem(BaseModel):
    """The body of every error response."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: ErrorCode
    reason: ErrorReason = ""
    """Which error of its kind; empty where the code says it all."""
    parameters: dict[str, str | int | float] = {}
    """The values in `detail`; a name that ends with `bytes` or `seconds` says its unit."""
    correlation_id: str
    """Stands in every log line of this request: the reference to give to support."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Returns the part of a route's OpenAPI that names its errors."""
    return {status: {"model": Problem} for status in statuses}


def install_problem_handlers(app: FastAPI) -> None:
    """Makes every error of the app a problem."""
    app.add_exception_handler(UserError, _user_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(OperatorError, _internal_error)
    app.add_exception_handler(Exception, _internal_error)


def problem_response(
    status: int,
    title: str,
    detail: str,
    code: ErrorCode,
    reason: ErrorReason = "",
    parameters: ErrorParameters | None = None,
) -> JSONResponse:
    """Returns a problem as a response."""
    problem = Problem(
        title=title,
        status=status,
        detail=detail,
        code=code,
        reason=reason,
        parameters=dict(parameters or {}),
        correlation_id=correlation_id.get() or uuid4().hex,
    )
    return JSONResponse(problem.model_dump(), status_code=int(status), media_type=_MEDIA_TYPE)


async def _user_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, UserError):
        raise error
    response = problem_response(
        error.status, error.title, error.message, error.code, error.reason, error.parameters
    )
    if isinstance(error, BudgetError | UnavailableError):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, SignInError):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    # Field names and rules only: the input itself is never echoed.
    places = (".".join(str(part) for part in item["loc"][1:]) for item in error.errors())
    detail = "; ".join(
        f"{place or 'body'}: {item['msg']}"
        for place, item in zip(places, error.errors(), strict=True)
    )
    return problem_response(
        HTTPStatus.UNPROCESSABLE_ENTITY, "The request does not fit", detail, "invalid_request"
    )


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    title = HTTPStatus(error.status_code).phrase
    code = _HTTP_CODES.get(error.status_code, "bad_request")
    return problem_response(error.status_code, title, str(error.detail), code)


async def _internal_error(request: Request, error: Exception) -> JSONResponse:
    _log.error("request_failed", path=request.url.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return problem_response(status, status.phrase, _INTERNAL_DETAIL, "internal")
