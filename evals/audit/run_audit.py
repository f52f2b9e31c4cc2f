"""Audits a suite, source by source, and keeps what its results were when they were checked."""

from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from evals.audit.audit_suite import GoldAuditor
from evals.audit.finding import Finding
from evals.sample import Sample
from evals.source import open_eval_source
from evals.suite_file import LoadedSuite
from settings.settings import Settings


async def audit_suite(
    loaded: LoadedSuite,
    sources: Mapping[str, Settings],
    on_sample: Callable[[Sample], None],
    *,
    accept: bool,
) -> list[Finding]:
    """Returns every doubt about the suite's gold. `accept` notes today's results as checked."""
    suite, path = loaded.suite, checked_file(loaded.path)
    known: dict[str, str] = orjson.loads(path.read_bytes()) if path.is_file() else {}
    findings: list[Finding] = []
    digests: dict[str, str] = {}
    for name, settings in sources.items():
        samples = [s for s in suite.samples if (s.source or suite.source) == name]
        async with open_eval_source(name, settings) as source:
            auditor = GoldAuditor(suite, source, {} if accept else known)
            findings += await auditor.findings(samples, on_sample)
            digests |= auditor.digests
    if accept:
        options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
        path.write_bytes(orjson.dumps(digests, option=options))
    return list(dict.fromkeys(findings))


def checked_file(suite: Path) -> Path:
    """Returns where the digests of a suite's checked results lie."""
    return suite / "checked.json" if suite.is_dir() else suite.with_suffix(".checked.json")
