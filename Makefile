# Targets for developers and CI; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DATA ?= ../shared/attribution
STORIES ?= ../shared/stories/dev

RESOLVE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check bench fuzz screenshots train lock

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

setup: $(READY) ## build .venv from the hashed lock file and install the project into it

# The stamp is newer than the files that the environment depends on, so a second `make setup` does nothing.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: $(READY) ## load the seeds into an empty database, print two answers, then serve
	@$(BIN)/ontherecord demo
	@exec $(BIN)/ontherecord serve

demo: $(READY) ## print the two answers and exit
	@$(BIN)/ontherecord demo

test: $(READY) ## run every test
	$(BIN)/python -m pytest -n auto

check: $(READY) ## check format, lint, language, types and import contracts, then run every test (TESTED=1 skips the tests)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tests.language
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(TESTED),,$(BIN)/python -m pytest -n auto)

bench: .venv/.ready-bench ## run the benchmarks, each with its reference (ONLY=record runs one)
	$(BIN)/python -m bench $(ONLY)

fuzz: $(READY) ## read damaged copies of a file of every kind (COUNT=1000 copies each)
	$(BIN)/python -m tests.fuzz --count $(or $(COUNT),1000)

screenshots: $(READY) ## redraw docs/screenshots with the system's Chromium
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

train: .venv/.ready-train ## rebuild the attribution weights (DATA=PolNeAR folder, STORIES=folder of annotated stories)
	$(BIN)/python -m training $(DATA)
	$(BIN)/python -m training.people $(DATA) $(STORIES)

# The reference libraries of the benchmarks and the libraries for training are installed only on request.
.venv/.ready-%: requirements-%.lock $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

lock: ## update the hashed lock files from pyproject.toml
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(RESOLVE) --upgrade --extra dev --output-file requirements.lock pyproject.toml
	$(RESOLVE) --extra bench --constraints requirements.lock --output-file requirements-bench.lock pyproject.toml
	$(RESOLVE) --extra train --constraints requirements.lock --output-file requirements-train.lock pyproject.toml
	rm -rf .venv-lock
