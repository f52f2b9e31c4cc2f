.PHONY: test-trino
test-trino: .venv/.installed demo-data ## Holds our DuckDB's answers against a real Trino server
	@home=$$(scripts/get_trino.sh) && TRINO_HOME=$$home timeout 2400 $(VENV)/pytest -q -n 0 tests/trino
