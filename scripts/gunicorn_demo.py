"""The gunicorn configuration of the demonstration: a small server that prints its URL when it is ready."""

from typing import Any

workers = 2
threads = 4
# The control socket of gunicorn would be created in the home folder of the user.
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    addresses = " ".join(f"http://{':'.join(map(str, address))}" for address in server.cfg.address)
    print(f"\nAide-mémoire is running at {addresses} (press Ctrl-C to stop)", flush=True)
