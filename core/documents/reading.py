"""Checks uploaded documents by their content and reads their text, each in a limited process of its own."""

import base64
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import PurePath
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.documents.child import Extract
from core.documents.kinds import (
    PACKAGES,
    SUFFIXES,
    Kind,
    kind_by_name,
    require_kind,
    text_in_code_page,
    text_of,
)
from core.documents.limits import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_PAGES,
    MAX_PROCESSES,
    MAX_ROWS,
    MAX_SHEET_BYTES,
    OUTPUT_BYTES,
    WAIT_SECONDS,
    WALL_SECONDS,
)
from core.documents.problems import Problem, Unreadable
from core.documents.read_ahead import read_outside
from core.documents.recognition import is_installed
from core.lists import one_of

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30
"""When to try again after ``ReadersBusy``."""

READABLE = (Kind.TXT, Kind.DOCX, Kind.PDF, Kind.PNG, Kind.JPEG)
"""The kinds whose text can be read: of a picture only where Tesseract is installed."""

_MODULES = {
    Kind.DOCX: "core.documents.word",
    Kind.PDF: "core.documents.pdf",
    Kind.PNG: "core.documents.photographs",
    Kind.JPEG: "core.documents.photographs",
}
_PACKAGES = "core.documents.packages"
_PICTURES = "core.documents.pictures"
_WORKBOOK = "core.documents.workbook"
_ENVIRONMENT = ("LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH")
"""The variables that such a process gets. It gets none of the settings."""

_LONGEST_ERROR = 10_000
_FIRST_VISIBLE = 255
"""The number of no sheet: see ``core.documents.workbook``."""

_processes = BoundedSemaphore(MAX_PROCESSES)

_MESSAGES: dict[Problem, Promise] = {
    Problem.EMPTY: gettext_lazy("“%(name)s” is empty."),
    Problem.TOO_LARGE: gettext_lazy("“%(name)s” is too large. The limit is %(limit)d MB."),
    Problem.WRONG_KIND: gettext_lazy(
        "The content of “%(name)s” does not match its name. Save the file again and retry."
    ),
    Problem.OLD_FORMAT: gettext_lazy(
        "“%(name)s” is protected by a password or is in an old Office format. Save it in the new format "
        "without a password."
    ),
    Problem.UNKNOWN_ENCODING: gettext_lazy(
        "“%(name)s” is not in UTF-8 or UTF-16. Choose its encoding and choose the file again, or paste the "
        "text."
    ),
    Problem.WRONG_CODE_PAGE: gettext_lazy(
        "“%(name)s” cannot be read in this encoding. Choose another one and choose the file again."
    ),
    Problem.ENCRYPTED: gettext_lazy(
        "“%(name)s” is protected by a password. Save it without a password and choose it again."
    ),
    Problem.DAMAGED: gettext_lazy("“%(name)s” is damaged and cannot be read. Save it again and retry."),
    Problem.TOO_MANY_PAGES: gettext_lazy("“%(name)s” has more than %(pages)d pages. Split it."),
    Problem.TOO_LARGE_UNPACKED: gettext_lazy(
        "“%(name)s” is too large when unpacked. Paste its text instead."
    ),
    Problem.TOO_LONG: gettext_lazy(
        "“%(name)s” has more than %(characters)s characters (about %(pages)d pages). Split it."
    ),
    Problem.TOO_MANY_ROWS: gettext_lazy("“%(name)s” has more than %(rows)s rows. Split it."),
    Problem.TOO_MANY_COLUMNS: gettext_lazy(
        "“%(name)s” has more than %(columns)d columns. Delete those that are not needed."
    ),
    Problem.NO_TEXT: gettext_lazy("“%(name)s” contains no text."),
    Problem.ONLY_PICTURES: gettext_lazy(
        "“%(name)s” contains pictures of pages and no text. To read them here, an administrator installs the "
        "program Tesseract. Or type the text."
    ),
    Problem.OLD_FONT: gettext_lazy(
        "“%(name)s” is written in a font from before Unicode, such as Limon, ABC, VNI or .VnTime: its "
        "letters are not those that are seen. Convert it to Unicode and choose it again."
    ),
    Problem.TOO_SLOW: gettext_lazy(
        "“%(name)s” takes too long to read. Split it, or save it again and retry."
    ),
    Problem.TOO_MUCH_MEMORY: gettext_lazy(
        "“%(name)s” needs too much memory to be read. Split it, or save it again and retry."
    ),
    Problem.CRASHED: gettext_lazy(
        "“%(name)s” cannot be read: it is damaged or needs too much memory. Save it again and retry."
    ),
}
_WRONG_KIND: dict[Kind | None, Promise] = {
    Kind.TXT: gettext_lazy("“%(name)s” is not plain text. Save it as plain text and choose it again."),
    Kind.CSV: gettext_lazy("“%(name)s” is not plain text. Save it as CSV and choose it again."),
    Kind.DOCX: gettext_lazy("“%(name)s” is not a Word document. Save it as .docx and choose it again."),
    Kind.XLSX: gettext_lazy("“%(name)s” is not an Excel workbook. Save it as .xlsx and choose it again."),
    Kind.PDF: gettext_lazy("“%(name)s” is not a PDF. Save it as PDF and choose it again."),
}


