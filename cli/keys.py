"""`vtion keys`: API keys, shown once and kept as digests."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Concatenate, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from domain.errors import QuestionError
from domain.user import Role, User
from settings.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

keys_app = typer.Typer(help="API keys for people and programs.", no_args_is_help=True)
P = ParamSpec("P")
R = TypeVar("R")


@keys_app.command("create")
def create(
    user: Annotated[str, typer.Option(help="Whose key it is.")],
    role: Annotated[list[Role] | None, typer.Option(help="What it may do; repeatable.")] = None,
    attribute: Annotated[
        list[str] | None, typer.Option(help="name=value for row policies; repeatable.")
    ] = None,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires.")] = 365,
) -> None:
    """Makes a key and prints it: it cannot be shown again."""
    from run_store import api_keys

    if not user.strip():
        raise QuestionError("A key belongs to somebody: give --user a name.")
    owner = User(user, frozenset(role or [Role.ANALYST]), dict(map(_pair, attribute or [])))
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    print(_work(api_keys.create_key, owner, label, expires_at))


@keys_app.command("list")
def list_all() -> None:
    """Lists keys, the newest first. Secrets are not kept, so none is shown."""
    from run_store import api_keys

    table = Table("id", "user", "roles", "label", "expires")
    now = datetime.now(UTC)
    for key in _work(api_keys.list_keys):
        expires = f"{key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else "never"
        state = expires if key.is_valid(now) else f"ended {expires}"
        table.add_row(key.key_id, key.user.id, ", ".join(sorted(key.user.roles)), key.label, state)
    Console().print(table)


@keys_app.command("rotate")
def rotate(
    key_id: str,
    grace_hours: Annotated[float, typer.Option(min=0, help="The old key works so long.")] = 24,
) -> None:
    """Makes a successor with the same rights and prints it; the old key ends after the grace."""
    from run_store import api_keys

    print(_work(api_keys.rotate_key, key_id, timedelta(hours=grace_hours)))


@keys_app.command("revoke")
def revoke(key_id: str) -> None:
    """Ends a key now."""
    from run_store import api_keys

    _work(api_keys.expire_key, key_id, datetime.now(UTC))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise QuestionError(f"--attribute {text} has no value: write name=value.")
    return name, value


def _work(do: "Callable[Concatenate[Connection, P], R]", *args: P.args, **kwargs: P.kwargs) -> R:
    # Imported here, as below: the other commands need no database.
    from run_store.run_store import open_run_store

    async def work() -> R:
        async with open_run_store(Settings().state) as store:
            return await store.work(do, *args, **kwargs)

    return asyncio.run(work())
