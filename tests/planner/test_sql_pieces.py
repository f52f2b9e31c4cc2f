"""Parts of SQL that are changed in place."""

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import QuestionError
from planner.suggesting.piece import PieceEdit
from planner.suggesting.sql_pieces import edit_sql, pieces_of

CAP = 100_000
SQL = """
WITH active AS (
  SELECT s.app_id, s.person_id FROM sessions AS s
  WHERE s.local_date >= DATE '2026-09-01' AND s.local_date < DATE '2026-10-01'
    AND s.network IN ('4G', '5G') AND s.weight > 1.5
)
SELECT app_id, COUNT(*) AS n FROM active AS a
JOIN sessions AS s ON s.person_id = a.person_id
WHERE s.local_date >= DATE '2026-09-01' AND LOWER(s.city) = 'pune'
GROUP BY app_id HAVING COUNT(DISTINCT a.person_id) >= 30
ORDER BY n DESC LIMIT 10
"""


def test_conditions_and_limits_are_found_with_their_values() -> None:
    pieces = [piece for piece in pieces_of(SQL, CAP) if piece.kind in ("condition", "limit")]
    found = {piece.label: (piece.values, piece.value_kind) for piece in pieces}
    assert found == {
        "local date from": (("2026-09-01",), "date"),
        "city is": (("pune",), "text"),
        "local date before": (("2026-10-01",), "date"),
        "network is one of": (("4G", "5G"), "text"),
        "weight above": (("1.5",), "number"),
        "person id from": (("30",), "number"),
        "first": (("10",), "number"),
    }


def test_a_condition_says_its_comparison_for_other_languages() -> None:
    conditions = [piece for piece in pieces_of(SQL, CAP) if piece.kind == "condition"]
    assert {(piece.subject, piece.comparison) for piece in conditions} == {
        ("local date", "from"),
        ("city", "is"),
        ("local date", "before"),
        ("network", "one_of"),
        ("weight", "above"),
        ("person id", "from"),
    }
    below = pieces_of("SELECT 1 FROM t WHERE rating < 3", CAP)
    assert [(piece.label, piece.comparison) for piece in below] == [("rating below", "below")]


def test_the_limit_of_the_guard_is_nobodys_to_change() -> None:
    assert pieces_of(f"SELECT 1 FROM t LIMIT {CAP}", CAP) == ()


def test_a_condition_that_stands_twice_is_changed_twice() -> None:
    number = _number("local date from")
    after = edit_sql(SQL, (PieceEdit(number=number, values=("2026-08-01",)),), CAP)
    assert after.count("2026-08-01") == 2
    assert "2026-09-01" not in after


def test_a_list_may_grow_and_a_condition_go() -> None:
    edits = (
        PieceEdit(number=_number("network is one of"), values=("3G", "4G", "5G")),
        PieceEdit(number=_number("city is"), remove=True),
        PieceEdit(number=_number("first"), values=("5",)),
    )
    after = edit_sql(SQL, edits, CAP)
    assert "IN ('3G', '4G', '5G')" in after
    assert "pune" not in after
    assert "LIMIT 5" in after


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("local date from", ("yesterday",)),
        ("local date from", ()),
        ("weight above", ("nan",)),
        ("weight above", ("1; DROP TABLE sessions",)),
        ("first", ("-3",)),
        ("first", ("1.5",)),
        ("city is", ("pune", "delhi")),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused(label: str, values: tuple[str, ...]) -> None:
    with pytest.raises(QuestionError):
        edit_sql(SQL, (PieceEdit(number=_number(label), values=values),), CAP)


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(QuestionError):
        edit_sql(SQL, (PieceEdit(number=99, remove=True),), CAP)
    with pytest.raises(QuestionError):
        edit_sql(SQL, (PieceEdit(number=_number("first"), remove=True),), CAP)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_text_stays_one_literal(value: str) -> None:
    after = edit_sql(SQL, (PieceEdit(number=_number("city is"), values=(value,)),), CAP)
    tree = sqlglot.parse_one(after, read="athena")
    literals = [node.name for node in tree.find_all(sqlglot.exp.Literal) if node.is_string]
    assert value in literals
    assert len(literals) == 6


def test_values_put_back_give_the_same_statement() -> None:
    edits = tuple(
        PieceEdit(number=piece.number, values=piece.values) for piece in pieces_of(SQL, CAP)
    )
    expected = sqlglot.parse_one(SQL, read="athena").sql(dialect="athena", pretty=True)
    assert edit_sql(SQL, edits, CAP) == expected


def test_sql_that_cannot_be_read_has_no_parts() -> None:
    assert pieces_of("SELECT FROM WHERE (", CAP) == ()


def test_a_changed_statement_runs() -> None:
    sql = "SELECT COUNT(*) AS n FROM numbers WHERE value > 5 AND value < 8"
    after = edit_sql(sql, (PieceEdit(number=0, remove=True),), CAP)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE numbers AS SELECT range AS value FROM range(10)")
        assert connection.execute(after).fetchall() == [(8,)]


def _number(label: str) -> int:
    return next(piece.number for piece in pieces_of(SQL, CAP) if piece.label == label)
