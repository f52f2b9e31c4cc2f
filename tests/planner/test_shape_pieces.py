"""Measures and splits of SQL that are changed in place."""

import duckdb
import pytest

from domain.dictionary import ColumnEntry, ColumnRole, Dictionary, PiiKind, TableEntry
from domain.errors import QuestionError
from planner.suggesting.piece import Piece, PieceEdit
from planner.suggesting.sql_pieces import edit_sql, pieces_of

CAP = 100_000
SQL = """
SELECT s.network AS network, v.city, AVG(s.seconds) AS average_seconds, COUNT(*) AS n
FROM sessions AS s JOIN visitors AS v ON s.visitor = v.visitor
WHERE s.seconds > 1
GROUP BY s.network, v.city
ORDER BY average_seconds DESC, network
"""
BY_POSITION = "SELECT network, device, SUM(seconds) AS t FROM sessions GROUP BY 1, 2 ORDER BY 3, 1"


def _column(name: str, role: ColumnRole, **rest: object) -> ColumnEntry:
    return ColumnEntry.model_validate({"name": name, "type": "VARCHAR", "role": role, **rest})


DICTIONARY = Dictionary(
    source_name="test",
    tables=[
        TableEntry(
            name="sessions",
            columns=[
                _column("visitor", ColumnRole.KEY),
                _column("network", ColumnRole.DIMENSION),
                _column("device", ColumnRole.DIMENSION),
                _column("seconds", ColumnRole.MEASURE, additive=True),
                _column("speed", ColumnRole.MEASURE),
            ],
        ),
        TableEntry(
            name="visitors",
            columns=[
                _column("visitor", ColumnRole.KEY),
                _column("city", ColumnRole.DIMENSION),
                _column("street", ColumnRole.DIMENSION, pii=PiiKind.ADDRESS),
            ],
        ),
    ],
)


def test_measures_and_splits_are_found_with_what_they_may_become() -> None:
    network, city, seconds = _piece("network"), _piece("city"), _piece("average")
    assert network.choices == (("network", "device"),)
    assert city.choices == (("city",),), "personal data is no way to split"
    assert seconds.values == ("average", "seconds")
    assert seconds.choices == (("average", "total", "lowest", "highest"), ("seconds", "speed"))
    assert not seconds.can_remove


def test_a_split_goes_and_its_order_with_it() -> None:
    assert _run(_edited("network", remove=True)) == [("Pune", 45.0, 2), ("Agra", 7.0, 1)]


def test_all_splits_may_go() -> None:
    edits = tuple(
        PieceEdit(number=_piece(name).number, remove=True) for name in ("network", "city")
    )
    assert _run(edit_sql(SQL, edits, CAP, DICTIONARY)) == [(pytest.approx(97 / 3), 3)]


def test_a_split_becomes_another_column_of_its_table() -> None:
    assert _run(_edited("network", "device")) == [
        ("tablet", "Pune", 60.0, 1),
        ("phone", "Pune", 30.0, 1),
        ("phone", "Agra", 7.0, 1),
    ]


def test_a_measure_takes_another_aggregate_and_another_column() -> None:
    assert _run(_edited("average", "total", "seconds"))[0] == ("4G", "Pune", 90, 2)
    assert _run(_edited("average", "highest", "speed"))[0] == ("4G", "Pune", 9, 2)


def test_positions_are_read_as_columns() -> None:
    first = next(p for p in pieces_of(BY_POSITION, CAP, DICTIONARY) if p.values == ("network",))
    edit = PieceEdit(number=first.number, remove=True)
    assert _run(edit_sql(BY_POSITION, (edit,), CAP, DICTIONARY)) == [("phone", 37), ("tablet", 60)]


