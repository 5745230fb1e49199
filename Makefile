# The daily words: make run, make test, make check, make eval, make bench. Nothing needs to be prepared before them.
#   make run SEEDS=文档文件夹 PORT=8123 DATA=数据文件夹      make eval EVAL=题库文件夹 SEEDS=文档文件夹

SHELL := /bin/bash
ifndef PYTHON
PYTHON := $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done),python3)
endif
PY := .venv/bin/python
SETTINGS := $(if $(SEEDS),QA_SEEDS="$(SEEDS)") $(if $(PORT),QA_PORT="$(PORT)") $(if $(DATA),QA_DATA="$(DATA)")

.PHONY: run test check format eval bench ready ready-dev clean

run: ready
	@$(SETTINGS) exec $(PY) -m qa serve

test: ready-dev
	@$(PYTHON) setup/browser.py
	@$(PY) -m pytest $(TESTS)

check: ready-dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports

format: ready-dev
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

eval: ready
	@$(PY) -m benchmarks.evaluate $(if $(EVAL),--eval "$(EVAL)") $(if $(SEEDS),--seeds "$(SEEDS)") $(ARGS)

bench: ready
	@$(PYTHON) setup/prepare.py --peer
	@$(PY) -m benchmarks.bench $(if $(EVAL),--eval "$(EVAL)") $(if $(SEEDS),--seeds "$(SEEDS)") $(ARGS)

ready:
	@$(PYTHON) setup/prepare.py

ready-dev:
	@$(PYTHON) setup/prepare.py --dev

clean:
	rm -rf .venv .venv-peer .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
