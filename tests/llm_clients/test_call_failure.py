"""What a provider's `Retry-After` asks for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from llm_clients.call_failure import retry_after


def _turned_away(header: str) -> Exception:
    request = httpx.Request("POST", "http://127.0.0.1/v1")
    response = httpx.Response(429, headers={"Retry-After": header}, request=request)
    return httpx.HTTPStatusError("busy", request=request, response=response)


def test_seconds_are_taken_as_they_stand() -> None:
    assert retry_after(_turned_away("2.5")) == 2.5
    assert retry_after(_turned_away("-3")) == 0


def test_a_date_is_counted_from_now() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    assert retry_after(_turned_away(later)) == pytest.approx(8, abs=2)
    assert retry_after(_turned_away("Wed, 21 Oct 2015 07:28:00 GMT")) == 0


def test_what_is_neither_asks_for_nothing() -> None:
    assert retry_after(_turned_away("soon")) is None
    assert retry_after(ValueError("no response at all")) is None
