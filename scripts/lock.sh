#!/usr/bin/env bash
# Pins the dependencies of pyproject.toml, with hashes. Keeps the versions already pinned unless UPGRADE=1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -x .venv/bin/pip-compile ]; then
    scripts/venv.sh requirements-dev.txt
fi

compile() {
    CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet ${UPGRADE:+--upgrade} --strip-extras \
        --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        "$@" pyproject.toml
}

compile --output-file requirements.txt
# Tests use the same versions as production.
compile --output-file requirements-dev.txt --extra dev --constraint requirements.txt
