"""No crash, no hang, no leak, no change of meaning, for statements nobody wrote."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql_guard.fuzzing import Properties, built_statements, mutated_statements

PROPERTIES = Properties()
_QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(_QUICK, max_examples=300)
@given(mutated_statements())
def test_mutated_statements(sql: str) -> None:
    PROPERTIES.hold(sql)


@settings(_QUICK, max_examples=100)
@given(built_statements())
def test_built_statements(sql: str) -> None:
    PROPERTIES.hold_for_built(sql)


@settings(_QUICK, max_examples=200)
@given(st.text(max_size=200))
def test_any_text(sql: str) -> None:
    PROPERTIES.hold(sql)
