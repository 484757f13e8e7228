#!/usr/bin/env bash
# Reads every page in a made-up language, and lists the texts that were never marked for translation.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/venv.sh requirements-dev.txt
mkdir -p var
.venv/bin/python -m pytest -n auto --quiet --show-capture=no ${PYTEST_ARGS-} tests/pseudo
