"""What Athena asks for a scan."""

_MEGABYTE = 1_000_000
_TERABYTE = 1_000_000_000_000
_LEAST_MEGABYTES = 10


def cost_usd(bytes_scanned: int, usd_per_terabyte: float) -> float:
    """Returns the price of one query: whole megabytes, ten at least where anything is read."""
    if bytes_scanned <= 0:
        return 0.0
    megabytes = max(_LEAST_MEGABYTES, -(-bytes_scanned // _MEGABYTE))
    return megabytes * _MEGABYTE / _TERABYTE * usd_per_terabyte
