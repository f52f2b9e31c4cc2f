"""A prompt keeps to its tokens: all of a schema that fits, of a larger one what is needed most."""

import re
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.dictionary import ColumnEntry, Dictionary, Relationship, TableEntry
from domain.draft import DraftRequest, SqlDraft
from domain.errors import PromptTooLongError
from domain.evidence import Evidence, ScoredColumn, ScoredTable
from llm_clients.call import ModelReply, PromptCall
from llm_clients.call_failure import CallFailedError, FailureKind
from llm_clients.model_client import ModelClient
from llm_clients.model_list import ModelEntry
from model_brain.drafter import ModelDrafter
from model_brain.prompt_budget import estimated_tokens
from prompts.registry import PromptRegistry
from tests.model_brain.test_drafter import Answering

_REPLY = "```sql\nSELECT 1\n```"
_PLENTY = 10_000_000


@dataclass
class Full(Answering):
    """Finds the first prompt too long."""

    sizes: list[int] = field(default_factory=list)

    async def complete(self, call: PromptCall) -> ModelReply:
        self.sizes.append(_tokens(call))
        if len(self.sizes) == 1:
            raise CallFailedError(FailureKind.TOO_LONG, "too long")
        return await super().complete(call)


def _tokens(call: PromptCall) -> int:
    return estimated_tokens(f"{call.system}\n\n{call.user}")


async def _prompt(request: DraftRequest, tokens: int) -> PromptCall:
    model = Answering([_REPLY])
    entry = ModelEntry(id="m", context_tokens=_PLENTY)
    drafter = ModelDrafter(ModelClient("m", entry, model), PromptRegistry(), tokens)
    assert isinstance(await drafter.draft(request), SqlDraft)
    return model.heard[0]


def _shown(call: PromptCall) -> set[str]:
    return set(re.findall(r"^(table_\d+) \(", call.system, re.MULTILINE))


def _column(number: int) -> ColumnEntry:
    return ColumnEntry(name=f"column_{number}", type="bigint", description="What it is. " * 3)


def _request(widths: list[int], parents: list[int], scores: list[int]) -> DraftRequest:
    """Each table but the first refers to one before it; the retrieved ones are those scored."""
    tables = [
        TableEntry(name=f"table_{n}", columns=[_column(c) for c in range(width)])
        for n, width in enumerate(widths)
    ]
    joins = [
        Relationship(
            child_table=f"table_{n}",
            child_columns=["column_0"],
            parent_table=f"table_{parents[n] % n}",
            parent_columns=["column_0"],
            confidence=1,
        )
        for n in range(1, len(widths))
    ]
    order = sorted(range(len(widths)), key=lambda n: -scores[n])
    evidence = Evidence(
        tables=tuple(ScoredTable(table=f"table_{n}", score=scores[n]) for n in order),
        relationships=tuple(joins),
    )
    dictionary = Dictionary(
        source_name="s", tables=tables, relationships=joins, domain_context="About it. " * 50
    )
    return DraftRequest(
        question="How much?", dictionary=dictionary, evidence=evidence, today=date(2026, 1, 31)
    )


_SIZES = st.integers(1, 25).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(1, 60), min_size=n, max_size=n),
        st.lists(st.integers(0, 30), min_size=n, max_size=n),
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
    )
)


@given(_SIZES, st.integers(1_500, 30_000))
@settings(max_examples=40, deadline=None)
async def test_no_prompt_is_longer_than_its_budget(
    sizes: tuple[list[int], list[int], list[int]], budget: int
) -> None:
    request = _request(*sizes)
    whole = await _prompt(request, _PLENTY)
    assert _shown(whole) == set(request.dictionary.table_names)
    try:
        told = await _prompt(request, budget)
    except PromptTooLongError:
        assert budget < 3_000
        return
    assert _tokens(told) <= budget
    if _tokens(whole) <= budget:
        assert told.system == whole.system
    _assert_joined(request, _shown(told))


def _assert_joined(request: DraftRequest, shown: set[str]) -> None:
    """Holds that from the best table every one that is shown can be reached by those shown."""
    reached, waiting = set[str](), [request.evidence.tables[0].table]
    while waiting:
        here = waiting.pop()
        reached.add(here)
        for join in request.evidence.relationships:
            ends = {join.child_table, join.parent_table}
            waiting += [t for t in ends if here in ends and t in shown and t not in reached]
    assert shown <= reached


async def test_of_a_wide_table_the_columns_that_are_asked_for_stay() -> None:
    request = _request([2_000], [0], [1])
    named = (ScoredColumn(column="column_1977", score=1, reason="name"),)
    evidence = Evidence(tables=(ScoredTable(table="table_0", score=1, columns=named),))
    told = await _prompt(request.model_copy(update={"evidence": evidence}), 6_000)
    assert "column_1977 " in told.system
    assert "column_1500 " not in told.system


async def test_a_prompt_that_the_model_finds_too_long_is_halved_once() -> None:
    request = _request([40] * 12, [0] * 12, list(range(12)))
    model = Full([_REPLY])
    client = ModelClient("m", ModelEntry(id="m"), model)
    outcome = await ModelDrafter(client, PromptRegistry()).draft(request)
    assert isinstance(outcome, SqlDraft)
    assert len(model.sizes) == 2
    assert model.sizes[1] <= model.sizes[0] // 2


async def test_the_model_s_own_room_bounds_the_prompt() -> None:
    request = _request([40] * 12, [0] * 12, list(range(12)))
    model = Answering([_REPLY])
    entry = ModelEntry(id="m", context_tokens=8_000, thinking_tokens=1_000)
    await ModelDrafter(ModelClient("m", entry, model), PromptRegistry()).draft(request)
    assert 3_000 < _tokens(model.heard[0]) <= 8_000 - 1_000 - 2_000


@pytest.mark.parametrize("budget", [500])
async def test_what_cannot_fit_at_all_is_said(budget: int) -> None:
    with pytest.raises(PromptTooLongError):
        await _prompt(_request([5], [0], [1]), budget)
