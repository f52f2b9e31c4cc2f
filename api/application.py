"""The FastAPI application: routes, middleware and the service's lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.budgets import Budgets
from api.conversations import Conversations
from api.identity.current_user import authorize
from api.identity.issuer_origins import issuer_origins
from api.identity.open_sign_in import open_sign_in
from api.jobs import JobRegistry
from api.mcp_tools import McpTools
from api.metrics import RunMetrics
from api.openapi import install_openapi
from api.origin_check import HeaderLimitMiddleware, OriginCheckMiddleware
from api.problem import install_problem_handlers
from api.request_log import RequestLogMiddleware
from api.routes import (
    admin_context,
    admin_evals,
    admin_history,
    admin_lines,
    admin_prompts,
    agent,
    capabilities,
    chat_completions,
    chips,
    config_llm,
    feedback,
    health,
    identity,
    mcp,
    query,
    runs,
    threads,
)
from api.runs.caretaker import Caretaker
from api.runs.idempotency import IdempotentRuns
from api.runs.run_registry import RunRegistry
from api.security_headers import BodyLimitMiddleware, SecurityHeadersMiddleware
from api.state import ApiState
from api.ui_files import mount_ui
from context_store.query_review import ApprovalCheck, no_check
from domain.errors import OperatorError
from graph.question_runner import QuestionRunner
from graph.service import Service, open_service
from settings.settings import Settings

_ROUTES = (
    query,
    runs,
    chips,
    threads,
    feedback,
    identity,
    capabilities,
    health,
    admin_history,
    admin_prompts,
    admin_context,
    admin_lines,
    admin_evals,
    config_llm,
    agent,
    chat_completions,
    mcp,
)
_MAXIMUM_BODY_BYTES = 64 * 1024
_LARGER_BODIES = {"/admin/context/import": 4 * 1024 * 1024}
"""An edited dictionary of some 10,000 lines."""


def create_app(settings: Settings, check_approval: ApprovalCheck = no_check) -> FastAPI:
    """Returns the app; the service opens when the server starts it.

    `check_approval` is asked before a verified query is taken into use.
    """
    # No docs page: it would load scripts from another host.
    app = FastAPI(
        title="VTION",
        version="0.1.0",
        lifespan=partial(_lifespan, settings=settings, check_approval=check_approval),
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(authorize)],
    )
    app.state.settings = settings
    for module in _ROUTES:
        app.include_router(module.router)
    install_problem_handlers(app)
    install_openapi(app)
    mount_ui(app, settings.ui_folder)
    _add_middleware(app, settings.cors_origins, issuer_origins(settings))
    return app


def _add_middleware(app: FastAPI, origins: tuple[str, ...], connected: tuple[str, ...]) -> None:
    """Adds what every request passes; the last one added is the first that sees it."""
    app.add_middleware(
        BodyLimitMiddleware, maximum_bytes=_MAXIMUM_BODY_BYTES, larger=_LARGER_BODIES
    )
    app.add_middleware(HeaderLimitMiddleware)
    app.add_middleware(OriginCheckMiddleware, allowed=origins)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID", "Idempotency-Key"],
        )
    app.add_middleware(SecurityHeadersMiddleware, connected=connected)
    app.add_middleware(RequestLogMiddleware)
    app.add_middleware(CorrelationIdMiddleware, header_name="X-Correlation-ID")


@asynccontextmanager
async def _lifespan(
    app: FastAPI, settings: Settings, check_approval: ApprovalCheck
) -> AsyncIterator[None]:
    try:
        async with _opened(app, settings, check_approval):
            yield
    except OperatorError as error:
        # The server would say it as a traceback; who started it gets a sentence.
        app.state.failure = error
        raise


@asynccontextmanager
async def _opened(
    app: FastAPI, settings: Settings, check_approval: ApprovalCheck
) -> AsyncIterator[None]:
    async with open_service(settings) as (service, runner):
        await service.follow_switch()
        app.state.mcp = McpTools()
        app.state.sign_in = open_sign_in(settings, service.run_store)
        app.state.api = _state_of(settings, service, runner, check_approval)
        runs, store = app.state.api.runs, service.run_store
        caretaker = Caretaker(runs, store, settings.lease_seconds, on_sign=service.follow_switch)
        await caretaker.start()
        yield
        await app.state.api.jobs.close()
        await app.state.mcp.close()
        await runs.drain(seconds=0)
        await caretaker.close()


def _state_of(
    settings: Settings, service: Service, runner: QuestionRunner, check_approval: ApprovalCheck
) -> ApiState:
    store, metrics = service.run_store, RunMetrics()
    budgets = Budgets(settings.budgets, store)
    runs = RunRegistry(
        runner, budgets, settings.abandoned_run_seconds, store, on_end=metrics.note_end
    )
    return ApiState(
        service=service,
        runs=runs,
        idempotency=IdempotentRuns(runs, store),
        budgets=budgets,
        jobs=JobRegistry(),
        metrics=metrics,
        conversations=Conversations(),
        heartbeat_seconds=settings.heartbeat_seconds,
        check_approval=check_approval,
    )
