"""A prompt file without one of its sections, or without one of its rules."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import yaml
from jinja2 import meta

from prompts.prompt import parse_prompt
from prompts.rendering import environment_for

_RULE = "- "
_FENCE = "---\n"
_QUESTION = "%% question\n"
_BLOCK = re.compile(r"\{%-?\s*(?:if|for\s+[\w, ]+\s+in)\s+(\w+)")
_OPENED = re.compile(r"\{%-?\s*(?:if|for)\b")
_CLOSED = re.compile(r"\{%-?\s*end(?:if|for)\b")


def prompt_rules(text: str) -> Iterator[tuple[str, str]]:
    """Yields each rule of a prompt file, and the file without it."""
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if line.startswith(_RULE):
            yield line.removeprefix(_RULE).strip(), "".join(lines[:place] + lines[place + 1 :])


def prompt_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yields the label of each section of a prompt file, and the file without the section.

    A section is a paragraph of instructions, or all that is written where a variable is given:
    the agreed measures, the examples, the conversation so far.
    """
    _, front, body = text.split(_FENCE, 2)
    lines = body.splitlines(keepends=True)
    blocks, paragraphs = _blocks(lines), _paragraphs(lines)
    for label, places in (*paragraphs.items(), *blocks.items()):
        kept = "".join(line for place, line in enumerate(lines) if place not in places)
        yield f"section: {label}", _file(front, kept)


def _blocks(lines: Sequence[str]) -> dict[str, set[int]]:
    """Returns the lines of all blocks by the variable that they stand for."""
    found: dict[str, set[int]] = defaultdict(set)
    depth, variable = 0, ""
    for place, line in enumerate(lines):
        opened = _BLOCK.match(line) if depth == 0 else None
        variable = opened.group(1) if opened else variable
        if opened or (depth and variable):
            found[variable].add(place)
        depth += len(_OPENED.findall(line)) - len(_CLOSED.findall(line))
        variable = variable if depth else ""
    return found


def _paragraphs(lines: Sequence[str]) -> dict[str, set[int]]:
    """Returns the lines of each paragraph that is written for every question."""
    found: dict[str, set[int]] = {}
    blocks = set().union(*_blocks(lines).values())
    end = lines.index(_QUESTION) if _QUESTION in lines else len(lines)
    paragraph: list[int] = []
    for place in range(end + 1):
        is_text = place < end and place not in blocks and lines[place].strip()
        if is_text:
            paragraph.append(place)
            continue
        # A fence belongs to what stands in it.
        if paragraph and not any(lines[each].startswith("<") for each in paragraph):
            found[lines[paragraph[0]].strip()] = set(paragraph)
        paragraph = []
    return found


def _file(front: str, body: str) -> str:
    """Returns the file with a header that declares what is left in use."""
    header = yaml.safe_load(front)
    used = meta.find_undeclared_variables(environment_for(body).parse(body.replace(_QUESTION, "")))
    header["variables"] = [name for name in header["variables"] if name in used]
    text = f"{_FENCE}{yaml.safe_dump(header, sort_keys=False)}{_FENCE}{body}"
    parse_prompt("ablated", "v0", text)
    return text
