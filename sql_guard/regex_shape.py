"""The shape of a regular expression, as far as it decides how long matching can take."""

import re

_BACK_REFERENCE = re.compile(r"\\[1-9]")
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(|\)|[+*]|\{\d*,\d*\}|.", re.DOTALL)
_REPEATED = re.compile(r"[+*]|\{\d*,\d*\}")


def may_backtrack(pattern: str) -> bool:
    """Tells whether the pattern repeats a repetition, or refers back to what it matched."""
    if _BACK_REFERENCE.search(pattern):
        return True
    open_groups = [False]
    closed: bool | None = None
    for piece in _PIECE.findall(pattern):
        repeated = _REPEATED.fullmatch(piece) is not None
        if repeated and closed:
            return True
        closed = None
        if piece == "(":
            open_groups.append(False)
        elif piece == ")" and len(open_groups) > 1:
            closed = open_groups.pop()
            open_groups[-1] = open_groups[-1] or closed
        elif repeated:
            open_groups[-1] = True
    return False
