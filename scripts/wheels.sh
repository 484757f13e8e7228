#!/usr/bin/env bash
# Collects every package that the program needs in var/wheels, with the hashes of requirements.txt. Where there is no
# network, the program is then installed with: scripts/venv.sh requirements.txt, and PIP_NO_INDEX=1
# PIP_FIND_LINKS=var/wheels in the environment. The other machine needs the same system and version of Python.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/venv.sh requirements.txt
mkdir -p var/wheels
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-input --only-binary :all: \
    --require-hashes --dest var/wheels -r requirements.txt
echo "var/wheels: $(find var/wheels -name '*.whl' | wc -l) packages"
