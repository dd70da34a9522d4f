# Needs GNU make, pip and Python 3.11 or later: `make PYTHON=python3.12 test` chooses another one.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Spark is 456 MB to download: it has an environment of its own, .venv-spark (see `make spark`).
SPARK := plugins-contrib/libconsortium-spark
SPARK_BIN := .venv-spark/bin
PROJECTS := pyproject.toml $(filter-out $(SPARK)/%,$(wildcard plugins-contrib/*/pyproject.toml))
PACKAGES := $(patsubst %/,%,$(dir $(PROJECTS)))
step = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

# Compiled modules halve the start-up time; some machines switch them off.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# `make check` prints one step after the other, with -j too.
.NOTPARALLEL:
.PHONY: help venv demo test quick check bench bench-match docs lock format format-check lint types imports \
        deps messages messages-check cover wheel spark clean

help: ## print this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' Makefile | awk -F'|' '{printf "make %-15s %s\n", $$1, $$2}'

venv: .venv/.installed ## make .venv from the lock, with our packages in it (the others call it)

# Two stamps: the third-party packages move with the lock, ours with any pyproject.toml.
.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "libconsortium needs Python 3.11 or later: make PYTHON=python3.11 ..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: .venv/.locked $(PROJECTS)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation $(addprefix -e ,$(PACKAGES))
	@touch $@

demo: venv ## harvest three servers, build a union catalogue, compute and write a cost split
	$(BIN)/libconsortium demo

test: venv ## run every test
	$(BIN)/python -m pytest -n 2 $(PYTEST)

# Whole commands, sites and harvests are for `make test`.
quick: venv ## run the tests that take no time (under a minute)
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -n 2 \
	  -m "not slow and not browser and not postgres" \
	  $(foreach room,catalogue_steps/update cli endpoint_steps harvest_steps scenarios,--ignore=tests/$(room)) tests

check: format-check lint types imports deps messages-check cover docs wheel spark ## all that CI runs, in this order
	$(call step,everything passed)

bench: venv ## compare our speed with peers and with the physical limit (some 40 minutes)
	@$(BIN)/python -m pip install --quiet oaipmh-scythe || echo "without oaipmh-scythe, a peer to compare with"
	@if test -d benchmarks; then $(BIN)/python -m benchmarks; else echo "no benchmarks yet"; fi

bench-match: venv ## accuracy of the match rules on labelled sets and invented records
	$(BIN)/python -m benchmarks.match

docs: venv ## build the documentation into build/docs; a warning is an error
	$(call step,docs)
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

lock: venv ## write requirements.lock anew (UPGRADE=--upgrade takes the newest versions)
	echo hatchling | $(BIN)/uv pip compile $(PROJECTS) - --all-extras --group dev --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  $(addprefix --no-emit-package ,$(shell awk -F'"' '/^name = / && !seen[FILENAME]++ {print $$2}' $(PROJECTS))) \
	  $(UPGRADE) -o requirements.lock
	echo setuptools | $(BIN)/uv pip compile $(SPARK)/pyproject.toml - --group $(SPARK)/pyproject.toml:dev \
	  --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  --no-emit-package libconsortium --constraint requirements.lock $(UPGRADE) -o $(SPARK)/requirements.lock
	! grep -n '://' requirements.lock $(SPARK)/requirements.lock

format: venv ## lay the code out and apply the safe fixes
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

format-check: venv ## check the layout, change nothing
	$(call step,format)
	$(BIN)/ruff format --check

lint: venv ## read the code with every ruff rule
	$(call step,lint)
	$(BIN)/ruff check

types: venv ## check the types, mypy strict
	$(call step,types)
	$(BIN)/mypy
	for project in $(filter-out .,$(PACKAGES)); do \
	  (cd $$project && MYPYPATH=src ../../$(BIN)/mypy --config-file ../../pyproject.toml \
	    --cache-dir ../../.mypy_cache/contrib .); done

imports: venv ## check that imports go from upper layers to lower ones
	$(call step,imports)
	$(BIN)/lint-imports --no-logo

deps: venv ## check that what is imported is declared, and the other way round
	$(call step,dependencies)
	$(BIN)/deptry .

messages: venv ## collect the texts people read and compile their translations
	$(BIN)/python tools/messages.py update

messages-check: venv ## check that every text is translated
	$(call step,messages)
	$(BIN)/python tools/messages.py check

cover: venv ## run every test; core and the registry must be covered branch by branch
	$(call step,tests and coverage)
	$(MAKE) test PYTEST="--cov --cov-report=term-missing:skip-covered --cov-fail-under=100"

wheel: venv ## build the wheel, install it alone in a bare environment and split a bill with it
	$(call step,wheel)
	$(BIN)/python tools/wheel.py

# PySpark comes as source: what builds it is taken from the lock first.
.venv-spark/.installed: $(SPARK)/requirements.lock $(SPARK)/pyproject.toml pyproject.toml
	test -x $(SPARK_BIN)/python || $(PYTHON) -m venv .venv-spark
	awk '/^[a-z]/ {builds = /^setuptools==/} builds' $< > .venv-spark/builds.txt
	$(SPARK_BIN)/python -m pip install --quiet --require-hashes -r .venv-spark/builds.txt
	$(SPARK_BIN)/python -m pip install --quiet --require-hashes --no-build-isolation -r $<
	$(SPARK_BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . -e $(SPARK)
	@touch $@

spark: .venv-spark/.installed ## the union catalogue on Spark: types and tests, in .venv-spark (needs Java 17)
	$(call step,spark)
	cd $(SPARK) && MYPYPATH=src ../../$(SPARK_BIN)/mypy --config-file ../../pyproject.toml \
	  --cache-dir ../../.mypy_cache/spark src
	cd $(SPARK) && ../../$(SPARK_BIN)/python -m pytest

clean: ## remove what the other targets made, .venv included
	rm -rf .venv .venv-spark build dist demo-output .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
