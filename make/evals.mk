EVALS_RUN := var/evals/runs/make

.PHONY: evals evals-audit
evals: .venv/.installed ## Asks the shipped suites and holds the gates
	@rm -rf $(EVALS_RUN)
	@$(VENV)/vtion evals run --out $(EVALS_RUN) --gate evals/gates.yaml \
		|| { $(VENV)/vtion evals report $(EVALS_RUN) --junit $(EVALS_RUN)/junit.xml; exit 1; }
	@$(VENV)/vtion evals report $(EVALS_RUN) --junit $(EVALS_RUN)/junit.xml

evals-audit: .venv/.installed ## Looks for doubtful gold in the shipped suites
	@$(VENV)/vtion evals audit
