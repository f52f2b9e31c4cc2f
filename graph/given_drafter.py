"""SQL that an analyst gave in place of a drafter: guarded as any other, mended by nobody."""

from domain.draft import CannotAnswer, DraftOutcome, DraftRequest, SqlDraft


class GivenDrafter:
    """Drafts one given statement, once."""

    def __init__(self, draft: SqlDraft) -> None:
        self._draft = draft

    @property
    def name(self) -> str:
        """What stands on the receipt."""
        return "given"

    async def draft(self, request: DraftRequest) -> DraftOutcome:
        """Returns the statement; where it was turned down, the reason."""
        if not request.failed_attempts:
            return self._draft
        reasons = request.failed_attempts[-1].reasons
        return CannotAnswer(reason=" ".join(reason.message for reason in reasons))
