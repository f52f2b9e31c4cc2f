"""The same tests as over SQLite, with the state in Postgres."""

import pytest

from settings.settings import Settings
from tests.api.test_budgets import test_tokens_and_bytes_a_day
from tests.api.test_identity import keyed, test_a_rotated_key_gives_way_to_its_successor
from tests.api.test_query import (
    test_a_clarification_interrupts_and_the_choice_resumes_the_same_run,
    test_a_thread_goes_on_after_a_restart,
)
from tests.api.test_runs import (
    test_after_a_restart_it_is_told_from_its_record,
    test_cancel_stops_the_statement_and_ends_the_stream,
    test_one_key_is_one_run,
)
from tests.api.test_threads import (
    test_a_conversation_is_listed_read_and_forgotten,
    test_feedback_is_kept_with_its_run,
    test_pages_of_conversations,
)
from tests.postgres import new_database
from tests.run_store.conftest import postgres

__all__ = [
    "keyed",
    "postgres",
    "test_a_clarification_interrupts_and_the_choice_resumes_the_same_run",
    "test_a_conversation_is_listed_read_and_forgotten",
    "test_a_rotated_key_gives_way_to_its_successor",
    "test_a_thread_goes_on_after_a_restart",
    "test_after_a_restart_it_is_told_from_its_record",
    "test_cancel_stops_the_statement_and_ends_the_stream",
    "test_feedback_is_kept_with_its_run",
    "test_one_key_is_one_run",
    "test_pages_of_conversations",
    "test_tokens_and_bytes_a_day",
]


@pytest.fixture
def settings(settings: Settings, postgres: str) -> Settings:
    """The same service, with its state in an empty database."""
    return settings.model_copy(update={"state": new_database(postgres)})
