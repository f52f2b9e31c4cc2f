CONTEXT_BENCH ?= scale recall build

.PHONY: bench-context
bench-context: .venv/.installed ## Measures the context store: retrieval, loading, recall, build
	@$(VENV)/python -m bench.context $(CONTEXT_BENCH)
