"""Writes the VTION sample: a synthetic mobile audience panel, the same from the same seed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.quoting import quote_text

_HERE = Path(__file__).parent
_MONTHS = tuple(date(2026, month, 1) for month in range(4, 10))
_MONTH_TABLES = {
    "app_sessions": "SELECT * EXCLUDE (category) FROM month_sessions ORDER BY session_id",
    "video_views": "SELECT * FROM month_views ORDER BY view_id",
    "purchases": "SELECT * FROM month_purchases ORDER BY purchase_id",
}
_WHOLE_TABLES = {
    "panelists.parquet": "SELECT * EXCLUDE (daily_habit) FROM panelists ORDER BY panelist_id",
    "panel_weights.parquet": "SELECT * FROM panel_weights ORDER BY week_start, panelist_id",
    "apps.csv": "SELECT app_id, app_name, category, publisher FROM ref_apps ORDER BY app_id",
    "universe_estimates.jsonl": "SELECT * FROM universe_estimates ORDER BY ALL",
}


def generate(
    folder: Path, on_progress: Callable[[str], None], *, panelists: int = 4_000, seed: int = 2026
) -> None:
    """Writes Parquet partitioned by month, one CSV and one JSON Lines table into `folder`.

    Covers 2026-04-01 to 2026-09-30; 4,000 panelists give about 1.4 million sessions.
    """
    with duckdb.connect() as connection:
        _load_reference(connection)
        on_progress("panel and weights")
        parameters: dict[str, int | date] = {
            "seed": seed,
            "panelists": panelists,
            "first_day": _MONTHS[0],
        }
        _run_script(connection, "panel.sql", parameters)
        _run_script(connection, "habits.sql", parameters)
        for name, query in _WHOLE_TABLES.items():
            _write(connection, query, folder / name)
        for month in _MONTHS:
            on_progress(f"sessions of {month:%B %Y}")
            _run_script(connection, "month.sql", {"month": month})
            for name, query in _MONTH_TABLES.items():
                _write(connection, query, folder / name / f"month={month:%Y-%m}" / "part.parquet")


def _load_reference(connection: DuckDBPyConnection) -> None:
    for file in sorted((_HERE / "reference").glob("*.csv")):
        connection.execute(
            f"CREATE TABLE ref_{file.stem} AS FROM read_csv({quote_text(str(file))})"
        )


def _run_script(
    connection: DuckDBPyConnection, name: str, parameters: dict[str, int | date]
) -> None:
    script = (_HERE / name).read_text()
    for parameter, value in parameters.items():
        literal = f"DATE '{value}'" if isinstance(value, date) else str(value)
        script = script.replace(f"${parameter}", literal)
    connection.execute(script)


def _write(connection: DuckDBPyConnection, query: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    form = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER"}.get(
        file.suffix, "FORMAT json"
    )
    connection.execute(f"COPY ({query}) TO {quote_text(str(file))} ({form})")
