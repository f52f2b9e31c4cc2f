"""A loopback Athena, for development and tests without an account."""
