"""Prompt files are read by label and rendered strictly."""

from pathlib import Path

import pytest

from domain.errors import OperatorError
from prompts.registry import PromptRegistry

_PROMPT = """---
description: Greets.
variables: [name]
---
Hello {{ name }}.
"""


@pytest.fixture
def registry(tmp_path: Path) -> PromptRegistry:
    folder = tmp_path / "greeting"
    folder.mkdir()
    (folder / "v1.md").write_text(_PROMPT)
    (folder / "v2.md").write_text(_PROMPT.replace("Hello", "Good day"))
    (tmp_path / "labels.yaml").write_text("greeting: {production: v2, candidate: v1}\n")
    return PromptRegistry(tmp_path)


def test_label_points_to_version(registry: PromptRegistry) -> None:
    assert registry.prompt("greeting").render(name="Asha") == "Good day Asha."
    assert registry.prompt("greeting", "candidate").version == "v1"


@pytest.mark.parametrize("variables", [{}, {"name": "Asha", "age": 3}])
def test_missing_and_surplus_variables_are_errors(
    registry: PromptRegistry, variables: dict[str, object]
) -> None:
    with pytest.raises(OperatorError, match="takes"):
        registry.prompt("greeting").render(**variables)


def test_unknown_label_and_broken_file_name_the_place(
    registry: PromptRegistry, tmp_path: Path
) -> None:
    with pytest.raises(OperatorError, match="no label retired"):
        registry.prompt("greeting", "retired")
    (tmp_path / "greeting" / "v2.md").write_text("no front matter")
    with pytest.raises(OperatorError, match=r"greeting/v2\.md"):
        registry.prompt("greeting")


def test_a_prompt_cannot_reach_python(registry: PromptRegistry, tmp_path: Path) -> None:
    body = _PROMPT.replace("Hello {{ name }}", "{{ name.__class__.__mro__ }}")
    (tmp_path / "greeting" / "v2.md").write_text(body)
    with pytest.raises(OperatorError, match="unsafe"):
        registry.prompt("greeting").render(name="Asha")


@pytest.mark.parametrize("name", ["draft_sql", "synthesize_answer"])
def test_shipped_prompts_are_readable(name: str) -> None:
    assert PromptRegistry().prompt(name).header.description
