"""Which version each label points to, and which it pointed to before."""

from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from domain.errors import NotFoundError, OperatorError

FILE = "labels.yaml"
PRODUCTION = "production"
_HEAD = """\
# Labels point to versions. A list is a label's history, the present version last. Changed with
# `vtion prompts label` and `vtion prompts rollback`.
"""

Labels = dict[str, dict[str, list[str]]]
_SCHEMA = TypeAdapter(dict[str, dict[str, str | list[str]]])


def read_labels(folder: Path) -> Labels:
    """Returns prompt name -> label -> versions, the present one last."""
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
        _require_each_once(yaml.compose(text, Loader=yaml.SafeLoader))
        loaded = yaml.safe_load(text) or {}
        found = _SCHEMA.validate_python(loaded)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise OperatorError(f"{folder / FILE} cannot be read: {error}") from error
    return {
        name: {label: [v] if isinstance(v, str) else v for label, v in labels.items() if v}
        for name, labels in found.items()
    }


def _require_each_once(document: yaml.Node | None) -> None:
    """Raises for a prompt that stands twice, as a merge may leave it: YAML would take the last."""
    pairs = document.value if isinstance(document, yaml.MappingNode) else []
    names = [key.value for key, _ in pairs]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise yaml.YAMLError(f"{', '.join(doubled)} stands there twice")


def move_label(folder: Path, name: str, label: str, version: str) -> None:
    """Points a label to a version and remembers the one before."""
    labels = read_labels(folder)
    history = labels.setdefault(name, {}).setdefault(label, [])
    if not history or history[-1] != version:
        history.append(version)
    _write(folder, labels)


def roll_back(folder: Path, name: str, label: str) -> str:
    """Points a label to the version before; returns that. Raises NotFoundError for the first."""
    labels = read_labels(folder)
    history = labels.get(name, {}).get(label, [])
    if len(history) < 2:
        raise NotFoundError(f"The label {label} of {name} has pointed to no other version before.")
    history.pop()
    _write(folder, labels)
    return history[-1]


def _write(folder: Path, labels: Labels) -> None:
    shown = {
        name: {label: v[0] if len(v) == 1 else v for label, v in sorted(of_prompt.items())}
        for name, of_prompt in sorted(labels.items())
    }
    text = _HEAD + yaml.safe_dump(shown, sort_keys=False, default_flow_style=None, width=100)
    temporary = folder / f".{FILE}"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / FILE)
