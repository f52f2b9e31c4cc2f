"""Decides on every drafted statement: parses, qualifies, checks, rewrites."""
