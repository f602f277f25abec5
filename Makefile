# make run    the portal with the 2009 season and demo accounts on http://127.0.0.1:8000/ (PORT changes it)
# make test   everything the tests need, then all of them (again on PostgreSQL when TEST_DATABASE_URL is set)
# make check  format, lint, types, migrations, translations and tests: what is run before a commit

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup system dev run test check lint benchmark messages lock

PYTHON3 ?= python3
PORT ?= 8000
SEASON ?= season2009
WORKERS ?= 2
UV ?= uv

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
LOCALE := qualityseason/locale
CATALOGUES := $(shell find $(LOCALE) -name django.po 2>/dev/null)
# what PDF export needs of the system: WeasyPrint's libraries and a Chinese typeface
PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk

export PORT
say = @printf '\033[1m• %s\033[0m\n'

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

# a Python that went away with a system upgrade takes the environment along
$(shell [ -x $(PYTHON) ] || rm -f .venv/.made)

# --- set-up: each step leaves a stamp, so that a repeat is quick

setup: system .venv/.locked $(CATALOGUES:.po=.mo)

system:
	@missing=$$(for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q '^install ok installed' || echo $$package; done); \
	if [[ -z $$missing ]]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
	  echo "• No apt-get here. PDF export needs what Debian calls:" $$missing; exit 0; fi; \
	if [[ $$(id -u) == 0 ]]; then root=(env); \
	elif sudo -n true 2>/dev/null; then root=(sudo -n env); \
	else echo "• No right to install system packages. PDF export will miss:" $$missing; \
	  echo "  Later, as root: apt-get install --no-install-recommends" $$missing; exit 0; fi; \
	printf '\033[1m• %s\033[0m\n' "Installing system packages for PDF export: $$(echo $$missing)"; \
	export DEBIAN_FRONTEND=noninteractive; \
	{ "$${root[@]}" apt-get -qq update && \
	  "$${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing >/dev/null; } || \
	  echo "• That failed; all but PDF export works without:" $$missing

.venv/.made:
	$(say) "Making the virtual environment .venv"
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@rm -rf .venv
	@$(PYTHON3) -m venv .venv >/dev/null 2>&1 || $(PYTHON3) -m venv --without-pip .venv
	@touch $@

# pip of the system where there is one (works without python3-venv), else the one inside .venv
define install
	@if $(PYTHON3) -m pip --version >/dev/null 2>&1; then pip=($(PYTHON3) -m pip --python $(PYTHON)); \
	else pip=($(PYTHON) -m pip); fi; \
	"$${pip[@]}" install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@touch $@
endef

.venv/.locked: .venv/.made requirements.txt
	$(say) "Installing the locked dependencies"
	$(call install,requirements.txt)

.venv/.dev: .venv/.locked requirements-dev.txt
	$(say) "Installing what tests and checks need"
	$(call install,requirements-dev.txt)

%.mo: %.po .venv/.locked
	$(say) "Compiling the translations of $<"
	@.venv/bin/pybabel --quiet compile --domain django --input-file $< --output-file $@

dev: setup .venv/.dev

# --- the portal

run: setup
	$(say) "Collecting static files"
	@$(MANAGE) collectstatic --noinput --verbosity 0
	$(say) "Preparing the database"
	@$(MANAGE) migrate --noinput --verbosity 0
	$(say) "Loading the season $(SEASON)"
	@$(MANAGE) load_season $(SEASON)
	$(say) "Demo accounts and demo activity, if the database has none of its own"
	@$(MANAGE) seed_demo --if-empty
	$(say) "Forgetting the sessions that have ended"
	@$(MANAGE) clearsessions
	$(say) "Web and background worker: http://127.0.0.1:$(PORT)/ (Ctrl-C stops both)"
	@trap 'trap - EXIT; kill $$web $$worker 2>/dev/null; wait; exit $$code' EXIT; \
	code=0; trap 'exit' INT TERM HUP; \
	$(PYTHON) -m gunicorn --config qualityseason/gunicorn.py qualityseason.wsgi & web=$$!; \
	$(MANAGE) db_worker --no-reload --no-startup-delay & worker=$$!; \
	wait -n $$web $$worker; code=$$?; \
	echo "• One of the two stopped ($$code); stopping the other"; [[ $$code != 0 ]] || code=1

# --- tests and checks

test: dev
	$(say) "Tests on SQLite"
	@env -u TEST_DATABASE_URL $(PYTHON) -m pytest -n $(WORKERS) tests
	@if [[ -n "$$TEST_DATABASE_URL" ]]; then \
	  printf '\033[1m• %s\033[0m\n' "The part that touches the database, on TEST_DATABASE_URL"; \
	  $(PYTHON) -m pytest -n $(WORKERS) -m database tests; fi

lint: dev
	$(say) "Format and lint"
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	$(say) "Types"
	@.venv/bin/mypy
	$(say) "Migrations"
	@$(MANAGE) makemigrations --check --dry-run --verbosity 1

check: lint test

benchmark: dev
	$(say) "Measuring; this takes a while"
	@$(PYTHON) -m tests.benchmarks

# --- maintenance

messages: dev
	$(say) "Collecting the words on screen into the catalogue"
	@$(MANAGE) messages

lock:
	$(say) "Locking the dependencies of pyproject.toml (needs uv)"
	@$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml -o requirements.txt
	@$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --extra dev \
	  --constraint requirements.txt pyproject.toml -o requirements-dev.txt
