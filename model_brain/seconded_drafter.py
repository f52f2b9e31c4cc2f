"""Several readings of one question: the model's, more of the model's, and the planner's."""

from dataclasses import dataclass

from domain.draft import CannotAnswer, Drafter, DraftOutcome, DraftRequest, SqlDraft
from domain.errors import ModelError
from model_brain.drafter import ModelDrafter

_TRIES_BEFORE_PLANNER = 2
"""A model whose SQL was turned down so often makes way for the planner's."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Whose readings are compared."""

    candidates: int = 1
    """How often the model drafts."""
    with_planner: bool = True
    believes_planner: bool = False
    """Where they differ: right for models that are smaller than the planner's grammar."""


class SecondedDrafter:
    """Drafts with the model and adds other readings, whose results the graph compares."""

    def __init__(self, model: ModelDrafter, planner: Drafter, readings: Readings) -> None:
        self._model = model
        self._planner = planner
        self._readings = readings

    @property
    def name(self) -> str:
        """The string that selected the model."""
        return self._model.name

    async def draft(self, request: DraftRequest) -> DraftOutcome:
        """Returns the model's outcome with the others as alternatives.

        Where the model has no SQL, the planner's is the answer, if there is some.
        """
        second = await self._planned(request)
        if second is not None and self._is_models_turn_over(request):
            return second
        try:
            first = await self._model.draft(request)
        except ModelError:
            if second is None:
                raise
            return second
        if isinstance(first, CannotAnswer) and second is not None:
            return second
        if not isinstance(first, SqlDraft):
            return first
        others = [] if second is None else [second]
        if not request.failed_attempts:
            others.extend(await self._more(request))
        return first.model_copy(
            update={
                "author": self._model.name,
                "alternatives": tuple(others),
                "is_outvoted_by_first": self._readings.believes_planner and second is not None,
            }
        )

    def _is_models_turn_over(self, request: DraftRequest) -> bool:
        tries = 1 if self._readings.believes_planner else _TRIES_BEFORE_PLANNER
        return len(request.failed_attempts) >= tries

    async def _planned(self, request: DraftRequest) -> SqlDraft | None:
        if not self._readings.with_planner:
            return None
        # The planner mends nothing: it reads the question as it stands.
        asked = request.model_copy(update={"failed_attempts": ()})
        outcome = await self._planner.draft(asked)
        if not isinstance(outcome, SqlDraft):
            return None
        is_turned_down = any(a.sql == outcome.sql for a in request.failed_attempts)
        return None if is_turned_down else outcome.model_copy(update={"author": "embedded"})

    async def _more(self, request: DraftRequest) -> list[SqlDraft]:
        """Returns further drafts of the model; one that fails is only missing."""
        found: list[SqlDraft] = []
        for candidate in range(1, self._readings.candidates):
            try:
                outcome = await self._model.draft(request, candidate)
            except ModelError:
                continue
            if isinstance(outcome, SqlDraft):
                found.append(outcome.model_copy(update={"author": self._model.name}))
        return found
