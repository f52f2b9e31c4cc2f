"""One file a node of the graph: a plain function over the run's state and dependencies."""
