"""What a loopback provider does with a request, in words that fit every protocol."""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Says:
    """A whole reply; streamed, it comes word by word."""

    text: str = ""
    arguments: dict[str, Any] | None = None
    """Given to the one tool that the request offers."""
    tokens_in: int = 100
    tokens_out: int = 20
    tokens_cached: int = 40
    """Part of `tokens_in`."""


@dataclass(frozen=True)
class Fails:
    """An error status, in the provider's own form."""

    status: int
    retry_after: int | None = None


@dataclass(frozen=True)
class Hangs:
    """Takes the request and never replies."""


@dataclass(frozen=True)
class BreaksOff:
    """A stream that loses its connection after some of its words."""

    text: str


@dataclass(frozen=True)
class StopsShort:
    """A stream that closes in good order but was never finished."""

    text: str


@dataclass(frozen=True)
class Garbles:
    """A body that is no JSON."""


@dataclass(frozen=True)
class Refuses:
    """The model or its filter declines."""


@dataclass(frozen=True)
class Overflows:
    """The prompt is longer than the model's context."""


Behaviour: TypeAlias = Says | Fails | Hangs | BreaksOff | StopsShort | Garbles | Refuses | Overflows


def words(text: str) -> list[str]:
    """Cuts a text into the pieces that it is streamed in."""
    return [word if not i else f" {word}" for i, word in enumerate(text.split(" "))]
