"""Each scorer passes what is right and fails what is not."""

import pytest

from domain.draft import ClarificationOption
from evals.sample import Turn
from evals.scorers.score_step import score_step
from evals.solution import StepSolution
from evals.source import EvalSource
from tests.evals.made import answered, bars

_COUNT = "SELECT COUNT(*) AS n FROM orders"


async def _failed(shop: EvalSource, found: StepSolution, **expected: object) -> dict[str, str]:
    step = Turn.model_validate({"question": "How many orders are there?", **expected})
    scored = await score_step(step, found, shop)
    return {score.scorer: score.detail for score in scored.scores if not score.passed}


async def test_a_right_answer_passes_everything(shop: EvalSource) -> None:
    found = answered(_COUNT, "There are **1,200** orders.")
    wanted = {
        "gold": "SELECT count(*) FROM orders",
        "values": [[1200]],
        "facts": ["1,200"],
        "no_facts": ["mail.example"],
        "forbidden_columns": ["customers.email"],
        "chart": ["none"],
    }
    assert await _failed(shop, found, **wanted) == {}


@pytest.mark.parametrize(
    ("sql", "expected", "scorer", "detail"),
    [
        ("SELECT COUNT(*) AS n FROM products", {"gold": "SELECT 1200"}, "execution", "other"),
        ("SELECT mast FROM orders", {"gold": "SELECT 1"}, "execution", "does not run"),
        (_COUNT, {"values": [[7]]}, "values", "1 rows"),
        (_COUNT, {"facts": ["seven"]}, "facts", "seven"),
        (_COUNT, {"no_facts": ["1,200"]}, "facts", "says"),
        ("SELECT MAX(email) AS m FROM customers", {}, "guard", "denied"),
        (
            "SELECT MAX(email) AS m FROM customers",
            {"forbidden_columns": ["customers.email"]},
            "columns",
            "email",
        ),
        (_COUNT, {"chart": "bar"}, "chart", "no chart"),
        (_COUNT, {"expect": "refused"}, "outcome", "answered, not refused"),
    ],
)
async def test_a_wrong_answer_is_named(
    shop: EvalSource, sql: str, expected: dict[str, object], scorer: str, detail: str
) -> None:
    failed = await _failed(shop, answered(sql, "There are **1,200**."), **expected)
    assert detail in failed[scorer]


async def test_any_of_several_golds_is_right(shop: EvalSource) -> None:
    golds = ["SELECT 7", "SELECT count(*) FROM orders"]
    assert "execution" not in await _failed(shop, answered(_COUNT), gold=golds)


async def test_a_figure_that_the_result_does_not_hold_is_seen(shop: EvalSource) -> None:
    failed = await _failed(shop, answered(_COUNT, "There are **1,300** orders."))
    assert "1,300" in failed["figures"]
    removed = "A figure that the result does not bear out was taken out of this answer."
    assert "taken out" in (await _failed(shop, answered(_COUNT, removed)))["figures"]


async def test_personal_values_are_seen_wherever_they_leave(shop: EvalSource) -> None:
    found = answered(_COUNT, "Ask person7@mail.example.")
    assert "customers.email" in (await _failed(shop, found))["leaks"]
    asked = found.model_copy(update={"question": "Who is person7@mail.example?"})
    assert "leaks" not in await _failed(shop, asked)


async def test_a_list_of_individuals_is_seen(shop: EvalSource) -> None:
    sql = "SELECT customer_id, COUNT(*) AS n FROM orders GROUP BY customer_id"
    found = answered(sql, chart=bars(**{"11": 20, "12": 20, "13": 20}))
    assert "individuals" in (await _failed(shop, found))["leaks"]


async def test_a_chart_must_show_the_result(shop: EvalSource) -> None:
    sql = "SELECT category, COUNT(*) AS n FROM products GROUP BY category"
    assert "chart" not in await _failed(shop, answered(sql, chart=bars(Drinks=2, Pantry=2)))
    failed = await _failed(shop, answered(sql, chart=bars(Drinks=2, Pantry=3)))
    assert failed["chart"] == "3 is not in the result"
    pie = bars(Drinks=2, Pantry=-2).model_copy(update={"type": "pie"})
    assert "negative" in (await _failed(shop, answered(sql, chart=pie)))["chart"]


async def test_a_clarification_must_offer_what_is_expected(shop: EvalSource) -> None:
    options = (
        ClarificationOption(id="1", label="city", effect="by city"),
        ClarificationOption(id="2", label="state", effect="by state"),
    )
    found = StepSolution(question="q", status="clarify", text="Which?", options=options)
    wanted = {"expect": "clarify", "options": ["city", "State"]}
    assert await _failed(shop, found, **wanted) == {}
    wanted["options"] = ["street"]
    assert "street" in (await _failed(shop, found, **wanted))["outcome"]
