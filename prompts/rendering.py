"""Renders prompt bodies. What a variable holds is data: it can close no fence and add no line."""

import json
import re
import unicodedata
from collections.abc import Callable

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

_TAG = re.compile(r"</?([a-z_]+)>")
_LINE_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")
_KEPT_CONTROLS = "\n\t"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_JOINERS = "\u200c\u200d"
"""Format characters that Indic scripts and emoji need."""


class _Shown(str):
    """Text that is already safe to stand in a prompt."""

    __slots__ = ()


def environment_for(body: str) -> ImmutableSandboxedEnvironment:
    """Returns an environment in which no value can open or close a fence of this body."""
    fences = sorted(set(_TAG.findall(body)))
    neutral = _fence_breaker(fences)
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        finalize=lambda value: _one_line(value, neutral),
    )
    environment.filters["lines"] = lambda value: _Shown(neutral(_visible(str(value))))
    environment.filters["quoted"] = lambda value: _Shown(neutral(_quoted(value)))
    return environment


def _one_line(value: object, neutral: Callable[[str], str]) -> str:
    """Shows a value on one line: a line break in it could pass for a line of the prompt."""
    if isinstance(value, _Shown):
        return value
    return neutral(_LINE_BREAKS.sub(" ", _visible(str(value))))


def _quoted(value: object) -> str:
    shown = _visible(value) if isinstance(value, str) else value
    return json.dumps(shown, ensure_ascii=False, default=str)


def _visible(text: str) -> str:
    """Leaves out what a person would not see, such as control and direction characters."""
    if text.isprintable():
        return text
    return "".join(character for character in text if _is_visible(character))


def _is_visible(character: str) -> bool:
    if character in _KEPT_CONTROLS or character in _JOINERS:
        return True
    return unicodedata.category(character) not in _INVISIBLE


def _fence_breaker(fences: list[str]) -> Callable[[str], str]:
    if not fences:
        return lambda text: text
    names = "|".join(fences)
    tag = re.compile(rf"<(\s*/?\s*(?:{names})\b)", re.IGNORECASE)
    return lambda text: tag.sub("\u2039\\1", text)
