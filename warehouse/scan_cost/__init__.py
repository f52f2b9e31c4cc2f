"""What a statement would read of a lake, found out before it runs."""
