from datetime import date
from pathlib import Path

import pytest

from context_store.build_context import BuiltContext
from context_store.loaded_context import LoadedContext, load_context
from context_store.query_review import QueryReview
from context_store.retrieve import retrieve
from context_store.store import ContextStore
from domain.dictionary import ColumnEntry, Dictionary, TableEntry, VerifiedQuery
from domain.errors import NotFoundError, OperatorError

IN_STATE = VerifiedQuery(
    question="How many customers are in Uttar Pradesh?",
    sql="SELECT COUNT(*) AS customers FROM customers WHERE state = 'Uttar Pradesh'",
    approved_by="Asha",
)
TOP = VerifiedQuery(
    question="Top 5 states by customers",
    sql="SELECT state, COUNT(*) AS n FROM customers GROUP BY state ORDER BY n DESC LIMIT 5",
    approved_by="Asha",
)
TWICE = VerifiedQuery(
    question="States with more than 5 customers, 5 at most",
    sql="SELECT state FROM customers GROUP BY state HAVING COUNT(*) > 5 LIMIT 5",
    approved_by="Asha",
)


@pytest.fixture(scope="module")
def context(built: BuiltContext) -> LoadedContext:
    dictionary = built.dictionary.model_copy(update={"verified_queries": [IN_STATE, TOP, TWICE]})
    return load_context(dictionary, built.values)


def sql_for(question: str, context: LoadedContext) -> str | None:
    answer = retrieve(question, context).direct_answer
    return answer.sql if answer is not None else None


def test_the_same_question_gets_the_verified_sql(context: LoadedContext) -> None:
    assert sql_for("how many customers are in uttar pradesh", context) == IN_STATE.sql
    assert (
        sql_for("Please show me how many customers are in Uttar Pradesh", context) == IN_STATE.sql
    )


def test_other_values_take_the_place_of_the_verified_ones(context: LoadedContext) -> None:
    answer = retrieve("How many customers are there in tamil nadu?", context).direct_answer
    assert answer is not None
    assert answer.sql.endswith("WHERE state = 'Tamil Nadu'")
    assert (answer.approved_by, answer.changed) == ("Asha", (("Uttar Pradesh", "tamil nadu"),))
    assert str(sql_for("top 12 states by customers", context)).endswith("LIMIT 12")


@pytest.mark.parametrize(
    "question",
    [
        "How many customers are not in Uttar Pradesh?",
        "How many customers are in Hotstar?",
        "How many customers are in Uttar Pradesh by gender?",
        "How many orders are in Uttar Pradesh?",
        "Top states by customers",
        "States with more than 7 customers, 3 at most",
        "",
    ],
)
def test_any_other_question_is_not_answered_so(context: LoadedContext, question: str) -> None:
    assert sql_for(question, context) is None


def test_a_value_of_two_columns_takes_no_place_in_the_sql() -> None:
    names = ("city", "state")
    table = TableEntry(name="people", columns=[ColumnEntry(name=n, type="varchar") for n in names])
    query = VerifiedQuery(
        question="How many people in Kerala?", sql="SELECT 1 FROM people WHERE state = 'Kerala'"
    )
    dictionary = Dictionary(source_name="s", tables=[table], verified_queries=[query])
    values = {"people": {"city": ["Chandigarh"], "state": ["Kerala", "Chandigarh", "Punjab"]}}
    context = load_context(dictionary, values)
    assert str(sql_for("How many people in Punjab?", context)).endswith("'Punjab'")
    assert sql_for("How many people in Chandigarh?", context) is None


def on_day() -> date:
    return date(2026, 11, 26)


def test_a_learned_query_waits_until_a_person_approves_it(
    built: BuiltContext, tmp_path: Path
) -> None:
    store = ContextStore(tmp_path)
    store.save(built.dictionary, built.values)
    review = QueryReview(store, on_day)
    review.propose(IN_STATE.question, IN_STATE.sql, "feedback of run 7")
    assert review.approved() == []
    assert retrieve(IN_STATE.question, store.current()).verified_queries == ()
    assert sql_for(IN_STATE.question, store.current()) is None
    review.approve(IN_STATE.question.upper(), "Asha")
    assert review.waiting() == []
    (query,) = review.approved()
    assert (query.approved_by, query.approved_on) == ("Asha", on_day())
    assert sql_for(IN_STATE.question, store.current()) == IN_STATE.sql
    review.remove(IN_STATE.question, "Asha")
    assert review.approved() == []
    with pytest.raises(NotFoundError):
        review.approve(IN_STATE.question, "Asha")


def test_a_check_that_fails_leaves_the_query_in_quarantine(
    built: BuiltContext, tmp_path: Path
) -> None:
    store = ContextStore(tmp_path)
    store.save(built.dictionary, built.values)

    def check(*_: object) -> int:
        raise OperatorError("The suite is red.")

    review = QueryReview(store, on_day, check)
    review.propose(TOP.question, TOP.sql, "Ravi")
    with pytest.raises(OperatorError, match="red"):
        review.approve(TOP.question, "Asha")
    assert [query.question for query in review.waiting()] == [TOP.question]
