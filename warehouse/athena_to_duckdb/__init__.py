"""Typed rewrites of Athena trees into trees that DuckDB computes the same."""
