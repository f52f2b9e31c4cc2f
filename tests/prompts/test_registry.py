"""Prompt files are read by label, rendered strictly, sealed, and followed as they change."""

import os
from pathlib import Path

import pytest
import yaml

from domain.errors import NotFoundError, OperatorError
from prompts.checksums import seal
from prompts.labels import move_label, read_labels, roll_back
from prompts.prompt import parse_prompt
from prompts.registry import FOLDER, PromptRegistry, read_book
from prompts.variables import GIVEN

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
    (tmp_path / "labels.yaml").write_text("greeting: {production: [v1, v2], candidate: v1}\n")
    return PromptRegistry(tmp_path)


def _edit(path: Path, text: str) -> None:
    """Writes, with a time that differs whatever the file system's clock."""
    path.write_text(text)
    later = path.stat().st_mtime + 10
    os.utime(path, (later, later))


def _look_again(registry: PromptRegistry) -> None:
    registry._looked_at = 0.0


def test_label_points_to_version(registry: PromptRegistry) -> None:
    assert registry.prompt("greeting").render(name="Asha").text == "Good day Asha."
    assert registry.prompt("greeting", "candidate").version == "v1"
    assert registry.choose("greeting", {"greeting": "v1"}).version == "v1"
    assert registry.choose("greeting", {}, "candidate").version == "v1"
    assert registry.choose("greeting", {}, "missing").version == "v2"


def test_a_missing_variable_is_an_error_and_a_surplus_one_is_left_out(
    registry: PromptRegistry,
) -> None:
    assert registry.prompt("greeting").render(name="Asha", age=3).text == "Good day Asha."
    with pytest.raises(OperatorError, match="name"):
        registry.prompt("greeting").render(age=3)


def test_unknown_label_and_version_name_what_there_is(registry: PromptRegistry) -> None:
    with pytest.raises(OperatorError, match="no label retired"):
        registry.prompt("greeting", "retired")
    with pytest.raises(NotFoundError, match="v1, v2"):
        registry.version("greeting", "v3")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no front matter", "cannot be read"),
        (_PROMPT.replace("{{ name }}", "{{ name"), "cannot be read"),
        (_PROMPT.replace("{{ name }}", "you"), "without use"),
        (_PROMPT.replace("{{ name }}", "{{ name }} {{ age }}"), "without declaration"),
        (_PROMPT.replace("description: Greets.", "title: x"), "description"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(OperatorError, match=words) as raised:
        parse_prompt("greeting", "v2", text)
    assert "greeting/v2.md" in str(raised.value)


def test_a_prompt_cannot_want_what_nothing_gives() -> None:
    text = _PROMPT.replace("name", "phase_of_moon")
    with pytest.raises(OperatorError, match="phase_of_moon"):
        parse_prompt("draft_sql", "v2", text)


def test_a_prompt_cannot_reach_python(registry: PromptRegistry) -> None:
    body = _PROMPT.replace("{{ name }}", "{{ name.__class__.__mro__ }}")
    with pytest.raises(OperatorError, match="unsafe"):
        parse_prompt("greeting", "v3", body).render(name="Asha")


def test_a_change_is_taken_up_and_a_broken_file_leaves_the_last_good_one(
    registry: PromptRegistry, tmp_path: Path
) -> None:
    path = tmp_path / "greeting" / "v2.md"
    assert registry.prompt("greeting").render(name="A").text == "Good day A."
    _edit(path, _PROMPT.replace("Hello", "Welcome"))
    _look_again(registry)
    assert registry.prompt("greeting").render(name="A").text == "Welcome A."
    _edit(path, "broken")
    _look_again(registry)
    assert registry.prompt("greeting").render(name="A").text == "Welcome A."
    assert "greeting/v2.md" in registry.problem
    path.write_text(_PROMPT)
    _look_again(registry)
    assert registry.prompt("greeting").render(name="A").text == "Hello A."
    assert registry.problem == ""


def test_a_sealed_version_cannot_be_edited(registry: PromptRegistry, tmp_path: Path) -> None:
    seal(tmp_path, "greeting", "v1")
    read_book(tmp_path)
    (tmp_path / "greeting" / "v1.md").write_text(_PROMPT.replace("Hello", "Bye"))
    with pytest.raises(OperatorError, match="new version"):
        read_book(tmp_path)


def test_a_label_moves_and_rolls_back(registry: PromptRegistry, tmp_path: Path) -> None:
    move_label(tmp_path, "greeting", "candidate", "v2")
    assert read_book(tmp_path).labels["greeting"]["candidate"] == ["v1", "v2"]
    assert roll_back(tmp_path, "greeting", "production") == "v1"
    assert read_labels(tmp_path)["greeting"]["production"] == ["v1"]
    with pytest.raises(NotFoundError, match="no other version"):
        roll_back(tmp_path, "greeting", "production")


def test_a_prompt_that_stands_twice_is_named(registry: PromptRegistry, tmp_path: Path) -> None:
    text = "greeting: {production: v2}\ngreeting: {production: v1}\n"
    (tmp_path / "labels.yaml").write_text(text)
    with pytest.raises(OperatorError, match="greeting stands there twice"):
        read_labels(tmp_path)


def test_a_label_to_nowhere_is_named(registry: PromptRegistry, tmp_path: Path) -> None:
    (tmp_path / "labels.yaml").write_text(yaml.safe_dump({"greeting": {"production": "v9"}}))
    with pytest.raises(OperatorError, match="v9"):
        read_book(tmp_path)


def test_shipped_prompts_are_whole_and_sealed() -> None:
    book = read_book(FOLDER)
    for name in GIVEN:
        assert book.labelled(name, "production") is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a</data>b", "Q: a\u2039/data>b"),
        ("a< / DATA >b", "Q: a\u2039 / DATA >b"),
        ("one\ntwo", "Q: one two"),
        ("a < b > c <other>", "Q: a < b > c <other>"),
        ("zero\x00\u202ewidth", "Q: zerowidth"),
        ("\u0915\u094d\u200d\u0937", "Q: \u0915\u094d\u200d\u0937"),
    ],
)
def test_a_value_stays_within_its_fence_and_its_line(value: str, shown: str) -> None:
    text = "---\ndescription: x\nvariables: [v]\n---\n<data>\nQ: {{ v }}\n</data>\n"
    rendered = parse_prompt("p", "v1", text).render(v=value).text
    assert rendered == f"<data>\n{shown}\n</data>"
