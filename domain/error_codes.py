"""What can go wrong, by name: clients say it in their own language by these."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

ErrorCode: TypeAlias = Literal[
    "bad_request",
    "conflict",
    "disconnected",
    "forbidden",
    "foreign_origin",
    "internal",
    "interrupted",
    "invalid_request",
    "method_not_allowed",
    "model_failed",
    "model_refused",
    "model_unavailable",
    "not_found",
    "prompt_too_long",
    "query_too_costly",
    "query_too_large",
    "query_too_slow",
    "restarting",
    "result_expired",
    "scan_budget_spent",
    "sign_in",
    "suites_not_green",
    "too_large",
    "too_many_requests",
    "unavailable",
    "unusable_line",
    "unusable_question",
    "warehouse_busy",
]
"""The kind of an error: what a program decides by."""

ErrorReason: TypeAlias = Literal[
    "",
    "already_under_way",
    "changed_meanwhile",
    "control_characters",
    "daily_bytes",
    "daily_tokens",
    "empty_question",
    "guard_refuses",
    "long_question",
    "measure_stays",
    "model_silent",
    "no_such_evaluation",
    "no_such_job",
    "no_such_measure",
    "no_such_part",
    "no_such_prompt",
    "no_such_query",
    "no_such_run",
    "no_such_split",
    "no_such_thread",
    "no_total",
    "not_a_date",
    "not_a_number",
    "not_a_whole_number",
    "not_an_option",
    "not_waiting",
    "nothing_left",
    "nothing_to_change",
    "one_at_a_time",
    "own_sql",
    "rate",
    "rated_down",
    "sign_in_unreachable",
    "statement_lost",
    "thread_busy",
    "token_expired",
    "warehouse_refuses",
    "wordless_question",
]
"""Which error of its kind; empty where the kind says it all."""

ErrorParameters: TypeAlias = Mapping[str, str | int | float]
"""The values in the sentence. A name that ends with `bytes` or `seconds` says its unit."""


def known_code(text: str) -> ErrorCode:
    """Returns a code that was kept as text; one that is no longer known is `internal`."""
    return next((code for code in get_args(ErrorCode) if code == text), "internal")
