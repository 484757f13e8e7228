#!/usr/bin/env bash
# Runs the tests only, with the given arguments: on SQLite, or on the PostgreSQL server of DATABASE_URL.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/test_environment.sh

# worksteal gives a worker whole modules, so that it creates their fixtures once; an idle worker takes over others.
# "No tests collected" (exit status 5 of pytest) is a failure too.
exec python -m pytest ${PYTEST_ARGS--n auto --dist worksteal} "$@"
