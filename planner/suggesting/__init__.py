"""Questions that the data can answer."""
