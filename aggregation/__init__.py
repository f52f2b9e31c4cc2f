"""From a result of any size to a summary of at most 50 rows, and from figures back to it."""
