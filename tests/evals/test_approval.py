"""A verified query is not approved where a sample of a suite would be lost by it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from cli.approval_suites import suites_check
from context_store.query_review import QueryReview
from context_store.store import ContextStore
from evals.approval import SuitesNotGreenError
from settings.settings import Settings

_QUESTION = "How many orders had an amount above 3?"
_RIGHT = "SELECT COUNT(*) AS n FROM orders WHERE amount > 3"


@pytest.fixture
def own(shop_settings: Settings, suite_file: Path, tmp_path: Path) -> Settings:
    context = tmp_path / "context"
    shutil.copytree(Path(shop_settings.context), context)
    return shop_settings.model_copy(update={"context": context, "suites": (suite_file,)})


def _approve(settings: Settings, question: str, sql: str) -> int:
    asked: list[int] = []
    store = ContextStore(settings.context)
    review = QueryReview(store, lambda: date(2026, 11, 26), suites_check(settings, asked.append))
    review.propose(question, sql, by="a run")
    review.approve(question, "Asha")
    return sum(asked)


def test_a_query_that_loses_samples_stays_in_quarantine(own: Settings) -> None:
    with pytest.raises(SuitesNotGreenError, match="shop/orders-3, ") as refused:
        _approve(own, _QUESTION, _RIGHT.replace("> 3", "< 3"))
    assert refused.value.status == 409
    dictionary = ContextStore(own.context).current().dictionary
    assert [query.question for query in dictionary.quarantined_queries] == [_QUESTION]
    assert dictionary.verified_queries == []


def test_a_query_that_is_right_is_approved_and_only_what_it_answers_is_asked(own: Settings) -> None:
    assert _approve(own, _QUESTION, _RIGHT) == 40
    assert _approve(own, "All orders there ever were", "SELECT COUNT(*) AS n FROM orders") == 0
    assert len(ContextStore(own.context).current().dictionary.verified_queries) == 2


def test_a_sample_that_failed_before_stops_no_approval(own: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        "name: broken\nsamples:\n- id: never\n"
        f"  question: {_QUESTION}\n  gold: SELECT -1 FROM orders LIMIT 1\n"
    )
    assert _approve(own.model_copy(update={"suites": (broken,)}), _QUESTION, _RIGHT) == 1
