# To be sourced: what all scripts that run checks and tests stand on.
scripts/venv.sh requirements-dev.txt
mkdir -p var
export PATH="$PWD/.venv/bin:$PATH"

# Nothing of the caller's own settings reaches the tests, but for the database that they are asked to use.
unset DEMO DEMO_PASSWORD DEBUG ALLOWED_HOSTS HOME_COUNTRY TIME_ZONE DJANGO_SETTINGS_MODULE
SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(60))')
export SECRET_KEY
# Compiled code is kept: each worker would compile it anew.
unset PYTHONDONTWRITEBYTECODE
