"""Errors, classified by who can act on them."""

from http import HTTPStatus

from domain.error_codes import ErrorCode, ErrorParameters, ErrorReason


class VtionError(Exception):
    """Base of every error raised on purpose."""


class RepairableError(VtionError):
    """The drafter can act: the message goes back to it as a reason for the next attempt."""

    def __init__(self, message: str, hint: str = "", rule: str = "engine_error") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.rule = rule


class UserError(VtionError):
    """The user can act: the class holds the status and code, the message is safe to show.

    `reason` and `parameters` say the same as the message, for a client with words of its own.
    """

    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    code: ErrorCode = "bad_request"
    title: str = "The request cannot be used"

    def __init__(
        self, message: str, reason: ErrorReason = "", **parameters: str | int | float
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason: ErrorReason = reason
        self.parameters: ErrorParameters = parameters


class QuestionError(UserError):
    """The question cannot be read at all: empty, too long, or without a word."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unusable_question"
    title = "The question cannot be read"


class NotFoundError(UserError):
    """What was asked for does not exist, or is not the caller's."""

    status = HTTPStatus.NOT_FOUND
    code: ErrorCode = "not_found"
    title = "Not found"


class ConflictError(UserError):
    """The request does not fit the present state, such as resuming a run that does not wait."""

    status = HTTPStatus.CONFLICT
    code: ErrorCode = "conflict"
    title = "The request does not fit the present state"


class ModelError(UserError):
    """No chat model gave a usable reply; asking again, or asking otherwise, may help."""

    status = HTTPStatus.BAD_GATEWAY
    code: ErrorCode = "model_failed"
    title = "The model did not answer"


class ModelUnavailableError(ModelError):
    """The model cannot be reached now: overloaded, too slow, or down."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "model_unavailable"


class ModelRefusedError(ModelError):
    """The model, or its provider's filter, declines the text."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "model_refused"


class PromptTooLongError(ModelError):
    """The prompt does not fit into the model's context."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "prompt_too_long"


class SignInError(UserError):
    """The request carries no valid credentials."""

    status = HTTPStatus.UNAUTHORIZED
    code = "sign_in"
    title = "Sign in first"


class ForbiddenError(UserError):
    """The user is known and may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"
    title = "This is not allowed"


class BudgetError(UserError):
    """A limit of the user's is reached; the same request may work in `retry_after` seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"
    title = "A limit is reached"

    def __init__(
        self,
        message: str,
        retry_after: int,
        reason: ErrorReason = "",
        **parameters: str | int | float,
    ) -> None:
        super().__init__(message, reason, **parameters)
        self.retry_after = retry_after


class UnavailableError(UserError):
    """The service cannot do this now; the same request may work in `retry_after` seconds."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code: ErrorCode = "unavailable"
    title = "The service cannot do this now"

    def __init__(self, message: str, retry_after: int = 5, reason: ErrorReason = "") -> None:
        super().__init__(message, reason)
        self.retry_after = retry_after


class RunTakenError(VtionError):
    """Another worker took the run up while this one stood still: it lets go of it."""


class OperatorError(VtionError):
    """Only an operator can act: logged whole, shown to the user as a reference."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy
