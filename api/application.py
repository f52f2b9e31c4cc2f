"""The FastAPI application: routes, middleware and the service's lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.budgets import Budgets
from api.conversations import Conversations
from api.identity.current_user import authorize
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
from graph.service import open_service
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

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with opened(app):
                yield
        except OperatorError as error:
            # The server would say it as a traceback; who started it gets a sentence.
            app.state.failure = error
            raise

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        async with open_service(settings) as (service, runner):
            jobs, mcp_tools = JobRegistry(), McpTools()
            app.state.mcp = mcp_tools
            metrics = RunMetrics()
            budgets = Budgets(settings.budgets, service.run_store)
            registry = RunRegistry(
                runner,
                budgets,
                settings.abandoned_run_seconds,
                service.run_store,
                on_end=metrics.note_end,
            )
            caretaker = Caretaker(registry, service.run_store, settings.lease_seconds)
            app.state.sign_in = open_sign_in(settings, service.run_store)
            app.state.api = ApiState(
                service=service,
                runs=registry,
                idempotency=IdempotentRuns(registry, service.run_store),
                budgets=budgets,
                jobs=jobs,
                metrics=metrics,
                conversations=Conversations(),
                heartbeat_seconds=settings.heartbeat_seconds,
                check_approval=check_approval,
            )
            await caretaker.start()
            yield
            await jobs.close()
            await mcp_tools.close()
            await registry.drain(seconds=0)
            await caretaker.close()

    # No docs page: it would load scripts from another host.
    app = FastAPI(
        title="VTION",
        version="0.1.0",
        lifespan=lifespan,
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
    app.add_middleware(
        BodyLimitMiddleware, maximum_bytes=_MAXIMUM_BODY_BYTES, larger=_LARGER_BODIES
    )
    app.add_middleware(HeaderLimitMiddleware)
    app.add_middleware(OriginCheckMiddleware, allowed=settings.cors_origins)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID", "Idempotency-Key"],
        )
    app.add_middleware(SecurityHeadersMiddleware)
    app.add_middleware(RequestLogMiddleware)
    app.add_middleware(CorrelationIdMiddleware, header_name="X-Correlation-ID")
    return app
