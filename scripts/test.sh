#!/usr/bin/env bash
# Every check of the project, then the whole test suite: on SQLite, or on the PostgreSQL that DATABASE_URL names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/venv.sh requirements-dev.txt
mkdir -p var
export PATH="$PWD/.venv/bin:$PATH"

# Nothing of the caller's own settings reaches the tests, but for the database that they are asked to use.
unset DEMO DEMO_PASSWORD DEBUG ALLOWED_HOSTS HOME_COUNTRY TIME_ZONE DJANGO_SETTINGS_MODULE
SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(60))')
export SECRET_KEY
# A database as production has it on its first day, for the checks that read one.
first_day=sqlite:///var/test-first-day.sqlite3
rm -f var/test-first-day.sqlite3*

step() {
    printf '\n» %s\n' "$*"
    "$@"
}

step ruff format --check .
step ruff check .
step mypy
step lint-imports
DATABASE_URL=$first_day step python manage.py makemigrations --check
DATABASE_URL=$first_day step python manage.py migrate --verbosity 0
DATABASE_URL=$first_day ALLOWED_HOSTS=register.example.org \
    step python manage.py check --deploy --fail-level WARNING
# No tests collected (pytest's exit status 5) is a failure like any other.
step python -m pytest ${PYTEST_ARGS--n auto}
