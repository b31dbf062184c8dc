# make run    sets everything up and serves the page on HOST:PORT (127.0.0.1:8000)
# make test   everything the project checks about itself
# make bench  how long translating and proving take

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

# The second runtime: pasted code runs on this SQLAlchemy, its translation on the application's own.
LEGACY := 1.4.54

.PHONY: help run test bench lint setup setup-test assets kernel browser clean
help:
	@sed -n 's/^# //p' $(firstword $(MAKEFILE_LIST)) | head -n 3

run: setup assets
	@$(BIN)/python -m webapp.migrate
	@echo "Requery is starting on http://$(HOST):$(PORT)"
	@exec $(BIN)/gunicorn -c gunicorn.conf.py 'webapp:create_app()'

test: setup-test assets browser lint
	$(BIN)/pytest -n 2 --dist loadfile

lint: setup-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup-test assets
	$(BIN)/python -m tests.benchmarks.translation
	$(BIN)/python -m tests.benchmarks.service

setup: .venv/.installed .runtime-1.4/.installed-$(LEGACY) kernel

setup-test: setup .venv/.installed-dev .runtime-1.4-flask/.installed

assets:
	@scripts/build-assets

# Without libseccomp code is translated all the same; only the proof is off.
kernel: .venv/.installed
	@$(BIN)/python -c 'import ctypes.util, sys; sys.exit(sys.platform == "linux" and not ctypes.util.find_library("seccomp"))' \
		|| scripts/system-package libseccomp2 "the jail that runs pasted code needs it" \
		|| echo "Going on without the proof."

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| scripts/system-package chromium "the browser tests need it"

.venv/bin/python:
	@python=$$(scripts/find-python) && echo "Creating .venv with $$python" && $$python -m venv .venv

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing the project into .venv"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo "Installing what the tests need into .venv"
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

.runtime-1.4/.installed-$(LEGACY): | .venv/bin/python
	@echo "Installing SQLAlchemy $(LEGACY) into .runtime-1.4"
	@rm -rf .runtime-1.4
	@$(PIP) install --no-deps --target .runtime-1.4 'SQLAlchemy==$(LEGACY)'
	@touch $@

# The Flask extensions of that time, for the catalogue's entries only.
.runtime-1.4-flask/.installed: tests/catalogue/requirements-1.4.txt | .venv/bin/python
	@echo "Installing the catalogue's Flask of that time into .runtime-1.4-flask"
	@rm -rf .runtime-1.4-flask
	@$(PIP) install --no-deps --target .runtime-1.4-flask -r tests/catalogue/requirements-1.4.txt
	@touch $@

clean:
	rm -rf .venv .runtime-1.4 .runtime-1.4-flask node_modules static/build
