#!/usr/bin/env bash
# Brings the database up to this version, as the owner of its tables (DATABASE_URL), and gives the role register_app,
# with the password APP_PASSWORD, the rights of the application. It may run again at any time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

.venv/bin/python manage.py migrate --verbosity 1
.venv/bin/python - <<'PYTHON'
import os

import psycopg
from psycopg import sql

role, password = sql.Identifier("register_app"), sql.Literal(os.environ["APP_PASSWORD"])
with psycopg.connect(os.environ["DATABASE_URL"]) as owner:
    known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = 'register_app'").fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    owner.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, password))
PYTHON
.venv/bin/python manage.py grant_application_role register_app
