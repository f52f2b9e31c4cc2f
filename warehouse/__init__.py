"""Where SQL runs: one protocol, one file an engine."""
