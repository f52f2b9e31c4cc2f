"""The result of one sample: a line of a run's `results.jsonl`."""

from pydantic import BaseModel, ConfigDict, Field

from domain.chart_spec import ChartSpec
from domain.dictionary import Cell
from domain.model_call import ModelCall
from domain.run_event import SqlActivity
from evals.score import Score
from evals.solution import SolutionStatus


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class ShownRows(_Kept):
    """The head of a result, for the eye."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...]
    row_count: int


class StepResult(_Kept):
    """One step, with what it was judged by."""

    question: str
    run_id: str = ""
    status: SolutionStatus
    scores: tuple[Score, ...]
    sql: str = ""
    gold: str = ""
    text: str = ""
    chart: ChartSpec | None = None
    options: tuple[str, ...] = ()
    attempts: tuple[SqlActivity, ...] = ()
    expected: ShownRows | None = None
    actual: ShownRows | None = None
    model_calls: tuple[ModelCall, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)
    duration_ms: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float = 0.0
    error: str = ""

    @property
    def passed(self) -> bool:
        """True where no score says otherwise."""
        return all(score.passed for score in self.scores)


class Versions(_Kept):
    """What produced the result: all of it, so that two results can be told apart."""

    code: str
    context: str = ""
    model: str = ""
    prompts: dict[str, str] = Field(default_factory=dict)


class SampleResult(_Kept):
    """One sample, asked once."""

    suite: str
    sample_id: str
    source: str
    repeat: int = 0
    tags: tuple[str, ...] = ()
    passed: bool
    steps: tuple[StepResult, ...]
    versions: Versions

    @property
    def key(self) -> str:
        """What the same sample is found by in another run."""
        return f"{self.suite}/{self.sample_id}"

    @property
    def duration_ms(self) -> float:
        """All steps together."""
        return sum(step.duration_ms for step in self.steps)

    @property
    def cost_usd(self) -> float:
        """Of models and warehouse, as far as both say."""
        return sum(step.cost_usd for step in self.steps)

    @property
    def failures(self) -> tuple[Score, ...]:
        """Every score that failed."""
        return tuple(score for step in self.steps for score in step.scores if not score.passed)

    @property
    def reason(self) -> str:
        """The first failure in few words; empty where all passed."""
        return f"{self.failures[0].scorer}: {self.failures[0].detail}" if self.failures else ""
