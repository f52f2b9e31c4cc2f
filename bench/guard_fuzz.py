"""Fuzzes the guard for a time: `python -m bench.guard_fuzz 60`. Ends with an error at a finding."""

import sys
import time
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql_guard.fuzzing import Properties, built_statements, mutated_statements

_ROUND = settings(
    deadline=None, database=None, max_examples=500, suppress_health_check=list(HealthCheck)
)


def fuzz(seconds: float) -> tuple[int, int]:
    """Returns how many statements were tried, and how many of them were allowed."""
    properties = Properties()
    tried = allowed = 0

    @_ROUND
    @given(mutated_statements())
    def mutated(sql: str) -> None:
        nonlocal tried, allowed
        tried += 1
        allowed += properties.hold(sql)

    @_ROUND
    @given(built_statements())
    def built(sql: str) -> None:
        nonlocal tried, allowed
        tried += 1
        allowed += 1
        properties.hold_for_built(sql)

    @_ROUND
    @given(st.text(max_size=300))
    def text(sql: str) -> None:
        nonlocal tried, allowed
        tried += 1
        allowed += properties.hold(sql)

    rounds: list[Callable[[], None]] = [mutated, mutated, built, text]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for run in rounds:
            run()
    return tried, allowed


if __name__ == "__main__":
    count, passed = fuzz(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0)
    sys.stdout.write(f"{count} statements tried, {passed} allowed, no finding\n")
