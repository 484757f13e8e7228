"""The configuration of gunicorn, in production and in the demonstration.

The environment sets ``WEB_CONCURRENCY`` (workers) and ``WEB_THREADS`` (threads of each). gunicorn itself
reads ``GUNICORN_CMD_ARGS``, which takes any other option.
"""

import atexit
import logging
import os
import shutil
import socket
import struct
import tempfile
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

READ_SECONDS = 10
"""How long a thread waits for the next bytes of a request that has begun."""

SEND_SECONDS = 30
"""How long a thread waits for a client that does not take its answer."""

UNREAD_BYTES = 64 * 1024
"""gunicorn reads at most so much of a body that the application has refused."""


class BoundedThreadWorker(ThreadWorker):
    """gunicorn's threads, none of which waits for ever for a client that has stopped in the middle."""

    def handle(self, conn: TConn) -> Any:
        """Answer one request. A connection that ends is closed here, where the wait holds up nobody else."""
        for option, seconds in ((socket.SO_RCVTIMEO, READ_SECONDS), (socket.SO_SNDTIMEO, SEND_SECONDS)):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, 0))
        is_kept = super().handle(conn)
        if not is_kept:
            conn.close(graceful=True)
        return is_kept

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Count a connection that is closed already; gunicorn would close it in the loop of all others."""
        if conn.sock.fileno() == -1:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)


def is_slow_client(record: logging.LogRecord) -> bool:
    """Keep the line and drop the traceback where a client has stopped in the middle of its request."""
    if record.exc_info and isinstance(record.exc_info[1], BlockingIOError):
        record.msg, record.args = "a client stopped in the middle of a request or of an answer", ()
        record.exc_info = record.exc_text = None
    return True


def folder_of_counts() -> str:
    """A folder in which the workers count, so that each of them can tell ``/metrics`` what all have done."""
    folder = tempfile.mkdtemp(prefix="aide-memoire-counts-")
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: str, owner: int) -> None:
    # The workers are copies of this process, and end before it.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


# --- Settings of gunicorn, which takes what it knows the name of and leaves the rest ---------------

worker_class = BoundedThreadWorker
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Set for the workers too: the pool of connections to PostgreSQL has one for each thread.
threads = int(os.environ.setdefault("WEB_THREADS", "32"))
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder_of_counts()
# A worker whose loop hangs is replaced. A long answer in one of its threads is no hang.
timeout = 60
graceful_timeout = 30
keepalive = 5
# Replaced now and then, at different times, so that no leak of memory lasts.
max_requests = 10_000
max_requests_jitter = 1_000
# A list with many filters has a long address.
limit_request_line = 8190
# The control socket of gunicorn would be created in the home folder of the user.
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Say where the site is."""
    addresses = " ".join(map(str, server.LISTENERS))
    print(f"\nAide-mémoire is running at {addresses} (press Ctrl-C to stop)", flush=True)


def post_worker_init(worker: Any) -> None:
    """Quieten what is no fault of the program."""
    worker.log.error_log.addFilter(is_slow_client)


def pre_request(worker: Any, request: Any) -> None:
    """End the connection after a large body, and say so in the answer.

    If it is refused, gunicorn does not read the rest of it, so no further request can follow.
    """
    headers = dict(request.headers)
    length = headers.get("CONTENT-LENGTH", "0")
    if "TRANSFER-ENCODING" in headers or (length.isdecimal() and int(length) > UNREAD_BYTES):
        request.force_close()
