#!/usr/bin/env bash
# Where there is no timer, as in a container: sends mails as they become due, and nothing if EMAIL_URL is not set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -z "${EMAIL_URL:-}" ]; then
    echo "EMAIL_URL is not set: the site sends no mail." >&2
    exec sleep infinity
fi
exec .venv/bin/python manage.py send_due --loop 60
