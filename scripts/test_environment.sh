# Source this file: it sets up the environment of all scripts that run checks and tests.
scripts/venv.sh requirements-dev.txt
mkdir -p var
export PATH="$PWD/.venv/bin:$PATH"

# Tests ignore the settings of the caller, except for the database.
unset DEMO DEMO_PASSWORD DEBUG ALLOWED_HOSTS HOME_COUNTRY TIME_ZONE FORM_ACTION_ORIGINS AIDE_MEMOIRE_SERVES
unset SESSION_IDLE_MINUTES MEDIA_ROOT ACCEL_REDIRECT UPLOAD_STORAGE REDIS_URL MONITORING_TOKEN
unset BACKUP_MAX_AGE_HOURS LOG_FORMAT SLOW_QUERY_MS PROMETHEUS_MULTIPROC_DIR
unset DJANGO_SETTINGS_MODULE
SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(60))')
export SECRET_KEY
# Store compiled code, so that workers do not compile it again.
unset PYTHONDONTWRITEBYTECODE
