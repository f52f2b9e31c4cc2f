"""The `vtion` command."""
