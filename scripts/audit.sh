#!/usr/bin/env bash
# Looks up known vulnerabilities of the packages in requirements.txt. pip-audit has an environment of its own.
# Where its data cannot be reached, it says so, and exits with 2: that is no clean result.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -x var/audit-venv/bin/pip-audit ]; then
    python3 -m venv var/audit-venv
    var/audit-venv/bin/pip install --quiet pip-audit || {
        echo "pip-audit cannot be installed here: nothing was looked up." >&2
        exit 2
    }
fi
status=0
var/audit-venv/bin/pip-audit --requirement requirements.txt --disable-pip --no-deps --progress-spinner off \
    >var/audit.txt 2>&1 || status=$?
cat var/audit.txt
if grep -q "could not be audited" var/audit.txt || { [ "$status" -ne 0 ] && ! grep -q "known vulnerabilit" var/audit.txt; }; then
    echo "The data of pip-audit cannot be reached from here: not every package was looked up." >&2
    exit 2
fi
exit "$status"
