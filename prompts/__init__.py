"""Versioned prompt files, their registry and rendering."""
