"""Which words of a question name what of the data."""
