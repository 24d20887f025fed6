# Everything that is done in this folder. `make help` lists it; `make run` and `make test` need nothing before them.

PYTHON ?= python3
BANJIE_DATA_DIR ?= data
POSTGRES ?= postgresql+psycopg://postgres@127.0.0.1/postgres
export BANJIE_DATA_DIR
# The interpreter of .venv is used as it is; no other one is fetched.
export UV_PYTHON_DOWNLOADS = never
export UV_PROJECT_ENVIRONMENT = $(CURDIR)/.venv
unexport VIRTUAL_ENV

BIN := .venv/bin
UV = $(shell command -v uv || echo $(BIN)/uv)
UI_SOURCES := $(shell find admin_ui/src admin_ui/public admin_ui/index.html admin_ui/*.json admin_ui/*.ts -type f 2>/dev/null)
# Byte-code of our own, so that a start is quick where Python is told not to write any.
COMPILE := $(BIN)/python -m compileall -q api engine forms samples workflows
PYTEST := $(BIN)/pytest -q -p no:cacheprovider
APART := --ignore=tests/browser --ignore=tests/faults --ignore=tests/bench

.DEFAULT_GOAL := help
.PHONY: help run install dev ui lint types layers test test-sqlite test-postgres test-faults test-ui test-browser bench fmt wheel clean

help: ## lists what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed admin_ui/dist/index.html ## builds what is missing and serves on BANJIE_BIND (default 127.0.0.1:8080)
	@exec $(BIN)/banjie serve --samples

install: .venv/installed ## what serving needs, into .venv

dev: .venv/complete ## what testing needs, into .venv

ui: admin_ui/dist/index.html ## builds the browser application when its source is newer

test: .venv/complete admin_ui/dist/index.html ## all tests; services that are missing are skipped, see BANJIE_REQUIRE_SERVICES
	@$(MAKE) --no-print-directory lint types layers test-sqlite test-postgres test-faults test-ui test-browser

lint: .venv/complete ## style of the Python code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/complete ## types of the Python code
	$(BIN)/mypy

layers: .venv/complete ## who may import whom
	$(BIN)/lint-imports --no-cache

test-sqlite: .venv/complete admin_ui/dist/index.html ## the Python tests on SQLite
	$(PYTEST) -n 2 tests $(APART)

test-postgres: .venv/complete ## the tests with a database on PostgreSQL, at POSTGRES
	BANJIE_TEST_DATABASE_URL=$(POSTGRES) $(PYTEST) -n 2 tests/engine tests/api tests/scenarios

test-faults: .venv/complete ## processes killed, brokers and databases taken away
	$(PYTEST) tests/faults

test-ui: admin_ui/node_modules/.installed ## types and tests of the browser application
	cd admin_ui && npm run --silent lint && npm test --silent

test-browser: .venv/complete admin_ui/dist/index.html ## a browser walks through the application
	@if [ -d tests/browser ]; then $(PYTEST) tests/browser; fi

bench: .venv/complete ## our steps beside the floor's, and how they grow
	$(BIN)/python -m tests.bench

fmt: .venv/complete ## puts the Python code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: .venv/complete admin_ui/dist/index.html ## the package to install elsewhere, into dist/
	$(UV) build --wheel

clean: ## removes what was built and installed here; the data folder stays
	rm -rf .venv dist admin_ui/dist admin_ui/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

.venv/uv: .venv/bin/python
	@command -v uv >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/installed: .venv/uv pyproject.toml uv.lock
	$(UV) sync --quiet --frozen --inexact --no-dev
	@$(COMPILE)
	@touch $@

.venv/complete: .venv/uv pyproject.toml uv.lock
	$(UV) sync --quiet --frozen --inexact
	@$(COMPILE)
	@touch $@ .venv/installed

admin_ui/node_modules/.installed: admin_ui/package-lock.json
	cd admin_ui && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

admin_ui/dist/index.html: admin_ui/node_modules/.installed $(UI_SOURCES)
	cd admin_ui && npm run --silent build
	@touch $@
