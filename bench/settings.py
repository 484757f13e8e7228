"""The project's own settings as in production, with one database for each size of the register."""

import os
from copy import deepcopy

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, MIDDLEWARE, STORAGES, TEMPLATES, VAR_DIR

_asked = sorted({int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(",")})
MAIN_SIZE = 100_000 if 100_000 in _asked else _asked[-1]
"""The size at which everything is measured; at the others, what must not grow with them."""
SIZES = {"default" if size == MAIN_SIZE else f"of_{size}": size for size in _asked}
"""How many commitments the database of each alias holds; a few more, since copies are whole."""

_server = DATABASES["default"]
if not _server["ENGINE"].endswith("postgresql"):
    raise SystemExit("The bench needs PostgreSQL: DATABASE_URL=postgres://… names the server.")
SERVER = {**_server, "NAME": "postgres"}
# In one process and one thread, a connection that stays open stands for the pool of the real thing.
_options = {name: value for name, value in _server["OPTIONS"].items() if name != "pool"}
_server = {**_server, "CONN_MAX_AGE": None, "OPTIONS": _options}
DATABASES = {alias: {**deepcopy(_server), "NAME": f"aide_bench_{size}"} for alias, size in SIZES.items()}
WRITTEN = "written"
"""A copy of the smallest register, for what writes; ``BENCH_SERVES`` makes it the database of a server."""
DATABASES[WRITTEN] = {**deepcopy(_server), "NAME": "aide_bench_written"}
if served := os.environ.get("BENCH_SERVES"):
    DATABASES = {"default": DATABASES[served]}
# Nobody is to wait for the next minute here; what is counted costs what it costs.
API_REQUESTS_A_MINUTE = 10_000_000

ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
BENCH_DIR = VAR_DIR / "bench"
# The same hashed addresses as in production, without the time to compress each file.
STATIC_ROOT = BENCH_DIR / "static"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
# Files are not measured; the rest of the stack is the real one.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
