# The habits of this project. `make demo` and `make test` need nothing but Python 3.11.
.PHONY: demo test setup lint docs benchmarks lock

PYTHON ?= python3.11
TOGETHER = -n 2 --dist loadfile --no-loadscope-reorder

# The environment, the map page and the compiled kernels: all that a user needs.
setup:
	@PYTHON=$(PYTHON) scripts/setup.sh
	@scripts/build-web.sh
	@.venv/bin/python scripts/messages.py
	@.venv/bin/python -m gaoyuan.cli.compiling

# The main job on the sample province, its results, and where to look; then each service at work for made-up firms.
demo: setup
	@rm -rf demo-workspace
	@.venv/bin/gaoyuan demo demo-workspace
	@.venv/bin/python -m gaoyuan.portal.demonstrating demo-workspace

# The whole suite; ruff, pyright and the import contracts are part of it. What uses the portal's database is run again on
# PostgreSQL, the tests in a browser too.
test: setup
	@scripts/install-browser.sh
	@rm -rf build/workspaces
	GAOYUAN_TEST_WORKSPACES=build/workspaces .venv/bin/pytest $(TOGETHER)
	GAOYUAN_TEST_WORKSPACES=build/workspaces GAOYUAN_POSTGRESQL_FSYNC=off scripts/with-postgresql.sh .venv/bin/pytest $(TOGETHER) tests/portal

lint:
	.venv/bin/ruff format src tests benchmarks scripts examples
	.venv/bin/ruff check src tests benchmarks scripts examples
	.venv/bin/pyright
	.venv/bin/lint-imports

docs: setup
	.venv/bin/mkdocs build --strict

benchmarks: setup
	.venv/bin/python -m benchmarks

lock:
	for set in "bootstrap.txt requirements/bootstrap.in" "core.txt pyproject.toml" "dev.txt --all-extras pyproject.toml"; do \
		name=$${set%% *}; .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
			--python-version 3.11 --custom-compile-command "make lock" $${set#* } -o requirements/$$name; done
