"""Names that were probably meant, by similarity."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

_CLOSE = 60.0
_MOST = 3


def did_you_mean(name: str, candidates: Sequence[str]) -> str:
    """Returns a hint that names the closest candidates, or lists some when none is close."""
    close = process.extract(
        name.lower(), candidates, scorer=fuzz.ratio, limit=_MOST, score_cutoff=_CLOSE
    ) or process.extract(
        name.lower(), candidates, scorer=fuzz.partial_ratio, limit=_MOST, score_cutoff=80
    )
    if close:
        names = ", ".join(f"`{candidate}`" for candidate, _, _ in close)
        return f"did you mean {names}?"
    listed = ", ".join(f"`{candidate}`" for candidate in sorted(candidates)[:12])
    return f"there are: {listed}." if listed else ""
