#!/usr/bin/env bash
# The tests alone, with the arguments given: on SQLite, or on the PostgreSQL that DATABASE_URL names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/test_environment.sh

# worksteal: a worker takes whole modules, so that each makes its fixtures once; one that is done takes from the other.
# No tests collected (pytest's exit status 5) is a failure like any other.
exec python -m pytest ${PYTEST_ARGS--n auto --dist worksteal} "$@"
