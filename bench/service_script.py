"""What every contestant of the service benchmark works on: question, SQL, data, model replies."""

from pathlib import Path

import duckdb
import yaml

from cli.context import ensure_context
from settings.settings import Settings

FOLDER = Path("var/bench-service")
QUESTION = "How many events are there per category?"
SQL = "SELECT category, COUNT(*) AS events FROM events GROUP BY category ORDER BY events DESC"
TEXT = "**Drinks** lead with 250 events; the other three categories have 250 each."
_DRAFT = f'{{"sql": "{SQL}", "confidence": 0.9}}'
_ROWS = """
    SELECT i AS event_id, ['Drinks', 'Food', 'Music', 'News'][1 + i % 4] AS category,
           DATE '2026-01-01' + CAST(i % 90 AS INTEGER) AS day, i % 17 AS amount
    FROM range(1000) t(i)"""


def prepare() -> Settings:
    """Writes 1,000 rows and their context below `FOLDER`; returns settings over them."""
    data = FOLDER / "data"
    data.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({_ROWS}) TO '{data / 'events.parquet'}'")
    with duckdb.connect(str(FOLDER / "vanna.duckdb")) as connection:
        connection.execute(f"CREATE OR REPLACE TABLE events AS {_ROWS}")
    settings = Settings(
        warehouse=f"duckdb://{data.resolve()}",
        context=(FOLDER / "context").resolve(),
        state=f"sqlite:///{(FOLDER / 'state.sqlite').resolve()}",
        llm=f"scripted:{write_script(0.0)}",
        policy="open",
        log_level="WARNING",
    )
    ensure_context(settings)
    return settings


def write_script(seconds: float) -> Path:
    """Writes a model's lines; each of its two calls takes so long. Returns the file."""
    path = (FOLDER / f"script-{seconds:g}.yaml").resolve()
    lines = [
        {"when": "You write SQL", "reply": _DRAFT, "repeat": True, "seconds": seconds},
        {"when": "You write the answer", "reply": TEXT, "repeat": True, "seconds": seconds},
    ]
    path.write_text(yaml.safe_dump(lines))
    return path
