#!/usr/bin/env bash
# Where there is no timer, as in a container: a backup, the audit log and housekeeping every night at 01:30 in the time zone of the site.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export TZ=${TIME_ZONE:-Asia/Ho_Chi_Minh}
while true; do
    now=$(date +%s)
    next=$(date --date 'today 01:30' +%s)
    [ "$next" -gt "$now" ] || next=$(date --date 'tomorrow 01:30' +%s)
    sleep "$((next - now))"
    # One that fails is told in the log, and by the age of the last good backup.
    deploy/backup.sh || echo "The backup failed." >&2
    .venv/bin/python manage.py seal_audit || echo "Sealing the audit log failed." >&2
    .venv/bin/python manage.py housekeeping || echo "Housekeeping failed." >&2
done
