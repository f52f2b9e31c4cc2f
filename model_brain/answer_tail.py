"""An answer as a model streams it: prose, then a mark, then chart and follow-ups as JSON."""

import json

from pydantic import BaseModel, Field, ValidationError

from domain.chart_spec import ChartSpec

_MARK = "==="
_MOST_FOLLOW_UPS = 3
_MOST_SLICES = 6
CHART_TYPES = ("bar", "line", "area", "pie", "scatter", "number", "none")


class ChartForm(BaseModel):
    """The chart that the model proposes: columns of the result, never data."""

    type: str = ""
    x: str = ""
    series: list[str] = Field(default_factory=list)
    title: str = ""


class TailForm(BaseModel):
    """What comes after the prose."""

    chart: ChartForm | None = None
    follow_ups: list[str] = Field(default_factory=list)


class AnswerSplitter:
    """Lets prose through as it comes and holds back all that may belong to the tail."""

    def __init__(self) -> None:
        self._held = ""
        self._is_tail = False

    def prose(self, piece: str) -> str:
        """Returns as much prose as is certain by now."""
        self._held += piece
        if self._is_tail:
            return ""
        before, mark, after = self._held.partition(_MARK)
        if mark:
            self._is_tail, self._held = True, after
            return before.rstrip()
        certain = len(self._held.rstrip("=").rstrip())
        shown, self._held = self._held[:certain], self._held[certain:]
        return shown

    def rest(self) -> tuple[str, TailForm]:
        """Returns the prose still held, and the tail; an unreadable tail is an empty one."""
        if not self._is_tail:
            return self._held.rstrip(), TailForm()
        start, end = self._held.find("{"), self._held.rfind("}")
        try:
            tail = TailForm.model_validate(json.loads(self._held[start : end + 1], strict=False))
        except (json.JSONDecodeError, ValidationError):
            return "", TailForm()
        tail.follow_ups = [line.strip() for line in tail.follow_ups if line.strip()]
        tail.follow_ups = tail.follow_ups[:_MOST_FOLLOW_UPS]
        return "", tail


def proposed_chart(form: ChartForm | None, chosen: ChartSpec | None) -> ChartSpec | None:
    """Returns the chart chosen by rule with what of the model's proposal fits the data.

    The points are the rule's: they come from the summary and cannot be made up. A proposal that
    names other columns, or a type that they cannot be drawn as, is left aside.
    """
    if form is None or chosen is None:
        return chosen
    if form.type == "none":
        return None
    series = tuple(one for one in chosen.series if one.label in form.series)
    title = form.title.strip()
    # A figure in a title would escape the check of figures.
    has_title = bool(title) and not any(character.isdigit() for character in title)
    return chosen.model_copy(
        update={
            "type": form.type if _fits(form.type, chosen) else chosen.type,
            "series": series or chosen.series,
            "title": title if has_title else chosen.title,
        }
    )


def _fits(proposed: str, chosen: ChartSpec) -> bool:
    if chosen.x_type == "time":
        return {proposed, chosen.type} <= {"bar", "line", "area"}
    if proposed == "pie":
        return chosen.type == "bar" and len(chosen.series) == 1 and len(chosen.data) <= _MOST_SLICES
    return proposed == "bar" and chosen.type == "pie"
