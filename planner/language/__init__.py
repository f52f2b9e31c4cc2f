"""English as a question uses it: words, numbers, times, units. Knows no data."""
