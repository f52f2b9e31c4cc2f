"""Verified queries: learned ones wait in quarantine until a person approves them."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from context_store.lines import LineError
from context_store.store import ContextStore
from domain.dictionary import Dictionary, VerifiedQuery
from domain.errors import NotFoundError

ApprovalCheck: TypeAlias = Callable[[Dictionary, VerifiedQuery], int]
"""Is given the dictionary as it would be, and the query; raises where it may not be approved, and
returns how many samples of suites it asked."""


def no_check(_: Dictionary, __: VerifiedQuery) -> int:
    """Lets every query pass."""
    return 0


class QueryReview:
    """Proposes, approves and removes verified queries of the version that serves.

    `check` is asked before an approval is stored, with the dictionary as it would be: it raises
    where the SQL is not allowed, or where a suite is no longer green.
    """

    def __init__(
        self,
        store: ContextStore,
        today: Callable[[], date],
        check: ApprovalCheck = no_check,
    ) -> None:
        self._store = store
        self._today = today
        self._check = check

    def approved(self) -> list[VerifiedQuery]:
        """Returns the queries that are used."""
        return list(self._store.current().dictionary.verified_queries)

    def waiting(self) -> list[VerifiedQuery]:
        """Returns the queries in quarantine: nothing uses them."""
        return list(self._store.current().dictionary.quarantined_queries)

    def propose(self, question: str, sql: str, by: str) -> str:
        """Puts a query into quarantine. Returns the new version."""
        query = VerifiedQuery(
            question=question.strip(), sql=sql.strip(), proposed_by=by, proposed_on=self._today()
        )
        if not query.question or not query.sql:
            raise LineError("A query needs a question and SQL.")

        def change(dictionary: Dictionary) -> Dictionary:
            waiting = [*_others(dictionary.quarantined_queries, query.question), query]
            return dictionary.model_copy(update={"quarantined_queries": waiting})

        return self._store.edit(change, "query proposed", by)

    def approve(self, question: str, reviewer: str) -> str:
        """Moves a query out of quarantine, in the place of one with the same question."""
        if not reviewer.strip():
            raise LineError("Say who approves.")

        def change(dictionary: Dictionary) -> Dictionary:
            query = _the(dictionary.quarantined_queries, question).model_copy(
                update={"approved_by": reviewer.strip(), "approved_on": self._today()}
            )
            changed = dictionary.model_copy(
                update={
                    "verified_queries": [*_others(dictionary.verified_queries, question), query],
                    "quarantined_queries": _others(dictionary.quarantined_queries, question),
                }
            )
            self._check(changed, query)
            return changed

        return self._store.edit(change, "query approved", reviewer)

    def remove(self, question: str, reviewer: str) -> str:
        """Takes a query out, wherever it is. Returns the new version."""

        def change(dictionary: Dictionary) -> Dictionary:
            _the([*dictionary.verified_queries, *dictionary.quarantined_queries], question)
            return dictionary.model_copy(
                update={
                    "verified_queries": _others(dictionary.verified_queries, question),
                    "quarantined_queries": _others(dictionary.quarantined_queries, question),
                }
            )

        return self._store.edit(change, "query removed", reviewer)


def _others(queries: list[VerifiedQuery], question: str) -> list[VerifiedQuery]:
    return [query for query in queries if query.question.casefold() != question.strip().casefold()]


def _the(queries: list[VerifiedQuery], question: str) -> VerifiedQuery:
    wanted = question.strip().casefold()
    found = next((query for query in queries if query.question.casefold() == wanted), None)
    if found is None:
        raise NotFoundError(f"There is no query for the question {question!r}.", "no_such_query")
    return found
