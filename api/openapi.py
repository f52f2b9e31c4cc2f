"""The OpenAPI with the stream's event types in it, so that clients can generate theirs."""

from typing import Any

from ag_ui.core import Event
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from api.agui_stream import AnswerText
from domain.answer import Receipt
from domain.chart_spec import ChartSpec
from domain.run_event import ContextActivity, ExecutionActivity, QueueActivity, SqlActivity

_ACTIVITIES = (
    QueueActivity,
    ContextActivity,
    SqlActivity,
    ExecutionActivity,
    ChartSpec,
    Receipt,
    AnswerText,
)
_REFERENCE = "#/components/schemas/{model}"


def install_openapi(app: FastAPI) -> None:
    """Replaces the app's OpenAPI by one that also describes the stream."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_events(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way to extend it


def _with_events(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
    _, activities = models_json_schema(
        [(model, "serialization") for model in _ACTIVITIES], ref_template=_REFERENCE
    )
    events = TypeAdapter(Event).json_schema(
        mode="serialization", by_alias=True, ref_template=_REFERENCE
    )
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for found in (events.pop("$defs"), activities["$defs"]):
        for name, definition in found.items():
            schemas.setdefault(name, definition)
    schemas["AguiEvent"] = events
    response = schema["paths"]["/query"]["post"]["responses"]["200"]["content"]
    response["text/event-stream"] = {"schema": {"$ref": _REFERENCE.format(model="AguiEvent")}}
    return schema
