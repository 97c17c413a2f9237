# The two commands of the README are `make run` and `make test`; the rest is for those who change the code.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed
PREVIOUS_DUCKDB := $(VENV)/duckdb-1.5.6
# A file's tests stay together, since they share what was built for them; whole pipeline runs come first.
IN_PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

PIP := pip install --quiet --disable-pip-version-check
UV := $(VENV)/bin/uv pip install --quiet --system-certs --compile-bytecode
PINNED := -c constraints.txt -e ".[dev]"
SUPERSET := .venv-superset/.installed
PINNED_SUPERSET := -c superset/constraints.txt -r superset/requirements.txt

.PHONY: run test unit test-previous-duckdb lint docs serve superset constraints clean

run: $(STAMP)
	$(VENV)/bin/ipw run

test: $(STAMP)
	$(VENV)/bin/pytest $(IN_PARALLEL) --durations=20

# What needs neither a pipeline run nor the sample city: three minutes on two cores, for while one is writing.
unit: $(STAMP)
	$(VENV)/bin/pytest $(IN_PARALLEL) tests/unit

# The locked DuckDB is the newest; users of the line before it must get the same figures. It lies beside the
# environment and is looked for first, so that the environment stays as it is.
test-previous-duckdb: $(PREVIOUS_DUCKDB)
	PYTHONPATH=$(abspath $(PREVIOUS_DUCKDB)) $(VENV)/bin/pytest $(IN_PARALLEL) \
	  tests/unit/release tests/integration/test_publish.py tests/integration/test_retention.py \
	  tests/integration/test_other_plans.py

$(PREVIOUS_DUCKDB): | $(STAMP)
	$(VENV)/bin/$(PIP) --no-deps --target $@ duckdb==1.5.6

lint: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	cd dbt_project && IPW_BRONZE=x IPW_INPUTS=x IPW_QUARANTINE=x IPW_BUILD_DATABASE=:memory: \
	  ../$(VENV)/bin/sqlfluff lint models tests --disable-progress-bar

# The documentation as a site in site/, which opens from a folder and needs no network.
docs: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict --quiet

serve: $(STAMP)
	$(VENV)/bin/ipw serve

# Dashboards over the release in force: an optional Superset, in an environment of its own.
superset: $(STAMP) $(SUPERSET)
	superset/serve

$(SUPERSET): superset/requirements.txt superset/constraints.txt | $(STAMP)
	$(PYTHON) -m venv .venv-superset
	$(UV) --python .venv-superset/bin/python $(PINNED_SUPERSET) || .venv-superset/bin/$(PIP) $(PINNED_SUPERSET)
	touch $(SUPERSET)

# uv takes seconds where pip takes a minute; where uv cannot, pip does the same (it knows indexes set up for it alone).
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/$(PIP) uv && $(UV) --python $(VENV)/bin/python $(PINNED) || $(VENV)/bin/$(PIP) $(PINNED)
	touch $(STAMP)

# Plain name==version lines carry no host names, unlike lock files.
constraints:
	$(VENV)/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --no-annotate --no-header -c pins.txt -o constraints.txt
	$(VENV)/bin/uv pip compile superset/requirements.txt --universal --python-version 3.11 \
	  --no-annotate --no-header -o superset/constraints.txt

clean:
	rm -rf $(VENV) .venv-superset build dist .pytest_cache .mypy_cache .ruff_cache dbt_project/target
