"""Trino, Postgres and Redshift, through SQLAlchemy URLs."""
