"""Runs as a static page, and as JUnit XML."""
