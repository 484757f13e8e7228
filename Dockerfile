# The image of Aide-mémoire. It was not built where it was written: scripts/image_steps.py has run its steps in a clean
# folder, and a test has linted it. docs/operations.md#containers
#
#   docker build --tag aide-memoire .
#   docker build --tag aide-memoire --build-arg WITH_LIBREOFFICE=1 .     (only where papers are laid out as PDF)

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /app/.venv \
    && /app/.venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements.txt
COPY . .
# The key is for this command only: nothing of it stays in the files that it collects.
RUN SECRET_KEY=for-this-command-only DATABASE_URL=sqlite:///:memory: \
        .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && .venv/bin/python -m compileall -q accounts api commitments config core interchange notifications pages relations

FROM python:3.11-slim-bookworm
ARG WITH_LIBREOFFICE=0
# Fonts with Vietnamese and Khmer; Tesseract reads scans; pg_dump for backups, of the version that compose.yaml uses; age to encrypt them.
# hadolint ignore=DL3008
RUN apt-get update --quiet \
    && apt-get install --quiet --yes --no-install-recommends age fontconfig fonts-noto-core postgresql-client \
        tesseract-ocr tesseract-ocr-khm tesseract-ocr-vie \
    && if [ "$WITH_LIBREOFFICE" = 1 ]; then \
        apt-get install --quiet --yes --no-install-recommends libreoffice-writer-nogui; fi \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin aide-memoire \
    && install --directory --owner 10001 --group 10001 --mode 0750 /data /data/media /backups
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MEDIA_ROOT=/data/media
USER 10001:10001
EXPOSE 8000
# Works with a root file system that cannot be written; /tmp and /data can.
VOLUME ["/data", "/backups"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-m", "scripts.alive"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "config.wsgi"]
