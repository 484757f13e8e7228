"""Exits with 0 if the program answers on this machine: the health check of the image.

python -m scripts.alive [PORT]
"""

import os
import sys
import urllib.request

port = sys.argv[1] if len(sys.argv) > 1 else "8000"
# The program answers only under the names of its hosts.
host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
request = urllib.request.Request(f"http://127.0.0.1:{port}/health/live", headers={"Host": host})  # noqa: S310
urllib.request.urlopen(request, timeout=4).close()  # noqa: S310
