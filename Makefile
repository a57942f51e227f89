# Two commands do all the set-up there is: `make demo` and `make test`. Python 3.11 or newer and make are enough.
SHELL := /bin/sh
PYTHON ?= $(shell for v in 3.11 3.12 3.13 3.14 3; do p=$$(command -v python$$v 2>/dev/null) && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
WORKSPACE ?= workspace
RUN := .venv/run.stamp
DEV := .venv/dev.stamp
BENCH := .venv-bench/bench.stamp

.PHONY: help demo serve test test-all check format lint types floors docs-lint bench pictures installer lock clean
help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /	/' | expand -t 14

demo: $(RUN) ## the whole way on the example process, with invented persons; ends in the desk
	@$(BIN)/goodoffices demo --dir $(WORKSPACE)
	@if [ -t 1 ]; then $(BIN)/goodoffices desk --workspace $(WORKSPACE)/desk; fi

serve: $(RUN) ## the desk in a browser, with the demo's data and one login per role
	@$(BIN)/goodoffices desk --workspace $(WORKSPACE)/desk

test: $(DEV) ## every test but the slow ones
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not slow"

test-all: $(DEV) ## the slow tests too
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

check: format lint types floors docs-lint ## what every commit passes

format: $(DEV)
	@$(BIN)/ruff format --check -q .

lint: $(DEV)
	@$(BIN)/ruff check -q .

types: $(DEV)
	@$(BIN)/mypy --no-error-summary

floors: $(DEV)
	@$(BIN)/lint-imports --no-logo > .venv/floors.log || { cat .venv/floors.log; exit 1; }

docs-lint: $(DEV)
	@find src -name '*.py' | xargs $(BIN)/python -m numpydoc.hooks.validate_docstrings

bench: $(BENCH) ## every engine beside its peer, in one run
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; .venv-bench/bin/python $$script || exit 1; done

pictures: $(DEV) ## screenshots of the pages into docs/pictures (needs Debian's chromium)
	@$(BIN)/python docs/pictures/take.py && $(BIN)/python docs/pictures/take_desk.py

installer: $(RUN) ## a folder that installs on a laptop without network
	@sh packaging/installer.sh $(BIN)/python dist/installer

lock: ## resolve the locks anew (needs uv)
	@sh packaging/lock.sh

clean:
	rm -rf .venv .venv-bench dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp is older than its lock only when the lock has changed: the second run is fast.
$(RUN): requirements.lock pyproject.toml
	@sh packaging/venv.sh "$(PYTHON)" "$(UV)" requirements.lock $@
$(DEV): requirements-dev.lock pyproject.toml
	@sh packaging/venv.sh "$(PYTHON)" "$(UV)" requirements-dev.lock $@ && touch $(RUN)
$(BENCH): requirements-bench.lock pyproject.toml
	@sh packaging/venv.sh "$(PYTHON)" "$(UV)" requirements-bench.lock $@