@pytest.mark.parametrize(
    ("piece", "values"),
    [
        ("network", ("street",)),
        ("network", ("visitor",)),
        ("network", ("1; DROP TABLE sessions",)),
        ("city", ("device",)),
        ("average", ("total", "speed")),
        ("average", ("total", "visitor")),
        ("average", ("median", "seconds")),
        ("average", ("total",)),
    ],
)
def test_what_is_no_choice_is_refused(piece: str, values: tuple[str, ...]) -> None:
    with pytest.raises(QuestionError):
        _edited(piece, *values)


def test_what_would_leave_nothing_is_refused() -> None:
    with pytest.raises(QuestionError):
        edit_sql("SELECT a FROM t GROUP BY a", (PieceEdit(number=0, remove=True),), CAP)


def _piece(value: str) -> Piece:
    return next(p for p in pieces_of(SQL, CAP, DICTIONARY) if p.values[0] == value)


def _edited(value: str, *values: str, remove: bool = False) -> str:
    edit = PieceEdit(number=_piece(value).number, values=values, remove=remove)
    return edit_sql(SQL, (edit,), CAP, DICTIONARY)


def _run(sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE sessions AS SELECT * FROM (VALUES"
            " (1, '4G', 'phone', 30, 9), (1, '4G', 'tablet', 60, 5), (2, '5G', 'phone', 7, 8)"
            ") AS t(visitor, network, device, seconds, speed)"
        )
        connection.execute(
            "CREATE TABLE visitors AS SELECT * FROM (VALUES (1, 'Pune'), (2, 'Agra'))"
            " AS t(visitor, city)"
        )
        return connection.execute(sql).fetchall()


def test_a_split_is_added_of_any_table_that_is_read() -> None:
    more = _piece("")
    assert more.choices == (("", "device"),)
    assert _run(
        edit_sql(SQL, (PieceEdit(number=more.number, values=("device",)),), CAP, DICTIONARY)
    ) == [
        ("tablet", "4G", "Pune", 60.0, 1),
        ("phone", "4G", "Pune", 30.0, 1),
        ("phone", "5G", "Agra", 7.0, 1),
    ]
    kept = edit_sql(SQL, (PieceEdit(number=more.number, values=("",)),), CAP, DICTIONARY)
    assert "device" not in kept
    for values in (("street",), ("visitor",), ("network",), ()):
        with pytest.raises(QuestionError):
            edit_sql(SQL, (PieceEdit(number=more.number, values=values),), CAP, DICTIONARY)


def test_a_total_is_split_where_it_was_not() -> None:
    total = "SELECT SUM(seconds) AS t FROM sessions WHERE seconds > 1"
    [more] = [piece for piece in pieces_of(total, CAP, DICTIONARY) if piece.kind == "new_split"]
    edit = PieceEdit(number=more.number, values=("network",))
    assert sorted(_run(edit_sql(total, (edit,), CAP, DICTIONARY))) == [("4G", 90), ("5G", 7)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT DISTINCT network FROM sessions",
        "SELECT network, seconds FROM sessions",
        "SELECT network, SUM(seconds) OVER () AS t FROM sessions",
        "WITH s AS (SELECT * FROM sessions) SELECT SUM(seconds) AS t FROM s",
    ],
)
def test_what_is_no_plain_sum_is_not_split_further(sql: str) -> None:
    assert all(piece.kind != "new_split" for piece in pieces_of(sql, CAP, DICTIONARY))


def test_a_measure_further_in_changes_and_the_selects_around_it_still_find_it() -> None:
    nested = (
        "WITH a AS (SELECT network, AVG(seconds) AS m FROM sessions WHERE seconds > 1 GROUP BY 1)"
        " SELECT network, m, RANK() OVER (ORDER BY m DESC) AS place FROM a ORDER BY place"
    )
    [inner] = [piece for piece in pieces_of(nested, CAP, DICTIONARY) if piece.kind == "measure"]
    assert inner.values == ("average", "seconds")
    edit = PieceEdit(number=inner.number, values=("total", "seconds"))
    assert _run(edit_sql(nested, (edit,), CAP, DICTIONARY)) == [("4G", 90, 1), ("5G", 7, 2)]
