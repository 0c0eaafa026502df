# What people run here. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SCENARIO := scenarios/pyongyang-hanoi-2024.yaml
RUN := runs/pyongyang-hanoi-2024
TYPED := $(wildcard sim tui tests benchmarks scripts)
RECENT := import sys; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(INSTALLED) ## check the flagship scenario, play 2,000 futures of it, write the report
	$(BIN)/foedus validate $(SCENARIO)
	$(BIN)/foedus batch $(SCENARIO) --runs 2000 --seed 1 --out $(RUN) --force
	$(BIN)/foedus report $(RUN)

.PHONY: test
test: $(INSTALLED) ## all tests, on all cores
	$(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: check
check: $(INSTALLED) ## style, types, who imports whom, and the engine's arithmetic
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(TYPED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/lint_arithmetic.py

.PHONY: bench
bench: $(INSTALLED) ## time the flagship scenario, and what people wait for in the terminal
	$(BIN)/python -m benchmarks.flagship
	$(BIN)/python -m benchmarks.terminal

.PHONY: flips
flips: $(INSTALLED) ## try what would have flipped 1,000 decisions, and write docs/flips.md
	$(BIN)/python -m benchmarks.flips --write

.PHONY: mechanisms
mechanisms: $(INSTALLED) ## measure what the sources say moves what, and write docs/mechanisms-pyongyang-hanoi-2024.md
	$(BIN)/foedus mechanisms $(SCENARIO) --runs 4000 --seed 1 --out docs/mechanisms-pyongyang-hanoi-2024.md

.PHONY: pages
pages: $(INSTALLED) ## play what docs/scenarios shows in figures, and write its pages; takes many minutes
	$(BIN)/python -m scripts.write_authors
	$(BIN)/python -m scripts.write_base_case
	$(BIN)/python -m scripts.write_questions

MINUTES ?= 10
.PHONY: fuzz
fuzz: $(INSTALLED) ## damage files at random and read them, for MINUTES=10; write docs/fuzzing.md
	$(BIN)/python -m benchmarks.fuzz --minutes $(MINUTES) --write

.PHONY: setup
setup: $(INSTALLED) ## make .venv and install the pinned packages (PYTHON=python3.12 names another Python)

.PHONY: clean
clean: ## remove .venv and caches; runs/ stays, since results are yours
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed once, and again when a pin or a dependency changes. An environment that still works is kept.
$(INSTALLED): pyproject.toml constraints.txt
	@$(BIN)/python -c '$(RECENT)' 2>/dev/null || { \
	  command -v $(PYTHON) >/dev/null || { \
	    echo "foedus needs Python 3.11 or later, and there is no '$(PYTHON)' here. Name one: make setup PYTHON=/path/to/python3"; \
	    exit 1; }; \
	  $(PYTHON) -c '$(RECENT)' || { \
	    echo "foedus needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name another: make setup PYTHON=python3.12"; \
	    exit 1; }; \
	  echo "making $(VENV) with $$($(PYTHON) -V 2>&1)"; \
	  $(PYTHON) -m venv --clear $(VENV); }
	@echo "installing the packages of constraints.txt (a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,serve]'
	@touch $@
