"""Checkpoints keep the state's own types and bring no other to life."""

import dataclasses
from datetime import date

import pytest

from domain.draft import Assumption, SqlDraft, Turn
from domain.errors import OperatorError
from domain.plan import ColumnReference, Dimension, Plan, TimeGrain
from graph.checkpointer import open_checkpointer, state_serializer

_PLAN = Plan(
    table="orders",
    dimensions=(
        Dimension(
            column=ColumnReference(table="orders", column="day"), grain=TimeGrain.WEEK, label="week"
        ),
    ),
)


@dataclasses.dataclass
class Foreign:
    """A type that no state holds."""

    command: str = "rm"


@pytest.mark.parametrize(
    "value",
    [
        Turn(question="q", sql="SELECT 1", plan=_PLAN, answer="1"),
        SqlDraft(sql="SELECT 1", plan=_PLAN, assumptions=(Assumption(kind="note", text="n"),)),
        date(2026, 1, 31),
    ],
)
def test_state_survives_whole(value: object) -> None:
    serializer = state_serializer()
    assert serializer.loads_typed(serializer.dumps_typed(value)) == value


def test_a_foreign_type_is_not_brought_to_life() -> None:
    serializer = state_serializer()
    restored = serializer.loads_typed(serializer.dumps_typed(Foreign()))
    assert not isinstance(restored, Foreign)


async def test_an_unsupported_url_says_what_is_supported() -> None:
    with pytest.raises(OperatorError, match="sqlite"):
        async with open_checkpointer("mysql://somewhere"):
            pass
