# The targets that people and CI rely on; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DATA ?= ../shared/attribution

RESOLVE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check bench screenshots train lock

help: ## lists the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(READY) ## builds .venv from the hashed lock and installs the project into it

# The stamp is newer than all that the environment depends on, so a second `make setup` does nothing.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: $(READY) ## fills an empty record with the seeds, prints two answers, then serves
	@$(BIN)/ontherecord demo
	@exec $(BIN)/ontherecord serve

demo: $(READY) ## the two answers in the terminal
	@$(BIN)/ontherecord demo

test: $(READY) ## every test
	$(BIN)/python -m pytest

check: $(READY) ## format, lint, language, types, import contracts, then every test, unless TESTED=1 says that they have just passed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tests.language
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(TESTED),,$(BIN)/python -m pytest)

bench: .venv/.ready-bench ## the benchmarks beside what they are measured against; ONLY=record runs one
	$(BIN)/python -m bench $(ONLY)

screenshots: $(READY) ## draws the pictures in docs/screenshots anew, with the system's Chromium
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

train: .venv/.ready-train ## rebuilds the weights of attribution from a PolNeAR folder, DATA=...
	$(BIN)/python -m training $(DATA)

# The peers of the benchmarks and the libraries of training are installed only for those who ask for them.
.venv/.ready-%: requirements-%.lock $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

lock: ## renews the hashed locks from pyproject.toml
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(RESOLVE) --upgrade --extra dev --output-file requirements.lock pyproject.toml
	$(RESOLVE) --extra bench --constraints requirements.lock --output-file requirements-bench.lock pyproject.toml
	$(RESOLVE) --extra train --constraints requirements.lock --output-file requirements-train.lock pyproject.toml
	rm -rf .venv-lock
