"""The other way round: SQL read back as a plan, and a plan told in words."""
