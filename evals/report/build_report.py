"""One HTML file with everything in it: it opens from a disk, a mail or a CI's artifacts."""

import base64
import gzip
from collections.abc import Sequence
from html import escape
from pathlib import Path

import orjson

from evals.report.report_data import report_data
from evals.result import SampleResult
from evals.run_folder import Manifest

_HERE = Path(__file__).parent


def build_report(
    runs: Sequence[tuple[Manifest, Sequence[SampleResult]]], title: str = "Evaluation"
) -> str:
    """Returns the page. Its data is compressed: 5,000 samples stay a file that a mail takes."""
    content = orjson.dumps(report_data(runs, title))
    data = base64.b64encode(gzip.compress(content, mtime=0)).decode()
    page = (_HERE / "page.html").read_text(encoding="utf-8")
    for name, text in (
        ("title", escape(title)),
        ("style", (_HERE / "page.css").read_text(encoding="utf-8")),
        ("script", (_HERE / "page.js").read_text(encoding="utf-8")),
        ("data", data),
    ):
        page = page.replace(f"<!--{name}-->", text)
    return page
