"""Trino's requests, each kept before it is sent, so that another worker can go on with a query.

A query that is posted is not begun: it begins with the first GET of the address that Trino returns.
So no query runs whose address is not kept. Each page has an address of its own, and of those that
were asked for only the last may be asked for again.
"""

from http import HTTPStatus
from typing import Any

from requests import Response
from trino.client import TrinoRequest, TrinoStatus

from warehouse.query_errors import StatementLostError
from warehouse.sql_engines.statement_place import StatementPlace

_GONE = (HTTPStatus.GONE, HTTPStatus.NOT_FOUND)


class NotedRequest:
    """A request of Trino's client, for one statement."""

    def __init__(self, request: TrinoRequest, place: StatementPlace) -> None:
        self._request = request
        self._place = place
        self._has_rows = False

    def post(self, sql: str, headers: dict[str, Any] | None = None) -> Response:
        """Sends the statement; of one that was sent before, asks for the page that was asked last.

        Raises StatementLostError where that page is gone.
        """
        if self._place.noted is None:
            return self._request.post(sql, headers)
        return self._ask(self._place.noted)

    def get(self, address: str) -> Response:
        """Asks for the next page; raises StatementLostError where another asked further."""
        self._place.require_not_left()
        if not self._has_rows:
            # Rows are in this process alone: from here on nobody could go on from the next page.
            self._place.move(address)
        return self._ask(address)

    def process(self, response: Response) -> TrinoStatus:
        """Reads a response."""
        status = self._request.process(response)
        self._has_rows = self._has_rows or bool(status.rows)
        return status

    def _ask(self, address: str) -> Response:
        response = self._request.get(address)
        if response.status_code in _GONE:
            raise StatementLostError
        return response

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client's own has
        return getattr(self._request, name)
