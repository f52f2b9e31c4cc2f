"""PyAthena's asyncio cursor, polling soon at first and ever more seldom."""

import asyncio
from collections.abc import Callable
from typing import Any

from pyathena.aio.cursor import AioCursor
from pyathena.model import AthenaQueryExecution

_FIRST_SECONDS = 0.05
_GROWTH = 1.5
_LAST_SECONDS = 2.0


class BackoffCursor(AioCursor):
    """Polls after 50 ms, then after ever longer waits up to 2 s."""

    request_token: str | None = None
    """Athena starts nothing for a token that it has seen: it returns the execution of before."""
    is_left: Callable[[], bool] = staticmethod(lambda: False)
    """Whether another worker waits for the execution, so that it is not to be stopped."""

    async def _cancel_and_wait(self, query_id: str) -> None:  # type: ignore[override]  # as PyAthena's own
        if not self.is_left():
            await super()._cancel_and_wait(query_id)

    def _build_start_query_execution_request(
        self,
        query: str,
        *arguments: Any,  # noqa: ANN401 - as PyAthena's own
        **options: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        request: dict[str, Any] = super()._build_start_query_execution_request(
            query, *arguments, **options
        )
        token = {} if self.request_token is None else {"ClientRequestToken": self.request_token}
        return {**request, **token}

    async def _poll_until_terminal(self, query_id: str) -> AthenaQueryExecution:  # type: ignore[override]  # as PyAthena's own
        wait = _FIRST_SECONDS
        while True:
            execution = await self._get_query_execution(query_id)
            if self._on_poll:
                self._on_poll(execution)
            if execution.state in AthenaQueryExecution.TERMINAL_STATES:
                return execution
            await asyncio.sleep(wait)
            wait = min(wait * _GROWTH, _LAST_SECONDS)
