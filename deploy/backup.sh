#!/usr/bin/env bash
# Makes a backup, keeps the newest ones and copies them to another machine. The environment may set:
#   BACKUP_FOLDER   where they are (/var/backups/aide-memoire)
#   BACKUP_KEEP     how many are kept here (30)
#   BACKUP_AGE      a public key of age, with which they are encrypted
#   BACKUP_COPY_TO  another machine for rsync (backups@another-host:aide-memoire/)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${BACKUP_FOLDER:-/var/backups/aide-memoire}
keep=${BACKUP_KEEP:-30}
suffix=zip
options=()
if [ -n "${BACKUP_AGE:-}" ]; then
    suffix=zip.age
    options=(--age "$BACKUP_AGE")
fi

.venv/bin/python manage.py backup "$folder/register-$(date -u +%Y%m%dT%H%M%SZ).$suffix" "${options[@]}"

# The names are in the order of time. By number and not by age: without new backups, none is removed.
find "$folder" -maxdepth 1 -type f -name "register-*.$suffix" | sort --reverse | tail -n "+$((keep + 1))" |
    while IFS= read -r old; do
        rm -- "$old"
        echo "Removed $old"
    done

if [ -n "${BACKUP_COPY_TO:-}" ]; then
    # The other machine keeps what it has, whatever happens to this one.
    rsync --archive --ignore-existing "$folder/" "$BACKUP_COPY_TO"
    echo "Copied to $BACKUP_COPY_TO"
fi
