"""The `vtion` command: thin, everything it does lives elsewhere."""