class ReadersBusy(Exception):
    """All processes that may read documents are in use. The message tells a person to try again."""

    def __init__(self) -> None:
        super().__init__(_("The server is reading other documents. Try again in a minute."))


@dataclass(frozen=True, slots=True)
class Document:
    """What was read from a document.

    ``parts`` are the paragraphs of a Word document, the pages of a PDF, or the whole of a plain text.
    ``left_out`` are headers and footers. ``scanned``, ``pages``, ``next_page`` and ``beside`` are those of
    ``Extract``; ``first_page`` is the page of the first part.
    """

    kind: Kind
    parts: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    scanned: tuple[int, ...] = ()
    pages: int = 0
    next_page: int = 0
    beside: tuple[tuple[int, int, tuple[str, ...]], ...] = ()
    first_page: int = 0
    code_page: str = ""
    """The code page in which a plain text was read; "" for Unicode."""


def read_document(name: str, content: bytes, *, code_page: str = "", first_page: int = 0) -> Document:
    """Read the file ``name``. A plain text that is not in Unicode is in ``code_page``.

    Pictures of pages take seconds each: a PDF is read from ``first_page``, counted from 0, as far as the time
    of a request reaches.

    Raises ``ValidationError``, whose code is the ``Problem``, and ``ReadersBusy``.
    """
    with _refusing(name, READABLE, MAX_BYTES) as kind:
        _require_size(content, MAX_BYTES)
        if kind == Kind.TXT:
            document = _plain(content, code_page)
        else:
            require_kind(content, kind)
            found = _run(_MODULES[kind], content, first_page if kind == Kind.PDF else 0)
            document = Document(kind, **asdict(found), first_page=first_page)
        parts = document.parts
        if not any(parts) and not is_installed() and kind in (Kind.PDF, Kind.PNG, Kind.JPEG):
            raise Unreadable(Problem.ONLY_PICTURES)
        # The next pages of a scan may have a text.
        if not (first_page or document.next_page) and not any(
            char.isalnum() for part in parts for char in part
        ):
            raise Unreadable(Problem.NO_TEXT)
        if sum(map(len, parts)) > MAX_CHARACTERS:
            raise Unreadable(Problem.TOO_LONG)
    return document


def _plain(content: bytes, code_page: str) -> Document:
    try:
        return Document(Kind.TXT, (text_of(content),))
    except Unreadable as error:
        if error.problem != Problem.UNKNOWN_ENCODING or not code_page:
            raise
    return Document(Kind.TXT, (text_in_code_page(content, code_page),), code_page=code_page)


def check_document(name: str, content: bytes, *, kinds: Collection[Kind], max_bytes: int) -> None:
    """Check that the file ``name`` is of one of ``kinds``, and that its content agrees with its name.

    Raises ``ValidationError``, whose code is the ``Problem``, and ``ReadersBusy``.
    """
    with _refusing(name, kinds, max_bytes) as kind:
        _require_size(content, max_bytes)
        require_kind(content, kind)
        if kind in PACKAGES and _run(_PACKAGES, content).parts != (kind,):
            raise Unreadable(Problem.WRONG_KIND)


def first_pages(name: str, content: bytes, *, max_bytes: int) -> bytes:
    """The first pages of the PDF ``name`` as one picture in PNG.

    Raises ``ValidationError``, whose code is the ``Problem``, and ``ReadersBusy``.
    """
    with _refusing(name, (Kind.PDF,), max_bytes) as kind:
        _require_size(content, max_bytes)
        require_kind(content, kind)
        [picture] = _run(_PICTURES, content).parts
    return base64.b64decode(picture)


def read_workbook(name: str, content: bytes, *, sheet: int | None = None) -> tuple[str, ...]:
    """The parts of the answer of ``core.documents.workbook`` for a sheet of the .xlsx file ``name``.

    Raises ``ValidationError``, whose code is the ``Problem``, and ``ReadersBusy``.
    """
    with _refusing(name, (Kind.XLSX,), MAX_SHEET_BYTES) as kind:
        _require_size(content, MAX_SHEET_BYTES)
        require_kind(content, kind)
        number = _FIRST_VISIBLE if sheet is None else min(sheet, _FIRST_VISIBLE - 1)
        return _run(_WORKBOOK, bytes([number]) + content).parts


