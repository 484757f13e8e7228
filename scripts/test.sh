#!/usr/bin/env bash
# Runs every check of the project, then all tests: on SQLite, or on the PostgreSQL server of DATABASE_URL.
# CHECKED=1 leaves out the checks, which do not depend on DATABASE_URL: for a second run on another database.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source scripts/test_environment.sh

# An empty database after all migrations, for the checks that need a database.
empty_database=sqlite:///var/test-empty.sqlite3
rm -f var/test-empty.sqlite3*

step() {
    printf '\n» %s\n' "$*"
    "$@"
}

if [ "${CHECKED-}" != 1 ]; then
    step ruff format --check .
    step ruff check .
    step djangofmt --check templates
    step mypy
    step lint-imports
    DATABASE_URL=$empty_database step python manage.py makemigrations --check
    DATABASE_URL=$empty_database step python manage.py migrate --verbosity 0
    DATABASE_URL=$empty_database ALLOWED_HOSTS=register.example.org \
        step python manage.py check --deploy --fail-level WARNING
fi
step scripts/pytest.sh
