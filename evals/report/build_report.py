"""One HTML file with everything in it: it opens from a disk, a mail or a CI's artifacts."""

import base64
import gzip
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from evals.report.report_data import report_data
from evals.result import SampleResult
from evals.run_folder import Manifest
from llm_clients.redaction import redact

_HERE = Path(__file__).parent


Runs: TypeAlias = Sequence[tuple[Manifest, Sequence[SampleResult]]]


def build_report(runs: Runs, title: str = "Evaluation") -> str:
    """Returns the page, for whoever may see the data: it holds the heads of results."""
    return build_page(pack(report_data(runs, title)), title)


def shared_data(runs: Runs, title: str) -> bytes:
    """Returns the data without any row, keys and personal data: for a page over HTTP."""
    content = orjson.dumps(report_data(runs, title, with_rows=False)).decode()
    return gzip.compress(redact(content).encode(), mtime=0)


def pack(data: dict[str, Any]) -> bytes:
    """Returns data as the page reads it, compressed: 5,000 samples stay what a mail takes."""
    return gzip.compress(orjson.dumps(data), mtime=0)


def build_page(data: bytes = b"", title: str = "Evaluation") -> str:
    """Returns the page around packed data; without any it waits for a message that brings it."""
    page = (_HERE / "page.html").read_text(encoding="utf-8")
    for name, text in (
        ("title", escape(title)),
        ("style", (_HERE / "page.css").read_text(encoding="utf-8")),
        ("script", (_HERE / "page.js").read_text(encoding="utf-8")),
        ("data", base64.b64encode(data).decode()),
    ):
        page = page.replace(f"<!--{name}-->", text)
    return page
