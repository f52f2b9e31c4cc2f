"""Processes that run SQL nobody vouches for: limited, killable, replaced when they die."""
