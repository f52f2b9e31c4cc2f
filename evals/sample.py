"""The nouns of a suite: samples, each a question or a dialogue, with what is expected of it."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from domain.dictionary import Cell

GoldDialect: TypeAlias = Literal["duckdb", "athena", "sqlite"]
ExpectedStatus: TypeAlias = Literal["answered", "refused", "clarify"]
ExpectedChart: TypeAlias = Literal["bar", "line", "area", "pie", "scatter", "number", "none"]


def _as_list(value: object) -> object:
    """One item may be written without its brackets."""
    return [value] if isinstance(value, str) else value


Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Charts: TypeAlias = Annotated[tuple[ExpectedChart, ...], BeforeValidator(_as_list)]
Statuses: TypeAlias = Annotated[tuple[ExpectedStatus, ...], BeforeValidator(_as_list)]


class Expectation(BaseModel):
    """What is expected of one answer. What is left out is not scored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expect: Statuses = ("answered",)
    """Any of these outcomes is right."""
    gold: Texts = ()
    """SQL whose result is right; several where a question may be read in several ways."""
    dialect: GoldDialect = "duckdb"
    """What `gold` is written in: DuckDB's own SQL, the Athena SQL that drafters write, or SQLite's
    for a database that is a copy of an SQLite file."""
    ordered: bool = False
    extra_columns: bool = True
    """An answer may show a column more, such as the measure that it ranked by."""
    values: tuple[tuple[Cell, ...], ...] = ()
    """Rows that the result must hold, in any order: for data whose result is known by heart."""
    facts: Texts = ()
    """Texts that the prose must hold, without regard to case."""
    no_facts: Texts = ()
    """Texts that neither the prose nor the chart may hold."""
    chart: Charts = ()
    """Any of these chart types fits; `none` where no chart should be drawn."""
    options: Texts = ()
    """Words that the options of a clarification must hold, each in one of them."""
    forbidden_columns: Texts = ()
    """Columns that the SQL may not name, as `column` or `table.column`."""


class Turn(Expectation):
    """One step of a dialogue: a question, or the choice of an option that was offered."""

    question: str = ""
    choose: str = ""
    """Words of the option to choose, where the step before ended as a clarification."""

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "Turn":
        if bool(self.question) == bool(self.choose):
            raise ValueError("a turn has either a question or a choice")
        return self


class Sample(Expectation):
    """One question with what is expected of it, or a dialogue of several turns."""

    id: str = Field(min_length=1, pattern=r"^[\w.@:/-]+$")
    source: str = ""
    """Name of the data that is asked; the suite's own where empty."""
    question: str = ""
    turns: tuple[Turn, ...] = ()
    tags: Texts = ()
    note: str = ""
    """Why the sample is there, or what its gold rests on."""

    @model_validator(mode="after")
    def _has_one_form(self) -> "Sample":
        if bool(self.question) == bool(self.turns):
            raise ValueError("a sample has either a question or turns")
        return self

    @property
    def steps(self) -> tuple[Turn, ...]:
        """The dialogue; a single question is a dialogue of one turn."""
        if self.turns:
            return self.turns
        return (Turn(**{name: getattr(self, name) for name in (*_EXPECTED, "question")}),)


_EXPECTED = tuple(Expectation.model_fields)


class Suite(BaseModel):
    """Samples that are run together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str = ""
    source: str = ""
    """The source of samples that name none."""
    samples: tuple[Sample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Suite":
        ids = [sample.id for sample in self.samples]
        doubled = sorted({name for name in ids if ids.count(name) > 1})
        if doubled:
            raise ValueError(f"two samples have the same id: {', '.join(doubled)}")
        return self
