"""Why a question finds no single reading over a dictionary."""

from planner.schema_index import Target


class UnreadableError(Exception):
    """The question cannot be read over this dictionary: why, and which words found no place."""

    def __init__(self, reason: str, unplaced: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unplaced = unplaced


class AmbiguousError(Exception):
    """A word means two things equally well: the readings, for a question back."""

    def __init__(self, text: str, targets: list[Target]) -> None:
        super().__init__(text)
        self.text = text
        self.targets = targets
