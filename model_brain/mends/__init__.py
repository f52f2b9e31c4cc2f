"""Faults of drafted SQL that rules can mend, faster and surer than another call of the model."""
