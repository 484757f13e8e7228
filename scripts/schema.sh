#!/usr/bin/env bash
# Writes the API's OpenAPI document down anew, as docs/openapi.yml: the record of what programs may rely on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/venv.sh requirements-dev.txt
SECRET_KEY=for-this-command-only DATABASE_URL=sqlite:///:memory: \
    .venv/bin/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yml
