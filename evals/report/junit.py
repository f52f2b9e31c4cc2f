"""A run as JUnit XML, which every CI shows."""

from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from evals.result import SampleResult

_NOT_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"}


def junit_xml(results: Sequence[SampleResult]) -> str:
    """Returns one test suite a suite, one case a sample and repeat."""
    root = Xml.Element("testsuites", name="vtion evals")
    groups: dict[str, list[SampleResult]] = defaultdict(list)
    for result in results:
        groups[result.suite].append(result)
    for name, group in groups.items():
        suite = Xml.SubElement(
            root,
            "testsuite",
            name=name,
            tests=str(len(group)),
            failures=str(sum(not result.passed for result in group)),
            time=f"{sum(result.duration_ms for result in group) / 1000:.3f}",
        )
        for result in group:
            _add_case(suite, result)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True)


def _add_case(suite: Xml.Element, result: SampleResult) -> None:
    repeat = f"#{result.repeat + 1}" if result.repeat else ""
    case = Xml.SubElement(
        suite,
        "testcase",
        classname=result.suite,
        name=f"{result.sample_id}{repeat}",
        time=f"{result.duration_ms / 1000:.3f}",
    )
    if result.passed:
        return
    failure = Xml.SubElement(case, "failure", message=_clean(result.reason))
    failure.text = _clean(
        "\n".join(
            f"{step.question}\nanswer: {step.sql or step.text}\ngold: {step.gold}"
            for step in result.steps
            if not step.passed
        )
    )


def _clean(text: str) -> str:
    return text.translate(_NOT_XML)
