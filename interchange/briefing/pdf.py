"""Makes a PDF of a Word document with LibreOffice, where it is installed, in a bounded process of its own."""

import logging
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

PROGRAM = "soffice"
WALL_SECONDS, WAIT_SECONDS = 90, 20
"""The time after which LibreOffice is ended, and how long a request waits for its turn."""
MEMORY_BYTES = 2 * 1024 * 1024 * 1024
"""The address space that each of its processes may use. 500 commitments take a quarter of it."""
_OUTPUT_BYTES = 200 * 1024 * 1024
_LIMITS = f"ulimit -t {WALL_SECONDS} && ulimit -v {MEMORY_BYTES // 1024} && ulimit -f {_OUTPUT_BYTES // 512}"
_MOST_PROCESSES = 1
"""In each process of the web server. One takes about 300 MB and a whole core."""
_turns = BoundedSemaphore(_MOST_PROCESSES)
_ENVIRONMENT = ("LANG", "LD_LIBRARY_PATH", "PATH")


class NoPdf(Exception):
    """LibreOffice is not installed here."""

    def __init__(self) -> None:
        super().__init__(_("This server cannot make a PDF: it has no LibreOffice. Take the Word document."))


class PdfFailed(Exception):
    """LibreOffice is busy, took too long or failed. The message tells a person what to do."""


@cache
def is_available() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which(PROGRAM) is not None


def pdf_of(document: bytes) -> bytes:
    """``document``, a Word document, as PDF. Raises ``NoPdf`` and ``PdfFailed``."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoPdf
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise PdfFailed(_("The server is making other PDFs. Try again in a minute."))
    try:
        with tempfile.TemporaryDirectory(prefix="aide-memoire-pdf-") as folder:
            return _converted(program, Path(folder), document)
    finally:
        _turns.release()


def _converted(program: str, folder: Path, document: bytes) -> bytes:
    given, made = folder / "briefing.docx", folder / "briefing.pdf"
    given.write_bytes(document)
    command = [
        # The shell sets the limits before LibreOffice starts its second process, which inherits them.
        *("/bin/sh", "-c", f'{_LIMITS} && exec "$@"', "sh"),
        program,
        # LibreOffice runs once for each profile. This one is new, and keeps nothing of the last document.
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(given)),
    ]
    process = subprocess.Popen(  # noqa: S603  (a fixed command)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {"HOME": str(folder)},
        start_new_session=True,
    )
    try:
        status = process.wait(WALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise PdfFailed(_("Making the PDF takes too long. Download the Word document instead.")) from error
    finally:
        _end_all(process)
    if not made.is_file():
        logger.error("LibreOffice ended with status %d and made no PDF", status)
        raise PdfFailed(_("LibreOffice could not make the PDF. Download the Word document instead."))
    return made.read_bytes()


def _end_all(process: "subprocess.Popen[bytes]") -> None:
    """End LibreOffice and whatever it started. It starts a second process that does the work."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()
