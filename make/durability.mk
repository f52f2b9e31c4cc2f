.PHONY: test-durability
test-durability: install postgres ## Kills real servers in every node and holds what clients get
	@timeout 1800 $(VENV)/pytest -q -n 0 tests/durability
