"""The project's own settings as in production, with one database for each size of the register."""

import os
from copy import deepcopy

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, MIDDLEWARE, STORAGES, TEMPLATES, VAR_DIR

_sizes = sorted({int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(",")})
MAIN_SIZE = 100_000 if 100_000 in _sizes else _sizes[-1]
"""The size at which all tasks are measured. At other sizes only tasks that must not grow are measured."""
SIZES = {"default" if size == MAIN_SIZE else f"of_{size}": size for size in _sizes}
"""The number of commitments in the database of each alias; slightly more, because copies are complete."""

_server = DATABASES["default"]
if not _server["ENGINE"].endswith("postgresql"):
    raise SystemExit("The benchmark needs PostgreSQL. Set DATABASE_URL=postgres://… to the server.")
SERVER = {**_server, "NAME": "postgres"}
# In one process and one thread, a persistent connection replaces the pool of production.
_options = {name: value for name, value in _server["OPTIONS"].items() if name != "pool"}
_server = {**_server, "CONN_MAX_AGE": None, "OPTIONS": _options}
DATABASES = {alias: {**deepcopy(_server), "NAME": f"aide_bench_{size}"} for alias, size in SIZES.items()}
WRITTEN = "written"
"""A copy of the smallest register, for tasks that write. ``BENCH_SERVES`` makes it the database of a server."""
DATABASES[WRITTEN] = {**deepcopy(_server), "NAME": "aide_bench_written"}
FILE, LOADED = "file", "loaded"
"""The register that is written as a file, and the empty one into which the file is loaded."""
FILE_SIZE = int(os.environ.get("BENCH_FILE", "20000"))
"""The number of commitments of the file; 0 leaves it out."""
DATABASES[FILE] = {**deepcopy(_server), "NAME": f"aide_bench_{FILE_SIZE}"}
DATABASES[LOADED] = {**deepcopy(_server), "NAME": "aide_bench_loaded"}
if alias := os.environ.get("BENCH_SERVES"):
    DATABASES = {"default": DATABASES[alias]}
# No rate limit here. Requests are counted all the same, at their usual cost.
API_REQUESTS_A_MINUTE = 10_000_000

ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
BENCH_DIR = VAR_DIR / "bench"
# The same hashed names as in production, without compression.
STATIC_ROOT = BENCH_DIR / "static"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
# Static files are not measured. All other middleware is that of production.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
