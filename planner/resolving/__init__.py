"""From what a question asks for to a plan over columns and joins."""
