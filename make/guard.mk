FUZZ_SECONDS ?= 600

bench-guard: install ## Measures the guard: harm stopped, good statements allowed, time
	@$(VENV)/python -m bench.guard

fuzz-guard: install ## Fuzzes the guard for FUZZ_SECONDS (600)
	@$(VENV)/python -m bench.guard_fuzz $(FUZZ_SECONDS)

.PHONY: bench-guard fuzz-guard
