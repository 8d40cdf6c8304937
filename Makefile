# `make help` lists what there is. Every target sets up what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Which Python makes the virtual environment; empty: the newest that .make/find-python finds.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKED := $(VENV)/.locked
PACKAGES := domain runtime journal channels erps flows interpreter drawing workflows activities usecases web stories gateway console workers prosa emulators
CODE := $(PACKAGES) tests bench
SUPPLY := var/supply
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

# Tests start hundreds of processes: with compiled modules each costs less.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-long check format bench record pictures lock sbom audit docs clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY) ## create the virtual environment from the lock file

# Stamps: a second run needs no network, and a change of pyproject.toml installs only Prosa anew.
$(READY): $(LOCKED) pyproject.toml
	@printf '\033[1m[3/3]\033[0m installing Prosa itself\n'
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(LOCKED): requirements.lock
	@python="$$(.make/find-python $(if $(PYTHON),"$(PYTHON)"))" || exit 1; \
	version="$$("$$python" -V 2>&1)"; \
	printf '\033[1m[1/3]\033[0m creating %s with %s\n' "$(VENV)" "$$version"; \
	clear=; [ "$$($(BIN)/python -V 2>&1)" = "$$version" ] || clear=--clear; \
	"$$python" -m venv $$clear $(VENV)
	@printf '\033[1m[2/3]\033[0m installing %s locked packages (about a minute)\n' "$$(grep -cE '^[a-z].*==' requirements.lock)"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock 2>&1 | awk '/^Collecting/ {print "      " $$2; fflush(); next} {rest = rest $$0 "\n"} END {if (rest !~ /Successfully installed|Requirement already satisfied/) {printf "%s", rest; exit 1}}'
	@touch $@

demo: $(READY) ## play with Prosa; ONCE=1 plays one scripted customer and exits
	@$(BIN)/prosa demo $(if $(ONCE),--once,)

test: $(READY) ## everything a change can break, as CI runs it; ARGS='tests/flows -x -n 0' runs a part
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: $(READY) ## soaks and the big fault runs
	$(BIN)/python -m pytest -m long $(ARGS)

check: $(READY) ## ruff, import-linter, pyright; no tests
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports
	$(BIN)/pyright

format: $(READY) ## let ruff format and mend what it can
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench: $(READY) ## Prosa beside hand-written workflows: ratios in one run
	$(BIN)/python -m bench $(ARGS)

record: $(READY) ## record the histories that later code must replay
	$(BIN)/python -m tests.record $(ARGS)

pictures: $(READY) ## take the README's picture of the chat page anew
	$(BIN)/python -m tests.browser.pictures

docs: $(READY) ## write the reference pages and the schema of flows from the code
	$(BIN)/python -m prosa.reference
	$(BIN)/python -m flows.schema > flows/library/schema.json
	$(BIN)/python -m stories.schema > flows/library/stories/schema.json
	$(BIN)/python -m tests.licences

lock: $(READY) ## resolve both lock files anew from pyproject.toml: for development, and for the image
	$(COMPILE) --all-extras pyproject.toml -o requirements.lock
	$(COMPILE) --extra build --constraint requirements.lock pyproject.toml -o requirements-run.lock
	$(COMPILE) --group supply -o requirements-supply.lock

# The tools for these two are in an environment of their own; what is shipped is installed alone, so that nothing else is listed.
$(SUPPLY)/.ready: requirements-supply.lock requirements-run.lock $(READY)
	@printf 'installing the tools, and alone what is shipped (about a minute)\n'
	@$(BIN)/python -m venv --clear $(SUPPLY)/tools
	@$(BIN)/python -m venv --clear --without-pip $(SUPPLY)/shipped
	@$(BIN)/python -m pip --python $(SUPPLY)/tools install --disable-pip-version-check --quiet --require-hashes -r requirements-supply.lock
	@$(BIN)/python -m pip --python $(SUPPLY)/shipped install --disable-pip-version-check --quiet --require-hashes -r requirements-run.lock
	@touch $@

sbom: $(SUPPLY)/.ready ## list what is shipped, with versions and licences: dist/prosa.cdx.json (CycloneDX)
	@mkdir -p dist
	@$(SUPPLY)/tools/bin/cyclonedx-py environment $(SUPPLY)/shipped --pyproject pyproject.toml --output-reproducible -o $(SUPPLY)/packages.json
	@$(SUPPLY)/tools/bin/python .make/sbom $(SUPPLY)/packages.json dist/prosa.cdx.json

audit: $(SUPPLY)/.ready ## ask public databases for known weaknesses of what is shipped; needs the internet
	@$(SUPPLY)/tools/bin/python .make/audit $(ARGS)

clean: ## remove what the targets made, conversations included
	rm -rf $(VENV) var .pytest_cache .ruff_cache .import_linter_cache .hypothesis
