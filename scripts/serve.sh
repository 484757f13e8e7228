#!/usr/bin/env bash
# Starts the demonstration: packages, database, register, accounts, static files, server. It can be run again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/venv.sh requirements.txt
mkdir -p var

export DEMO=1 DEBUG=0
export HOST=${HOST:-127.0.0.1} PORT=${PORT:-8000}
# An IPv6 address needs brackets before a port.
case $HOST in *:*) host="[${HOST//[\[\]]/}]" ;; *) host=$HOST ;; esac

export SITE_URL=${SITE_URL:-http://$host:$PORT}

if [ -z "${ALLOWED_HOSTS:-}" ]; then
    ALLOWED_HOSTS="localhost,127.0.0.1,[::1]"
    case $host in
        localhost | 127.0.0.1 | "[::1]") ;;
        0.0.0.0 | "[::]") ALLOWED_HOSTS="$ALLOWED_HOSTS,$(hostname),$(hostname -I 2>/dev/null | tr -s ' ' ',')" ;;
        *) ALLOWED_HOSTS="$ALLOWED_HOSTS,$host" ;;
    esac
    export ALLOWED_HOSTS
fi

.venv/bin/python -m scripts.prepare_demo
exec .venv/bin/gunicorn --config config/gunicorn.py --bind "$host:$PORT" config.wsgi
