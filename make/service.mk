.PHONY: bench-service fuzz-api postgres
test: postgres

postgres: ## Installs Debian's Postgres where it is missing and may be installed
	@scripts/install_postgres.sh

var/vanna/bin/python: | .uv/bin/uv
	@.uv/bin/uv venv -q var/vanna --python $(PYTHON)
	@.uv/bin/uv pip install -q --python var/vanna/bin/python "vanna[duckdb,fastapi]==2.0.2" \
		|| { echo "vanna 2.0.2 cannot be installed: its figures are left out"; rm -rf var/vanna; }

FUZZ_EXAMPLES ?= 40

fuzz-api: .venv/.installed ## Sends the service what its OpenAPI allows and does not, FUZZ_EXAMPLES of each
	@FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) timeout 1800 $(VENV)/pytest -q -n 2 tests/api/test_openapi_fuzz.py

bench-service: .venv/.installed ## Measures the service against floors and against vanna 2.0.2
	@$(MAKE) --no-print-directory var/vanna/bin/python || true
	@$(VENV)/python -m bench.service $(BENCH_ARGUMENTS)
