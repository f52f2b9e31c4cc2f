EVALS_RUN := var/evals/runs/make
EVALS_REPLAY := var/evals/runs/make-replay
EVALS_CASSETTES := evals/cassettes

.PHONY: evals evals-replay evals-renew evals-record evals-audit
evals: .venv/.installed evals-replay ## Asks the shipped suites, replays recorded calls and holds the gates
	@rm -rf $(EVALS_RUN)
	@$(VENV)/vtion evals run --out $(EVALS_RUN) --gate evals/gates.yaml \
		|| { $(VENV)/vtion evals report $(EVALS_RUN) --junit $(EVALS_RUN)/junit.xml; exit 1; }
	@$(VENV)/vtion evals report $(EVALS_RUN) --junit $(EVALS_RUN)/junit.xml

evals-renew: ## Takes known failures that passed in the last make evals off the list
	@$(VENV)/vtion evals gates $(EVALS_RUN) --renew

evals-replay: .venv/.installed
	@rm -rf $(EVALS_REPLAY)
	@VTION_LLM_CROSS_CHECK=off $(VENV)/vtion evals replay $(EVALS_CASSETTES)/stand_in.jsonl --tag replay \
		--out $(EVALS_REPLAY) --gate $(EVALS_CASSETTES)/gates.yaml \
		|| { echo "If prompts, dictionary or retrieval were changed on purpose: make evals-record"; exit 1; }

evals-record: .venv/.installed demo-data ## Records the model calls that make evals replays
	@$(VENV)/python -m tests.evals.record_cassette

snapshots: evals-record

evals-audit: .venv/.installed ## Looks for doubtful gold in the shipped suites
	@$(VENV)/vtion evals audit
