#!/usr/bin/env bash
# Creates .venv if it is missing, and installs a locked requirements file into it if the file has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

requirements=$1
python=${PYTHON:-python3}
installed=.venv/installed-$requirements

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "Python 3.11 or newer is required. Put it on the path as python3, or name it: make PYTHON=/usr/bin/python3.12 …" >&2
        exit 1
    fi
    echo "Creating .venv with $("$python" --version)"
    if ! "$python" -m venv --clear .venv; then
        rm -rf .venv
        echo "Python could not create a virtual environment. On Debian and Ubuntu install the package python3-venv." >&2
        exit 1
    fi
fi

if ! cmp -s "$requirements" "$installed"; then
    echo "Installing $requirements"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r "$requirements"
    cp "$requirements" "$installed"
fi
