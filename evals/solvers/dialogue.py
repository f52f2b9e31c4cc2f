"""Asks a sample step by step, as one conversation."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import uuid4

from domain.draft import ClarificationOption
from evals.sample import Sample, Turn
from evals.solution import Solution, StepSolution
from evals.solvers.choice import option_chosen, unreachable

AskStep: TypeAlias = Callable[[Turn, ClarificationOption | None, str], Awaitable[StepSolution]]
"""Asks a question, or resumes with an option, in the thread of this id."""


async def ask_dialogue(sample: Sample, ask: AskStep) -> Solution:
    """Returns the outcome of each step. Each sample is a conversation of its own."""
    thread_id, steps = uuid4().hex, list[StepSolution]()
    for step in sample.steps:
        option = option_chosen(step, steps[-1] if steps else None)
        is_lost = bool(step.choose) and option is None
        steps.append(unreachable(step) if is_lost else await ask(step, option, thread_id))
    return Solution(sample_id=sample.id, steps=tuple(steps))
