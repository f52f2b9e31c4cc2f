"""Sizes as people say them."""

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_STEP = 1000


def byte_text(count: int) -> str:
    """Returns, say, `3.4 GB`: decimal units, two figures at least."""
    size, unit = float(count), 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    digits = 1 if unit and size < 10 else 0
    return f"{size:.{digits}f} {_UNITS[unit]}"
