"""How an outcome is judged, one question a file."""
