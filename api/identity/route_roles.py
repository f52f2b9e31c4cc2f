"""Who may use which route. A route that is not in this table is refused to everyone."""

from domain.user import Role, User

PUBLIC: frozenset[Role] | None = None
"""Needs no sign-in."""
ANYONE = frozenset(Role)
"""Every signed-in user; what they see is their own."""
ADMIN = frozenset({Role.ADMIN})
PROMPTS = frozenset({Role.PROMPT_ENGINEER})
EVALUATE = frozenset({Role.EVALUATOR})
REVIEW = frozenset({Role.PROMPT_ENGINEER, Role.EVALUATOR})

ROUTE_ROLES: dict[tuple[str, str], frozenset[Role] | None] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): ADMIN,
    ("GET", "/sign-in"): PUBLIC,
    ("GET", "/me"): ANYONE,
    ("GET", "/me/usage"): ANYONE,
    ("GET", "/capabilities"): ANYONE,
    ("POST", "/query"): ANYONE,
    ("GET", "/runs/{run_id}"): ANYONE,
    ("GET", "/runs/{run_id}/events"): ANYONE,
    ("POST", "/runs/{run_id}/cancel"): ANYONE,
    ("POST", "/runs/{run_id}/rerun"): ANYONE,
    ("GET", "/runs/{run_id}/chips"): ANYONE,
    ("POST", "/runs/{run_id}/chips"): ANYONE,
    ("GET", "/threads"): ANYONE,
    ("DELETE", "/threads"): ANYONE,
    ("GET", "/threads/{thread_id}"): ANYONE,
    ("DELETE", "/threads/{thread_id}"): ANYONE,
    ("POST", "/feedback"): ANYONE,
    ("POST", "/agent"): ANYONE,
    ("GET", "/v1/models"): ANYONE,
    ("POST", "/v1/chat/completions"): ANYONE,
    ("POST", "/mcp"): ANYONE,
    ("GET", "/admin/runs"): REVIEW,
    ("GET", "/admin/runs/{run_id}"): REVIEW,
    ("GET", "/admin/feedback"): REVIEW,
    ("GET", "/config/llm"): ADMIN,
    ("POST", "/config/llm"): ADMIN,
    ("GET", "/admin/usage"): ADMIN,
    ("GET", "/admin/audit"): ADMIN,
    ("GET", "/admin/logs"): ADMIN,
    ("GET", "/admin/prompts"): PROMPTS,
    ("GET", "/admin/prompts/{name}/{version}"): PROMPTS,
    ("POST", "/admin/prompts/{name}/label"): PROMPTS,
    ("POST", "/admin/prompts/{name}/rollback"): PROMPTS,
    ("GET", "/admin/context"): REVIEW,
    ("GET", "/admin/verified"): REVIEW,
    ("GET", "/admin/verified/waiting"): REVIEW,
    ("POST", "/admin/verified/propose"): REVIEW,
    ("POST", "/admin/verified/approve"): ADMIN,
    ("POST", "/admin/verified/remove"): ADMIN,
    ("POST", "/admin/context/regenerate"): ADMIN,
    ("GET", "/admin/context/lines"): REVIEW,
    ("POST", "/admin/context/lines/approve"): ADMIN,
    ("POST", "/admin/context/lines/reject"): ADMIN,
    ("POST", "/admin/context/lines/correct"): ADMIN,
    ("GET", "/admin/context/export"): REVIEW,
    ("POST", "/admin/context/import"): ADMIN,
    ("GET", "/admin/context/drift"): REVIEW,
    ("GET", "/admin/jobs/{job_id}"): ADMIN,
    ("GET", "/admin/evals/runs"): REVIEW,
    ("GET", "/admin/evals/report"): REVIEW,
    ("GET", "/admin/evals/report/data"): REVIEW,
    ("GET", "/evals/frame"): PUBLIC,
    ("GET", "/admin/evals/inbox"): EVALUATE,
    ("POST", "/admin/evals/samples"): EVALUATE,
    ("POST", "/admin/evals/inbox/dismiss"): EVALUATE,
}


def may_use(user: User, method: str, path: str) -> bool:
    """Returns whether the user may use a route; an admin may use all that there are."""
    allowed = ROUTE_ROLES.get((method, path), frozenset())
    if allowed is None:
        return True
    return bool(allowed) and user.has_any(allowed)
