.PHONY: bench-warehouse
bench-warehouse: .venv/.installed ## Measures the workers that run SQL against DuckDB alone, and the bound on scanned bytes
	$(VENV)/python -m bench.warehouse
	$(VENV)/python -m bench.scan_bound
