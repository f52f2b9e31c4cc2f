"""The dictionary as the planner asks it: tables, names, joins, scopes."""
