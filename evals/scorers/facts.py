"""Facts: what the prose must say, and what may stand nowhere in the answer."""

from evals.sample import Expectation
from evals.score import Score
from evals.solution import StepSolution


def score_facts(step: Expectation, found: StepSolution) -> Score | None:
    """Passes where every fact is told and nothing unwanted is."""
    if not (step.facts or step.no_facts):
        return None
    text = found.text.lower()
    everything = f"{text} {found.chart.model_dump_json().lower() if found.chart else ''}"
    missing = [fact for fact in step.facts if fact.lower() not in text]
    unwanted = [fact for fact in step.no_facts if fact.lower() in everything]
    detail = [f"does not say {fact!r}" for fact in missing]
    detail += [f"says {fact!r}" for fact in unwanted]
    return Score(scorer="facts", passed=not detail, detail="; ".join(detail))
