.PHONY: bench-planner
bench-planner: ## measure the planner on the public development sets
	.venv/bin/python -m bench.planner
