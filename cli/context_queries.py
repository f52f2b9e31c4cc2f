"""`vtion context queries`: verified questions with their SQL, and those that wait for approval."""

import asyncio
import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.approval_suites import suites_check
from context_store.query_review import QueryReview
from context_store.store import ContextStore
from domain.dictionary import Dictionary, VerifiedQuery
from domain.errors import RepairableError, UserError
from graph.service import choose_policy, open_guard
from settings.log_format import configure_logging
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

queries_app = typer.Typer(help="Verified queries.", no_args_is_help=True)
Question = Annotated[str, typer.Argument(help="The question, as it was proposed.")]
Reviewer = Annotated[str, typer.Option("--by", help="Who says so; default: your login.")]


@queries_app.command("list")
def list_queries() -> None:
    """Shows the queries that are used, and those in quarantine."""
    review = _review()
    shown = Table("question", "SQL", "approved by", "proposed by")
    for query in (*review.approved(), *review.waiting()):
        approved = f"{query.approved_by} {query.approved_on or ''}".strip()
        is_waiting = query in review.waiting()
        shown.add_row(
            query.question, query.sql, "waiting" if is_waiting else approved, query.proposed_by
        )
    Console().print(shown)


@queries_app.command("propose")
def propose(question: Question, sql: str, by: Reviewer = "") -> None:
    """Puts a question with its SQL into quarantine."""
    Console().print(f"Version {_review().propose(question, sql, by or getpass.getuser())}.")


@queries_app.command("approve")
def approve(question: Question, by: Reviewer = "") -> None:
    """Takes a query into use, if the guard allows it and no sample of a suite is lost by it."""
    configure_logging("WARNING")
    Console().print(f"Version {_review().approve(question, by or getpass.getuser())}.")


@queries_app.command("remove")
def remove(question: Question, by: Reviewer = "") -> None:
    """Takes a query out."""
    Console().print(f"Version {_review().remove(question, by or getpass.getuser())}.")


def _review() -> QueryReview:
    store = ContextStore(Settings().context)
    return QueryReview(store, lambda: datetime.now(UTC).date(), _check)


def _check(candidate: Dictionary, query: VerifiedQuery) -> int:
    """Raises UserError for SQL that would be turned down, or that a suite's sample is lost by."""
    asyncio.run(_check_against_warehouse(query))
    return suites_check(Settings(), _say_asked)(candidate, query)


def _say_asked(samples: int) -> None:
    if samples:
        Console().print(f"Asked {samples} samples of the suites that it answers: none is lost.")


async def _check_against_warehouse(query: VerifiedQuery) -> None:
    settings = Settings()
    context = ContextStore(settings.context).current()
    policy = choose_policy(settings.policy, context)
    warehouse = open_warehouse(settings.warehouse, settings, policy)
    try:
        verdict = (await open_guard(warehouse, policy, context)).check(query.sql, {})
        if not verdict.allowed:
            reasons = " ".join(violation.message for violation in verdict.violations)
            raise UserError(f"The guard does not allow this SQL: {reasons}")
        await warehouse.validate(verdict.sql)
    except RepairableError as error:
        raise UserError(f"The warehouse cannot plan this SQL: {error.message}") from error
    finally:
        await warehouse.close()
