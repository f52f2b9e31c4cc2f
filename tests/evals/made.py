"""Outcomes made by hand, to see what the scorers say of them."""

from domain.answer import Receipt
from domain.chart_spec import ChartSeries, ChartSpec
from evals.result import SampleResult, StepResult, Versions
from evals.score import Score
from evals.solution import StepSolution


def answered(sql: str, text: str = "", chart: ChartSpec | None = None) -> StepSolution:
    """An answer with this SQL."""
    receipt = Receipt(run_id="r", sql=sql)
    wire = f"{text} {chart.model_dump_json() if chart else ''} {receipt.model_dump_json()}"
    return StepSolution(
        question="How many orders are there?",
        status="answered",
        sql=sql,
        text=text,
        chart=chart,
        receipt=receipt,
        wire=wire,
    )


def bars(**points: float) -> ChartSpec:
    """A bar chart of these values."""
    return ChartSpec(
        type="bar",
        title="t",
        x="name",
        series=(ChartSeries(field="value", label="v"),),
        data=tuple({"name": name, "value": value} for name, value in points.items()),
    )


def sample_result(
    name: str,
    *,
    passed: bool,
    tags: tuple[str, ...] = (),
    ms: float = 100.0,
    cost: float = 0.0,
    repeat: int = 0,
) -> SampleResult:
    """The result of one sample."""
    score = Score(scorer="execution", passed=passed, detail="" if passed else "other values")
    step = StepResult(
        question=f"What about {name}?",
        status="answered",
        scores=(score,),
        sql="SELECT 1",
        gold="SELECT 2",
        duration_ms=ms,
        cost_usd=cost,
    )
    return SampleResult(
        suite="core",
        sample_id=name,
        source="shop",
        repeat=repeat,
        tags=tags,
        passed=passed,
        steps=(step,),
        versions=Versions(code="abc"),
    )
