# The two commands of a fresh machine: `make pipeline` and `make test`.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
ARGS ?=
SERVING := dashboard/deployment

.DEFAULT_GOAL := help
.PHONY: help pipeline dashboard insights report forecast test test-slow check format sql data docs bench lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "the venv module is missing: install it (on Debian: apt-get install python3-venv)"; exit 2; }
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

pipeline: $(INSTALLED)  ## build warehouse/revops.duckdb from data/
	@$(PY) -m pipeline build $(ARGS)

dashboard: $(INSTALLED)  ## serve http://localhost:5006
	@$(PY) -m dashboard $(ARGS)

insights: $(INSTALLED)  ## print what the numbers say
	@$(PY) -m revops.insights $(ARGS)

report: $(INSTALLED)  ## write a board pack (HTML to print, and a workbook) to artifacts/
	@$(PY) -m dashboard.report $(ARGS)

forecast: $(INSTALLED)  ## print bookings and MRR of the quarter ahead, or why not
	@$(PY) -m revops.forecast $(ARGS)

test: $(INSTALLED)  ## run the tests (browser tests need chromium)
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow" $(ARGS)

test-slow: $(INSTALLED)  ## run what `make test` leaves out because it takes long
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m slow $(ARGS)

check: $(INSTALLED)  ## linters, formatters, types, import directions
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m sqlfluff lint sql --disable-progress-bar --processes 2
	@if [ -x $(VENV)/bin/hadolint ]; then $(VENV)/bin/hadolint $(SERVING)/Dockerfile; \
		else echo "hadolint is not published for this machine: the Dockerfile was not linted"; fi
	$(VENV)/bin/compose-lint check $(SERVING)/compose.yaml

format: $(INSTALLED)  ## let the formatters mend what they can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m sqlfluff fix sql --disable-progress-bar

sql: $(INSTALLED)  ## open the warehouse, read only, in a DuckDB shell
	@$(VENV)/bin/duckdb -readonly warehouse/revops.duckdb

data: $(INSTALLED)  ## write the sample CSVs again
	@$(PY) -m revops.data_generation --output data $(ARGS)

docs: $(INSTALLED)  ## write the tables of README.md and sql/README.md again
	@$(PY) -m revops.docs README.md
	@$(PY) -m pipeline.models.docs

bench: $(INSTALLED)  ## measure, and print ratios
	@$(PY) -m tests.bench $(ARGS)

.PHONY: oracle mutate grade
ORACLES := $(addprefix tests/test_sql_,revenue_oracle.py cohorts.py finance.py marketing.py pipeline.py \
	waterfall_oracle.py slippage.py win_curve.py)
oracle: $(INSTALLED)  ## compare the models with the oracles on 200 random worlds each
	@WORLDS=200 $(PY) -m pytest -n 2 $(ORACLES) $(ARGS)

mutate: $(INSTALLED)  ## turn conditions of the books' SQL around and see a test fail
	@$(PY) -m tests.mutation $(ARGS)

grade: $(INSTALLED)  ## grade the insight rules on generated worlds, with stories and without
	@$(PY) -m tests.grading $(ARGS)

lock:  ## compile both requirements.lock from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes pyproject.toml --all-extras -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes pyproject.toml --extra dashboard \
		--constraint requirements.lock -o $(SERVING)/requirements.lock

clean:  ## remove caches and built warehouses; history stays
	rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache artifacts
	rm -rf warehouse/builds warehouse/revops.duckdb warehouse/.lock
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
