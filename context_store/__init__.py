"""The data dictionary: measured, described, stored by version, found again."""
