#!/usr/bin/env bash
# Writes the OpenAPI document of the API to docs/openapi.yml, which records what programs can rely on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/venv.sh requirements-dev.txt
SECRET_KEY=for-this-command-only DATABASE_URL=sqlite:///:memory: \
    .venv/bin/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yml
