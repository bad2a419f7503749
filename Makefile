# Targets for developers and CI; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
#: stamps, each newer than the files that it depends on: the packages to run, the project, the packages to test
PACKAGES := .venv/.packages
READY := .venv/.ready
TESTABLE := .venv/.ready-dev
DATA ?= ../shared/attribution
STORIES ?= ../shared/stories/dev
#: processes that run tests: three for two cores, because many tests wait
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) * 3 // 2 or 1)")

# Without compiled modules, each command would take a second longer: Python keeps them, also where it is told not to.
unexport PYTHONDONTWRITEBYTECODE

RESOLVE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help setup develop run demo test check bench docs docs-serve fuzz audit container manifests screenshots train \
	wheel workspaces lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

setup: $(READY) ## build .venv with what the program needs, and install the project into it

$(PACKAGES): requirements.lock
	@$(PYTHON) tools/check_python.py
	@echo "Setting up .venv once. Most of the time is the download."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python tools/install_lock.py $<
	@touch $@

$(READY): $(PACKAGES) pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Tests, benchmarks and training add only what they need to the same environment.
.venv/.ready-%: requirements-%.lock $(READY)
	@$(BIN)/python tools/install_lock.py $<
	@touch $@

develop: $(TESTABLE) ## add what tests and checks need to .venv

workspaces: .venv/.ready-workspaces ## add to .venv what encrypts the tokens of many workspaces

run: $(READY) ## load the seeds into an empty database, print two answers, then serve
	@$(BIN)/ontherecord demo
	@exec $(BIN)/ontherecord serve

demo: $(READY) ## print the two answers and exit
	@$(BIN)/ontherecord demo

test: $(TESTABLE) ## run every test (THOROUGH=1 for a release: more kills, more links, every look)
	THOROUGH=$(THOROUGH) $(BIN)/python -m pytest -n $(WORKERS)

check: $(TESTABLE) ## check format, lint, language, types and import contracts, then run every test (TESTED=1 skips the tests)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tests.language
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 -p bot -p briefings
	$(BIN)/mypy --platform darwin -p bot -p briefings
	$(BIN)/lint-imports
	$(if $(TESTED),,$(BIN)/python -m pytest -n $(WORKERS))

bench: $(TESTABLE) .venv/.ready-bench ## run the benchmarks, each with its reference (ONLY=record runs one)
	$(BIN)/python -m bench $(ONLY)

docs: .venv/.ready-docs ## build the documentation site into site/, with every warning as an error
	$(BIN)/python -m docsite build

docs-serve: .venv/.ready-docs ## build the documentation site and show it on this machine
	@$(BIN)/python -m docsite serve

fuzz: $(TESTABLE) .venv/.ready-fuzz ## run every parser on damaged inputs, guided by coverage (COUNT=1000000 in all, ONLY=mail)
	$(BIN)/python -m tests.fuzz --count $(or $(COUNT),100000) --only "$(ONLY)"

audit: $(READY) .venv/.ready-audit ## look for known vulnerabilities in the lock files (ADVISORIES=all.zip without the service)
	$(BIN)/python -m tools.audit $(if $(ADVISORIES),--advisories $(ADVISORIES)) requirements*.lock

container: $(TESTABLE) ## build and run docs/deploy/Containerfile without a container engine (as root, with debootstrap)
	$(BIN)/python -m tests.container

manifests: $(TESTABLE) .venv/.ready-deploy ## check the Containerfile, the Compose file and the chart with their own tools
	$(BIN)/hadolint docs/deploy/Containerfile
	REQUIRE_DEPLOY=1 $(BIN)/python -m pytest -q tests/unit/deploy/test_compose_and_chart.py

screenshots: $(TESTABLE) ## redraw docs/screenshots with the system's Chromium
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

train: .venv/.ready-train ## rebuild the attribution weights (DATA=PolNeAR folder, STORIES=folder of annotated stories)
	$(BIN)/python -m training $(DATA)
	$(BIN)/python -m training.people $(DATA) $(STORIES)

wheel: $(TESTABLE) ## build the wheel and its list of parts (SBOM), check it, and try it with each Python here (ENDS=1 takes the oldest and the newest)
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/twine check --strict dist/*
	$(BIN)/python -m tools.sbom --output dist requirements.lock requirements-workspaces.lock
	$(BIN)/python tools/try_wheel.py $(if $(ENDS),--ends) dist/*.whl

lock: ## update the hashed lock files from pyproject.toml
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(RESOLVE) --upgrade --extra dev --output-file requirements-dev.lock pyproject.toml
	$(RESOLVE) --extra run --constraints requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(RESOLVE) --extra bench --constraints requirements-dev.lock --output-file requirements-bench.lock pyproject.toml
	$(RESOLVE) --extra workspaces --constraints requirements-dev.lock --output-file requirements-workspaces.lock pyproject.toml
	$(RESOLVE) --extra docs --constraints requirements-dev.lock --output-file requirements-docs.lock pyproject.toml
	$(RESOLVE) --extra train --constraints requirements-dev.lock --output-file requirements-train.lock pyproject.toml
	$(RESOLVE) --extra fuzz --constraints requirements-dev.lock --output-file requirements-fuzz.lock pyproject.toml
	$(RESOLVE) --extra audit --constraints requirements-dev.lock --output-file requirements-audit.lock pyproject.toml
	$(RESOLVE) --extra deploy --constraints requirements-dev.lock --output-file requirements-deploy.lock pyproject.toml
	rm -rf .venv-lock
