"""gunicorn for the demonstration: a small server that says where it is once it listens."""

from typing import Any

workers = 2
threads = 4
# The socket that steers gunicorn from outside would lie in the user's home folder.
control_socket_disable = True
# Quiet when all is well.
loglevel = "warning"


def when_ready(server: Any) -> None:
    addresses = " ".join(f"http://{':'.join(map(str, address))}" for address in server.cfg.address)
    print(f"\nAide-mémoire is served on {addresses} (Ctrl-C stops it)", flush=True)
