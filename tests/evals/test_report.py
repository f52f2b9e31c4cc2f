"""The page opens in a browser with nothing beside it; the XML says what failed."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from evals.report.build_report import build_report
from evals.report.junit import junit_xml
from evals.run_folder import Manifest
from tests.evals.made import sample_result

_HOSTILE = "</script><script>document.title = 'broken'</script>"


def _manifest(name: str) -> Manifest:
    started = datetime(2026, 11, 26, tzinfo=UTC)
    return Manifest(name=name, suites=(), solver="graph", code_version="abc", started_at=started)


def test_five_thousand_samples_open_in_a_browser(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed; `make chromium` does that")
    before = [sample_result(f"s{n}", passed=True) for n in range(5_000)]
    after = [sample_result(f"s{n}", passed=n % 50 > 0) for n in range(5_000)]
    text = build_report([(_manifest("A"), before), (_manifest(_HOSTILE), after)], _HOSTILE)
    assert not re.search(r"""(src|href)=["']?https?:""", text)
    page = tmp_path / "report.html"
    page.write_text(text)
    dom = subprocess.run(  # noqa: S603 our own browser
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=10000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    ).stdout
    assert 'data-ready="true"' in dom
    assert "5000 shown" in dom
    assert "All 5000" in dom
    assert "Failures 100" in dom
    assert "Different 100" in dom
    assert 5 < dom.count('class="row"') < 60
    assert "<title>broken" not in dom


def test_junit_holds_each_sample_and_why_it_failed() -> None:
    results = [sample_result("a", passed=True), sample_result("b", passed=False)]
    root = Xml.fromstring(junit_xml(results))  # noqa: S314 our own XML
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = root.find("testsuite/testcase[@name='b']/failure")
    assert failure is not None
    assert failure.get("message") == "execution: other values"
    assert "gold: SELECT 2" in str(failure.text)
