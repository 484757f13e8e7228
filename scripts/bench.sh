#!/usr/bin/env bash
# Compares the program with plain Django on the PostgreSQL server of DATABASE_URL, and writes docs/benchmarks.md.
# The databases aide_bench_… on that server belong to the bench: it creates them, and uses them again if they fit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/venv.sh requirements-dev.txt
mkdir -p var

unset DEMO DEMO_PASSWORD DEBUG ALLOWED_HOSTS HOME_COUNTRY TIME_ZONE
export DATABASE_URL=${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
export DJANGO_SETTINGS_MODULE=bench.settings
SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')
export SECRET_KEY
exec .venv/bin/python -m bench
