.PHONY: bench-planner bench-planner-scale
bench-planner: ## measure the planner on the public development sets
	.venv/bin/python -m bench.planner
bench-planner-scale: ## time the planner on schemas of 50 and of 10,000 tables
	.venv/bin/python -m bench.planner_scale
