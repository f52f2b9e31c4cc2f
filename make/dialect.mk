.PHONY: bench-dialect
bench-dialect: .venv/.installed ## Measures Athena SQL on DuckDB against recorded answers of Trino
	$(VENV)/python -m bench.dialect
