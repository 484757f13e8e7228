.PHONY: run test quick torture audit pseudo bench schema lock notices wheels format clean

run: ## serve the demonstration on http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL)
	@scripts/serve.sh

test: ## lint, types, import contracts, migrations, deployment check, all tests but `make torture` (DATABASE_URL, REQUIRE_BROWSER=1, PYTEST_ARGS)
	@scripts/test.sh

quick: ## the tests that need no browser, are not slow and try nothing by chance (DATABASE_URL, PYTEST_ARGS)
	@scripts/pytest.sh -m "not browser and not fuzz and not slow and not torture"

torture: ## thousands of requests made from the schema of the API, 10,000 with bad input through each door, 200 kills under load: hours (DATABASE_URL, TORTURE_EXAMPLES, TORTURE_MUTATIONS)
	@scripts/pytest.sh -m torture

audit: ## look up known vulnerabilities of the installed packages (needs the network; says so where it cannot)
	@scripts/audit.sh

pseudo: ## read every page in a made-up language, list what was never marked for translation (DATABASE_URL, PYTEST_ARGS)
	@scripts/pseudo.sh

bench: ## measure the program beside plain peers on PostgreSQL, write docs/benchmarks.md (DATABASE_URL, BENCH_SIZES, BENCH_ROUNDS)
	@scripts/bench.sh

schema: ## write the API's OpenAPI document down anew (docs/openapi.yml), when it is meant to change
	@scripts/schema.sh

lock: ## pin the requirements of pyproject.toml anew (UPGRADE=1: to the newest versions)
	@scripts/lock.sh

notices: ## list the packages that the program is installed with, and their licences (THIRD_PARTY_NOTICES.md)
	@scripts/venv.sh requirements.txt
	@.venv/bin/python -m scripts.notices

wheels: ## collect every package in var/wheels, to install the program where there is no network
	@scripts/wheels.sh

format: ## format code and templates, and fix what ruff can fix
	@scripts/venv.sh requirements-dev.txt
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	.venv/bin/djangofmt templates

clean: ## remove caches and collected files; .venv and var/ with its database stay
	rm -rf var/test-* staticfiles .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
