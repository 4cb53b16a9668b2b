# Every command sets up what it needs first; a second time that takes seconds.
PYTHON ?= python3
PY = .venv/bin/python

.PHONY: run setup setup-tests test check test-bare lint types bench fuzz torture test-clocks messages clean

run: setup
	@$(PY) -m launcher.run

setup:
	@$(PYTHON) -m launcher.setup

setup-tests:
	@$(PYTHON) -m launcher.setup --tests

test: setup-tests
	@$(PY) -m launcher.suite

# Lint, types and the tests of one room: make check FILES="cases/desk/queries.py", or a folder.
check: setup-tests
	@$(PY) -m launcher.suite $(or $(FILES),$(error name FILES, as in make check FILES=cases/desk))

lint: setup-tests
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: setup-tests
	@$(PY) -m mypy .

bench: setup-tests
	@$(PY) -m benchmarks.runner

# 1,000 cuts, kills and duplicates while files are uploaded; the short run is part of `make test`.
torture: setup-tests
	@TORTURE_FAULTS=$${TORTURE_FAULTS:-1000} $(PY) -m pytest -q tests/uploads/test_torture.py

# Ten thousand spoiled files for each parser, make test tries the first of them; then every pattern of the engine
# against texts on which it might take more than linear time.
fuzz: setup-tests
	@$(PY) -m tests.fuzz.run
	@$(PY) -m tests.fuzz.patterns

# The whole suite at other hours and in another zone, needs libfaketime; make test tries the tests of days there.
test-clocks: setup-tests
	@$(PY) -m tests.clocks_run -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Both commands of the README in a bare Debian 12, as root and as an ordinary user: as root, with debootstrap.
# ONLY=run or ONLY=test, ACCOUNT=root or ACCOUNT=user for a part of it.
test-bare:
	@$(PYTHON) -m tests.bare $(if $(ONLY),--only $(ONLY)) $(if $(ACCOUNT),--account $(ACCOUNT))

# Adds new texts of the sources to locale/ and drops those no longer used.
messages: setup-tests
	@$(PY) locale/update.py

# Everything that is built; the data folder stays.
clean:
	rm -rf .venv node_modules static/dist engine/messages/data/built var .mypy_cache .ruff_cache .pytest_cache test-artifacts
