# CaseFlow. Each target sets up what it needs first; set-up does nothing when nothing has changed.
.DEFAULT_GOAL := help
.PHONY: demo test check run bench soak setup help

# The first Python on this machine that is new enough. PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

demo: setup ## set everything up, load fictional data and serve it on http://127.0.0.1:8000
	@$(BIN)/caseflow demo

test: setup-dev ## set everything up and run the whole test suite
	@$(BIN)/python -m pytest -n 2

check: setup-dev ## what CI runs: lint, types, import contracts, templates, tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -m pytest -n 2

run: setup ## serve this installation
	@$(BIN)/caseflow serve

bench: setup-dev ## measure every page at 1,000, 10,000 and 100,000 cases, beside a plaintext twin
	@$(BIN)/python -m tests.bench

soak: setup-dev ## eight people at once for two minutes, on SQLite, then on PostgreSQL
	@$(BIN)/python -m tests.bench.soak --database sqlite
	@$(BIN)/python -m tests.bench.soak --database postgresql

setup: python ## set everything up and stop
	@$(PYTHON) -m caseflow.operations.setup

.PHONY: setup-dev python
setup-dev: python
	@$(PYTHON) -m caseflow.operations.setup --dev

python:
	@test -n "$(PYTHON)" || { echo "CaseFlow needs Python 3.11 or newer: on Debian or Ubuntu run 'apt-get install python3 python3-venv'." >&2; exit 1; }

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
