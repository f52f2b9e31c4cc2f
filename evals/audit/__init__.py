"""Doubts about gold: most failures of public benchmarks are faults of their annotation."""
