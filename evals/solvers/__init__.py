"""How a sample is asked: the planner alone, the graph in process, a server, a recording."""
