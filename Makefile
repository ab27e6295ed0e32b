# Plain words. `make run` and `make test` do all the set-up on a fresh machine.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PORT ?= 8000
FUZZ ?= 20
export SITE_URL ?= http://localhost:$(PORT)
export RESPONDERS_URL ?= http://localhost:$(shell expr $(PORT) + 1)
export SAMPLE_SP_URL ?= http://localhost:$(shell expr $(PORT) + 2)

help:
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

run: $(VENV)/.run messages ## start the whole site in embedded mode with the demonstration story
	@PROFILE=embedded exec $(BIN)/python manage.py up --demo

test: $(VENV)/.dev messages ## run everything, with real PostgreSQL, Redis, workers and browser
	@$(BIN)/python tests/parts.py
	@$(BIN)/python -m pytest tests -q -n 2 -m "not flows"; units=$$?; \
	  $(BIN)/python -m pytest tests/flows -q -n 2 --dist loadfile -m "not alone" --durations=10; flows=$$?; \
	  $(BIN)/python -m pytest tests/flows -q -m alone --durations=5 && exit $$((units + flows)) # these measure seconds

# Left to `make test`: tests/testenv, where each test has a whole sandbox made (RSA keys), and the site-wide tables.
quick: $(VENV)/.dev messages ## the inner loop: pure rooms and SQLite units, under a minute
	$(BIN)/python -m pytest tests/pure tests/portal tests/whitelist tests/verifier -q -n 2 -m "not flows"

# Checks start no site: what settings want to keep (secrets of an installation) stays out of the site's own folder.
check: export VAR_DIR = $(VENV)/.check
check: $(VENV)/.dev messages ## lint, types, import contracts, migrations, translations, OpenAPI drift
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PROFILE=embedded $(BIN)/mypy portal whitelist verifier testenv
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet portal whitelist verifier testenv
	PROFILE=embedded $(BIN)/python manage.py check --fail-level WARNING
	PROFILE=embedded $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python tests/catalogue.py
	PROFILE=embedded $(BIN)/python manage.py openapi --check

fuzz: $(VENV)/.dev messages ## look longer for bytes that break a parser or the API: FUZZ=20 times as many as `make test`
	FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/fuzz -q -n 2

bench: $(VENV)/.dev ## print the table of ratios to floors measured in the same run
	$(BIN)/python -m benchmarks

messages: $(VENV)/.run ## compile the Japanese catalogue
	@$(BIN)/python portal/locale/compile.py

lock: $(VENV)/.dev ## make the hashed lock files anew
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt

$(VENV)/.python:
	@bash deploy/set-up.sh python
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@bash deploy/set-up.sh test
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: help run test quick check fuzz bench messages lock
