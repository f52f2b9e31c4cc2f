"""One part of a statement that an analyst may change, and a change of it."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

ValueKind: TypeAlias = Literal["text", "number", "date"]
Comparison: TypeAlias = Literal[
    "", "is", "is_not", "above", "from", "before", "below", "up_to", "one_of", "between", "like"
]
PieceKind: TypeAlias = Literal["condition", "limit", "measure", "split", "new_split"]


class Piece(BaseModel):
    """A condition, a limit, a measure or a split with the values that it holds."""

    model_config = ConfigDict(frozen=True)

    number: int
    kind: PieceKind
    label: str
    """Such as `app name is` or `first`."""
    subject: str = ""
    """Of a condition, its column in words."""
    comparison: Comparison = ""
    """Of a condition, how it compares."""
    values: tuple[str, ...]
    """Of a measure, its function and its column; of a split, its column, empty for a new one."""
    value_kind: ValueKind
    can_remove: bool
    choices: tuple[tuple[str, ...], ...] = ()
    """What each value may become; empty where anything of its kind may stand."""


class PieceEdit(BaseModel):
    """New values of a piece, or its removal. Piece numbers are those of the unedited statement."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=0)
    remove: bool = False
    values: tuple[str, ...] = Field(default=(), max_length=100)
