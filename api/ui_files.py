"""Serves the built UI beside the API."""

from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

_log = structlog.get_logger(__name__)


class _UiFiles(StaticFiles):
    """Hashed assets may be kept for a year; the page itself is asked for each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        )
        return response


def mount_ui(app: FastAPI, folder: Path) -> None:
    """Mounts the UI at `/`; without a build, the API is served alone."""
    if not (folder / "index.html").is_file():
        _log.warning("ui_missing", folder=str(folder), remedy="run `make install`")
        return
    app.mount("/", _UiFiles(directory=folder, html=True), name="ui")
