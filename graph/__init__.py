"""Wiring: the state machine, its routes, its checkpoints, and a question's way through it."""
