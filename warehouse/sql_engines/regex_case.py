"""Groups that ignore case, `(?i:...)`, which Postgres' patterns do not have."""

from domain.errors import RepairableError

_OPENING = "(?i:"


def spell_out_case(pattern: str) -> str:
    """Returns a pattern in which every letter of such a group stands for both of its cases.

    Raises RepairableError for a class of characters within such a group.
    """
    written: list[str] = []
    groups: list[bool] = []
    position = 0
    while position < len(pattern):
        letter = pattern[position]
        ignores_case = any(groups)
        if letter == "\\":
            written.append(pattern[position : position + 2])
            position += 2
            continue
        if pattern.startswith(_OPENING, position):
            groups.append(True)
            written.append("(?:")
            position += len(_OPENING)
            continue
        if letter == "[":
            end = _end_of_class(pattern, position)
            if ignores_case:
                raise RepairableError("A class within (?i:...) is not served by this engine.")
            written.append(pattern[position:end])
            position = end
            continue
        if letter == "(":
            groups.append(False)
        elif letter == ")" and groups:
            groups.pop()
        is_either = ignores_case and letter.isalpha()
        written.append(f"[{letter.lower()}{letter.upper()}]" if is_either else letter)
        position += 1
    return "".join(written)


def _end_of_class(pattern: str, start: int) -> int:
    end = start + 2 if pattern[start + 1 : start + 2] != "^" else start + 3
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1
