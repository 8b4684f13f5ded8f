# The habits of this project. `make demo` and `make test` need nothing but Python 3.11.
.PHONY: demo test setup lock docs lint benchmarks

PYTHON ?= python3.11

setup:
	@PYTHON=$(PYTHON) scripts/setup.sh

lock:
	for set in "bootstrap.txt requirements/bootstrap.in" "core.txt pyproject.toml" "dev.txt --all-extras pyproject.toml"; do \
		name=$${set%% *}; .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
			--python-version 3.11 --custom-compile-command "make lock" $${set#* } -o requirements/$$name; done