def _require_size(content: bytes, max_bytes: int) -> None:
    if len(content) > max_bytes:
        raise Unreadable(Problem.TOO_LARGE)
    if not content.strip():
        raise Unreadable(Problem.EMPTY)


@contextmanager
def _refusing(name: str, kinds: Collection[Kind], max_bytes: int) -> Iterator[Kind]:
    """The kind that ``name`` says. Turns ``Unreadable`` into ``ValidationError``."""
    kind = kind_by_name(name)
    if kind is None or kind not in kinds:
        types = one_of(suffix for suffix, each in SUFFIXES.items() if each in kinds)
        raise ValidationError(
            _("Choose a %(types)s file. “%(name)s” is not one."),
            code=Problem.WRONG_KIND,
            params={"types": types, "name": PurePath(name).name},
        )
    try:
        yield kind
    except Unreadable as error:
        raise refusal(error.problem, name, max_bytes=max_bytes) from error


def refusal(problem: Problem, name: str, *, max_bytes: int = MAX_BYTES) -> ValidationError:
    """The error that tells a person why the file ``name`` was refused, and what to do."""
    by_kind = _WRONG_KIND if problem == Problem.WRONG_KIND else {}
    message = by_kind.get(kind_by_name(name), _MESSAGES[problem])
    params = {
        "name": PurePath(name).name,
        "limit": max_bytes // (1024 * 1024),
        "pages": MAX_PAGES,
        "characters": number_format(MAX_CHARACTERS),
        "rows": number_format(MAX_ROWS),
        "columns": MAX_COLUMNS,
    }
    return ValidationError(str(message), code=problem, params=params)


def _run(module: str, content: bytes, first_page: int = 0) -> Extract:
    """What ``module`` finds in ``content``, outside of the transaction of a form.

    Raises ``Unreadable`` and ``ReadersBusy``.
    """
    return read_outside(f"{module} {first_page}" if first_page else module, content, run_now)


def run_now(command: str, content: bytes, *, seconds: int | None = None) -> Extract:
    """What a module finds in ``content``, in a process of its own that ends after ``seconds``.

    Without them, it ends after ``WALL_SECONDS``.

    ``command`` is its name, with the first page to read if there is one.

    Raises ``Unreadable``, and ``ReadersBusy`` if no process becomes free in time.
    """
    if not _processes.acquire(timeout=WAIT_SECONDS):
        raise ReadersBusy
    try:
        # Files, so that neither side ever waits for the other, and the system limits what is written.
        with TemporaryFile() as given, TemporaryFile() as answer, TemporaryFile() as errors:
            given.write(content)
            given.seek(0)
            status = _status_of(
                [sys.executable, "-m", *command.split()],
                given,
                answer,
                errors,
                WALL_SECONDS if seconds is None else seconds,
            )
            answer.seek(0)
            errors.seek(0)
            return _answered(command, status, answer.read(OUTPUT_BYTES), errors.read(_LONGEST_ERROR))
    finally:
        _processes.release()


def _status_of(
    command: list[str], given: IO[bytes], answer: IO[bytes], errors: IO[bytes], seconds: int
) -> int:
    """Run ``command`` and return its exit status. It is ended, with all that it started, when time is up."""
    process = subprocess.Popen(  # noqa: S603  (our own modules)
        command,
        stdin=given,
        stdout=answer,
        stderr=errors,
        cwd=settings.BASE_DIR,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(Problem.TOO_SLOW) from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answered(module: str, status: int, answer: bytes, errors: bytes) -> Extract:
    if status in (-signal.SIGXCPU, -signal.SIGALRM):
        raise Unreadable(Problem.TOO_SLOW)
    if status != 0:
        # A library in C ends the process where it gets no memory, or meets damage. Python never should.
        level = logging.ERROR if status > 0 else logging.INFO
        logger.log(level, "%s ended with status %d\n%s", module, status, errors.decode(errors="replace"))
        raise Unreadable(Problem.CRASHED)
    try:
        found = json.loads(answer)
    except ValueError as error:  # a library wrote to the output
        raise Unreadable(Problem.CRASHED) from error
    if "problem" in found:
        problem = Problem(found["problem"])
        logger.info("%s: %s %s", module, problem, found["detail"])
        raise Unreadable(problem)
    values: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in found.items()
    }
    return Extract(**values)
