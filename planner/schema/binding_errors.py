"""Why a question finds no single reading over a dictionary."""

from domain.draft import ClarificationOption
from planner.schema.schema_index import Target


class UnreadableError(Exception):
    """The question cannot be read over this dictionary: why, and which words found no place."""

    def __init__(self, reason: str, unplaced: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unplaced = unplaced


class AmbiguousError(Exception):
    """A word means two things equally well: the readings, for a question back.

    They are what the word may name, or `options` where it names nothing by itself.
    """

    def __init__(
        self,
        text: str,
        targets: list[Target],
        options: tuple[ClarificationOption, ...] = (),
    ) -> None:
        super().__init__(text)
        self.text = text
        self.targets = targets
        self.options = options
