prompts-check: install ## Reads every prompt and holds labelled ones against their checksums
	@$(VENV)/vtion prompts check

check: prompts-check

.PHONY: prompts-check
