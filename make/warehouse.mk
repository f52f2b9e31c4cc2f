.PHONY: bench-warehouse
bench-warehouse: .venv/.installed ## Measures the workers that run SQL against DuckDB alone
	$(VENV)/python -m bench.warehouse
