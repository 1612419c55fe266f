# The same commands for people and for CI. `make help` lists them.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
SOURCES := wsgi.py dashboard layouts callbacks etl geo tests

.DEFAULT_GOAL := help
.PHONY: help demo test stories check lint etl serve schedule bench evaluate browser-deps lock translations clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: $(VENV)/.installed ## demo data, one ETL run, web server and scheduler; prints the addresses to open
	@$(RUN) -m dashboard demo

test: $(VENV)/.installed-dev browser-deps ## every test but the long stories, on SQLite, PostgreSQL and in headless Chromium
	@$(RUN) -m pytest -n 2 --dist worksteal -q -m "not story"

stories: $(VENV)/.installed-dev browser-deps ## the long stories of many people in Chromium: some minutes
	@$(RUN) -m pytest -n 2 -q -m story

check: lint test ## what CI runs: style, types, layers, then the tests

lint: $(VENV)/.installed-dev ## style, types, layers
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache

etl: $(VENV)/.installed ## one ETL run over the landing files that the settings name
	@$(RUN) -m etl run

serve: $(VENV)/.installed ## the web server alone
	@$(RUN) -m dashboard serve

schedule: $(VENV)/.installed ## the scheduler alone
	@$(RUN) -m dashboard schedule

bench: $(VENV)/.installed-dev browser-deps ## speed and size of pages, refreshes, callbacks and the ETL, beside their bounds
	@$(RUN) -m tests.load.bench $(BENCH)

evaluate: $(VENV)/.installed-dev ## the index and a naive baseline against what was planted in three demos; some minutes
	@$(RUN) -m tests.load.evaluate

browser-deps: ## Chromium and CJK fonts for the browser tests
	@sh .ci/browser-deps

translations: $(VENV)/.installed-dev ## bring the Chinese catalogue up to date with the sources, and compile it
	@$(VENV)/bin/pybabel -q extract -F dashboard/translations/babel.cfg -k w -k words -k N_ -k lazy_gettext --no-location \
		--sort-output -o $(VENV)/messages.pot .
	@$(VENV)/bin/pybabel -q update -l zh_CN -i $(VENV)/messages.pot -d dashboard/translations --no-fuzzy-matching \
		--ignore-obsolete --width 120
	@$(VENV)/bin/pybabel -q compile -d dashboard/translations -l zh_CN

lock: $(VENV)/.installed-dev ## lock the direct dependencies of requirements*.in
	@$(VENV)/bin/uv pip compile -q --generate-hashes --no-annotate --no-header requirements.in -o requirements.txt
	@$(VENV)/bin/uv pip compile -q --generate-hashes --no-annotate --no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove the environment and all demo state
	@rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what requirements.txt locks (once; a minute or two)"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
