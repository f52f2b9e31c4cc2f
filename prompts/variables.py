"""Which variables the callers give to each prompt. A version may leave some of them out."""

_SCHEMA = frozenset({"domain", "tables", "relationships", "metrics", "rules"})
_QUESTION = frozenset(
    {"today", "values", "examples", "asked_metrics", "turns", "question", "choice"}
)

GIVEN: dict[str, frozenset[str]] = {
    "draft_sql": _SCHEMA | _QUESTION,
    "repair_sql": _SCHEMA | _QUESTION | {"failed_attempts"},
    "clarify": _SCHEMA | {"question", "doubt"},
    "judge_answer": frozenset({"question", "sql", "columns", "rows", "true_row_count", "answer"}),
    "data_dictionary": frozenset({"source", "other_tables", "table", "columns", "joins"}),
    "domain_context": frozenset({"source", "tables", "joins", "metrics", "rules", "measured"}),
    "rewrite_followup": frozenset({"turns", "question"}),
    "synthesize_answer": frozenset(
        {
            "question",
            "columns",
            "rows",
            "true_row_count",
            "totals",
            "assumptions",
            "notes",
            "unsupported_figures",
            "chart_types",
        }
    ),
}
