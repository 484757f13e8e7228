#!/usr/bin/env bash
# Every check of the project, then the whole test suite: on SQLite, or on the PostgreSQL that DATABASE_URL names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source scripts/test_environment.sh

# A database as production has it on its first day, for the checks that read one.
first_day=sqlite:///var/test-first-day.sqlite3
rm -f var/test-first-day.sqlite3*

step() {
    printf '\n» %s\n' "$*"
    "$@"
}

step ruff format --check .
step ruff check .
step djangofmt --check templates
step mypy
step lint-imports
DATABASE_URL=$first_day step python manage.py makemigrations --check
DATABASE_URL=$first_day step python manage.py migrate --verbosity 0
DATABASE_URL=$first_day ALLOWED_HOSTS=register.example.org \
    step python manage.py check --deploy --fail-level WARNING
step scripts/pytest.sh
