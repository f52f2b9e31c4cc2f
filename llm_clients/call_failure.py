"""Why a call failed, in the same words for every provider, and what may be done about it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx
from langchain_core import exceptions as langchain

from domain.errors import ModelError, ModelRefusedError, ModelUnavailableError, PromptTooLongError
from llm_clients.redaction import redact


class FailureKind(StrEnum):
    """What went wrong."""

    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    CUT_OFF = "cut_off"
    REFUSED = "refused"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    MISCONFIGURED = "misconfigured"
    STOPPED = "stopped"


_TRANSIENT = frozenset(
    {
        FailureKind.OVERLOADED,
        FailureKind.UNREACHABLE,
        FailureKind.TIMED_OUT,
        FailureKind.CUT_OFF,
    }
)

SENTENCES = {
    FailureKind.OVERLOADED: "The model is busy and turned this away. Try again in a minute.",
    FailureKind.UNREACHABLE: "The model cannot be reached at present. Try again in a minute.",
    FailureKind.TIMED_OUT: "The model took too long to reply. Try again, or ask something simpler.",
    FailureKind.CUT_OFF: "The model's reply broke off. Try again.",
    FailureKind.REFUSED: "The model declined this question. Ask it in other words.",
    FailureKind.TOO_LONG: "The question needs more context than the model can read at once. Ask"
    " about fewer things.",
    FailureKind.UNREADABLE: "The model's reply could not be used. Ask in other words.",
    FailureKind.MISCONFIGURED: "The model is not set up properly. An administrator has to look at"
    " its key, its name and its access.",
    FailureKind.STOPPED: "The run was stopped before the model had replied.",
}

_ERRORS: dict[FailureKind, type[ModelError]] = {
    FailureKind.REFUSED: ModelRefusedError,
    FailureKind.TOO_LONG: PromptTooLongError,
    FailureKind.UNREADABLE: ModelError,
    FailureKind.MISCONFIGURED: ModelError,
}


class CallFailedError(Exception):
    """One call failed. `detail` is for the log, never for the analyst.

    Providers put parts of keys into their messages, and retries are logged: none gets that far.
    """

    def __init__(
        self, kind: FailureKind, detail: str = "", retry_after: float | None = None
    ) -> None:
        self.detail = redact(detail)
        super().__init__(f"{kind}: {self.detail}")
        self.kind = kind
        self.retry_after = retry_after
        """Seconds that the provider asks to wait."""

    @property
    def is_transient(self) -> bool:
        """True where the same call may succeed a moment later."""
        return self.kind in _TRANSIENT

    @property
    def sentence(self) -> str:
        """What the analyst may read."""
        return SENTENCES[self.kind]

    def for_analyst(self) -> ModelError:
        """Returns the error that the run ends with."""
        return _ERRORS.get(self.kind, ModelUnavailableError)(self.sentence)


def classified_failure(error: Exception) -> CallFailedError | None:
    """Returns what LangChain's classes say of an exception; None for any other."""
    match error:
        case langchain.ContextOverflowError():
            kind = FailureKind.TOO_LONG
        case langchain.ModelRateLimitError():
            kind = FailureKind.OVERLOADED
        case langchain.ModelTimeoutError():
            kind = FailureKind.TIMED_OUT
        case langchain.ModelAPIError() | langchain.ModelConnectionError():
            kind = FailureKind.UNREACHABLE
        case langchain.ModelError():
            kind = FailureKind.MISCONFIGURED
        case _:
            return None
    return CallFailedError(kind, f"{type(error).__name__}: {error}", retry_after(error))


def connection_failure(error: Exception) -> CallFailedError | None:
    """Returns what an exception of the connection means; None for any other."""
    match error:
        case TimeoutError() | httpx.TimeoutException():
            kind = FailureKind.TIMED_OUT
        case httpx.RemoteProtocolError() | httpx.ReadError():
            kind = FailureKind.CUT_OFF
        case ConnectionError() | httpx.TransportError():
            kind = FailureKind.UNREACHABLE
        case _:
            return None
    return CallFailedError(kind, f"{type(error).__name__}: {error}")


def no_failure(error: Exception) -> None:
    """Knows no exceptions of its own."""


def retry_after(error: BaseException | None) -> float | None:
    """Returns the provider's `Retry-After` in seconds, from the error or what caused it."""
    while error is not None:
        headers = getattr(getattr(error, "response", None), "headers", None)
        seconds = headers.get("retry-after") if headers is not None else None
        if seconds is not None:
            return _seconds(str(seconds), datetime.now(UTC))
        error = error.__cause__
    return None


def _seconds(text: str, now: datetime) -> float | None:
    """Returns what either form of the header asks for: a number of seconds, or a date."""
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
