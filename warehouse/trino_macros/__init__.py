"""Functions of Trino that DuckDB lacks or computes otherwise, as DuckDB macros."""
