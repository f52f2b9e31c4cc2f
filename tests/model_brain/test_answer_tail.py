"""Prose passes as it comes, the tail never does, and a proposed chart keeps to the data."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.chart_spec import ChartSeries, ChartSpec
from model_brain.answer_tail import AnswerSplitter, ChartForm, TailForm, proposed_chart

_PROSE = "**EWR** has 120,835 flights, a = b."
_TAIL = '\n===\n{"chart": {"type": "pie", "title": "By origin"}, "follow_ups": [" Next? ", ""]}'


def _split(pieces: list[str]) -> tuple[str, TailForm]:
    splitter = AnswerSplitter()
    shown = [splitter.prose(piece) for piece in pieces]
    rest, tail = splitter.rest()
    return "".join([*shown, rest]), tail


def _cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(edges)]


@given(st.lists(st.integers(min_value=0), max_size=12))
def test_wherever_the_pieces_are_cut_prose_and_tail_come_apart(places: list[int]) -> None:
    prose, tail = _split(_cut(_PROSE + _TAIL, places))
    assert prose == _PROSE
    assert tail.follow_ups == ["Next?"]
    assert tail.chart is not None
    assert (tail.chart.type, tail.chart.title) == ("pie", "By origin")


@given(st.lists(st.integers(min_value=0), max_size=12))
def test_prose_without_a_tail_is_whole(places: list[int]) -> None:
    prose, tail = _split(_cut(_PROSE, places))
    assert (prose, tail) == (_PROSE, TailForm())


@pytest.mark.parametrize("tail", ["", "nonsense", '{"chart": 7}', '{"chart": {"type": "pie"'])
def test_a_tail_that_cannot_be_read_leaves_the_prose_alone(tail: str) -> None:
    assert _split([f"{_PROSE}\n===\n{tail}"]) == (_PROSE, TailForm())


def test_prose_is_not_held_back_until_the_end() -> None:
    splitter = AnswerSplitter()
    assert splitter.prose("There are ") == "There are"
    assert splitter.prose("5 flights. =") == " 5 flights."
    assert splitter.prose("= 5") == " == 5"


_BARS = ChartSpec(
    type="bar",
    title="Flights",
    x="origin",
    series=(ChartSeries(field="n", label="flights"),),
    data=({"origin": "EWR", "n": 3}, {"origin": "JFK", "n": 2}),
)
_LINE = _BARS.model_copy(update={"type": "line", "x_type": "time"})


@pytest.mark.parametrize(
    ("chosen", "proposed", "drawn"),
    [
        (_BARS, "pie", "pie"),
        (_BARS, "line", "bar"),
        (_BARS, "scatter", "bar"),
        (_BARS, "", "bar"),
        (_LINE, "area", "area"),
        (_LINE, "bar", "bar"),
        (_LINE, "pie", "line"),
    ],
)
def test_a_kind_is_taken_where_the_points_can_be_drawn_so(
    chosen: ChartSpec, proposed: str, drawn: str
) -> None:
    chart = proposed_chart(ChartForm(type=proposed), chosen)
    assert chart is not None
    assert chart.type == drawn
    assert chart.data == chosen.data


def test_no_chart_is_drawn_where_the_model_or_the_rule_has_none() -> None:
    assert proposed_chart(ChartForm(type="none"), _BARS) is None
    assert proposed_chart(ChartForm(type="bar"), None) is None
    assert proposed_chart(None, _BARS) == _BARS


def test_a_title_holds_no_figure_and_a_series_is_one_of_the_charts_own() -> None:
    form = ChartForm(type="bar", title="All 4,711 flights", series=["passengers"])
    assert proposed_chart(form, _BARS) == _BARS
    named = proposed_chart(ChartForm(title="Flights by origin", series=["flights"]), _BARS)
    assert named is not None
    assert named.title == "Flights by origin"
    assert named.series == _BARS.series
