"""A closed chart description: code, never a model, turns it into a chart library's options."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.dictionary import Cell
from domain.summary import MAXIMUM_ROWS


class ChartSeries(BaseModel):
    """One set of values: `field` is a key of every data point."""

    model_config = ConfigDict(frozen=True)

    field: str
    label: str
    unit: str = ""


class ChartSpec(BaseModel):
    """What to draw. `number` shows the first series of the only point as a card."""

    model_config = ConfigDict(frozen=True)

    type: Literal["bar", "line", "area", "pie", "scatter", "number"]
    title: str
    x: str = ""
    """Key of the points' category, time or number; empty for `number`."""
    x_type: Literal["category", "time", "number"] = "category"
    x_label: str = ""
    series: tuple[ChartSeries, ...] = Field(min_length=1)
    unit: str = ""
    orientation: Literal["vertical", "horizontal"] = "vertical"
    stacked: bool = False
    data: tuple[dict[str, Cell], ...] = Field(max_length=MAXIMUM_ROWS)
