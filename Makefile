# The two commands: `make demo` shows the product, `make test` proves it. Both set the machine up by themselves.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench conformance docs lock clean
PY := .venv/bin/python

help: ## what there is to make
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  \033[36mmake %-12s\033[0m %s\n", $$1, $$2}' Makefile

demo: ## start everything on this machine and print the case form's address (ARGS="…" passes options)
	@.ci/setup run
	@$(PY) -m sidecar.cli demo $(ARGS)

test: ## set up, check the code, run every test (ARGS="…" passes pytest options)
	@.ci/setup test
	@$(MAKE) --no-print-directory check
	@$(PY) -m pytest -n auto --dist worksteal $(ARGS)

check: ## format, lint, types, import contracts, dependencies
	@.ci/setup test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/deptry .

bench: ## measure the promises in one run and write docs/reference/performance.md
	@.ci/setup test
	@$(PY) -m tests.performance $(ARGS)

conformance: ## run suites nobody here wrote, write their page (ARGS="--pysnc PATH …" names checkouts)
	@.ci/setup test
	@$(PY) -m tests.conformance $(ARGS)

docs: ## build the documentation into site/
	@.ci/setup test
	@.venv/bin/sphinx-build -q -W -b html docs site
	@echo "open site/index.html"

lock: ## pin every dependency again
	@$(PY) -m pip install -q uv
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group build -o requirements.lock
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group build --group test --group check --group docs -o requirements-dev.lock

clean: ## forget what was installed and built
	@rm -rf .venv site build dist tests/browser/node_modules tests/contract/snow_app/oracles/node_modules tests/conformance/commerce/node_modules
