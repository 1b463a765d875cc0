# Shieldwall's verbs. Each prepares what it needs first, and is quick the second time.
BIN := .venv/bin
PYTHON_FILES := shieldwall tests scripts $(wildcard bench)
COMPILE = $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make deps" $(if $(UPGRADE),--upgrade)

# Scripts in an environment name its folder: in a checkout that has moved, everything is installed anew.
ifneq ("$(shell cat .venv/.folder 2>/dev/null)","$(shell pwd)")
$(shell rm -f .venv/.stamp-*)
endif

.PHONY: help setup demo serve test bench drill lint check licences docs deps tidy clean
.DEFAULT_GOAL := help

help: ## these verbs
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup: .venv/.stamp-dev ## prepare everything in .venv (the other verbs do it themselves)
	@echo "setup: ready"

.venv/.stamp-run: scripts/setup pyproject.toml requirements/tools.txt requirements/run.txt
	@scripts/setup run
.venv/.stamp-dev: scripts/setup pyproject.toml requirements/tools.txt requirements/dev.txt
	@scripts/setup dev
.venv-peers/.stamp-peers: scripts/setup requirements/tools.txt requirements/peers.txt
	@scripts/setup peers

demo: .venv/.stamp-run ## an alliance to try, with people, keys and a year of reports (PORT=8000)
	@$(BIN)/shieldwall demo $(if $(PORT),--port $(PORT)) $(ARGS)

serve: .venv/.stamp-run ## a node of your own; SHIELDWALL_DATA says where its data lies (ARGS=…)
	@$(BIN)/shieldwall serve $(ARGS)

test: .venv/.stamp-dev ## the tests (TESTS=tests/policy for some, ARGS="-m heavy" for the long ones)
	@scripts/system-parts
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS) $(TESTS)

bench: .venv/.stamp-dev .venv-peers/.stamp-peers ## speed beside peers and limits, in bench.json (ROUNDS=3 SCALE=small|full)
	@$(BIN)/python -m bench $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SCALE),--scale $(SCALE)) $(ARGS)

drill: .venv/.stamp-dev ## back up and restore a large node, with figures (ENTRIES=1000000)
	@$(BIN)/python -m bench.restoring $(if $(ENTRIES),--entries $(ENTRIES))

crash: .venv/.stamp-dev ## kill a node at random instants, figures in docs/durability.md (CYCLES=500)
	@$(BIN)/python -m tests.crash $(if $(CYCLES),--cycles $(CYCLES)) $(ARGS)

lint: .venv/.stamp-dev ## style, types and the walls between the rooms
	@$(BIN)/ruff check --quiet $(PYTHON_FILES)
	@$(BIN)/ruff format --check --output-format concise $(PYTHON_FILES) || { echo "lint: \`make tidy\` puts these in form"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

tidy: .venv/.stamp-dev ## put Python files in form
	@$(BIN)/ruff check --quiet --fix $(PYTHON_FILES)
	@$(BIN)/ruff format --quiet $(PYTHON_FILES)

licences: .venv/.stamp-dev ## the licences of everything that runs with it
	@$(BIN)/python scripts/licences.py

check: lint licences ## lint and licences

docs: .venv/.stamp-dev ## do the documents hold: links, verbs, settings
	@$(BIN)/python scripts/check_docs.py

deps: .venv/.stamp-dev ## pin the requirement files again (UPGRADE=1 for newer versions)
	@$(COMPILE) requirements/tools.in -o requirements/tools.txt
	@$(COMPILE) requirements/run.in -o requirements/run.txt
	@$(COMPILE) requirements/dev.in -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) requirements/peers.in -o requirements/peers.txt

clean: ## remove what setup and the tests made; data in var/ stays
	rm -rf .venv .venv-peers .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis *.egg-info build dist bench.json
