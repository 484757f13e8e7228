"""The settings, and the machine: folders, fonts, scans, mail, time, backups."""

import re
import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection

from core.backup.last import last_backup
from core.doctor.findings import Finding, Level, odd, well, wrong
from core.documents.recognition import LANGUAGES, installed_languages, is_installed
from core.storage import FREE_BYTES, folder_of_uploads

_FONTS = {"vi": "Vietnamese", "km": "Khmer"}
_MAIL_SECONDS = 5


def program_settings() -> Iterator[Finding]:
    """What ``check --deploy`` says."""
    found = [each for each in checks.run_checks(include_deployment_checks=True) if not each.is_silenced()]
    for each in found:
        level = Level.WRONG if each.is_serious() else Level.ODD
        yield Finding("settings", level, f"{each.msg} ({each.id})", str(each.hint or ""))
    if not found:
        yield well(
            "settings", f"They are fit for production. Version {settings.VERSION}, {settings.TIME_ZONE}."
        )


def folders() -> Iterator[Finding]:
    """The store of uploaded files, the collected static files, and the folder for temporary files."""
    try:
        name = default_storage.save(".doctor", ContentFile(b"x"))
        default_storage.delete(name)
    except Exception as error:  # noqa: BLE001  (whatever a store of another kind raises is what is told)
        yield wrong(
            "uploads", f"Nothing can be stored: {error}", "Give the program the right to write there."
        )
    else:
        yield well("uploads", "They can be stored.")
    yield from _space()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.DEBUG or manifest.exists():
        yield well("static files", "They are collected.")
    else:
        yield wrong(
            "static files", f"There are none in {settings.STATIC_ROOT}.", "Run manage.py collectstatic."
        )


def _space() -> Iterator[Finding]:
    places = {Path(tempfile.gettempdir())}
    if folder := folder_of_uploads():
        places.add(folder)
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        places.add(Path(connection.settings_dict["NAME"]).resolve().parent)
    for place in sorted(each for each in places if each.is_dir()):
        free = shutil.disk_usage(place).free
        if free < FREE_BYTES:
            yield wrong("space", f"{free:,} bytes are free in {place}.", "Make room on the disk.")
        else:
            yield well("space", f"{free // 1_000_000:,} MB are free in {place}.")


def fonts() -> Iterator[Finding]:
    """Fonts with the letters of the register, for papers that the server itself lays out."""
    program = shutil.which("fc-list")
    if program is None:
        yield odd("fonts", "They cannot be listed.", "Install the packages fontconfig and fonts-noto-core.")
        return
    for language, name in _FONTS.items():
        said = subprocess.run([program, f":lang={language}", "family"], capture_output=True, check=False)  # noqa: S603
        families = sorted({line.split(",")[0] for line in said.stdout.decode(errors="replace").splitlines()})
        if families:
            yield well("fonts", f"{name}: {families[0]}")
        else:
            yield odd("fonts", f"There is none for {name}.", "Install the package fonts-noto-core.")


def word_processor() -> Iterator[Finding]:
    """LibreOffice, which makes PDF of briefings."""
    program = shutil.which("soffice")
    if program is None:
        yield odd(
            "LibreOffice",
            "It is not installed: briefings are Word documents only.",
            "If they are to be PDF too, install the package libreoffice-writer-nogui.",
        )
    else:
        yield well("LibreOffice", f"Briefings can be PDF: {program}")


def scans() -> Iterator[Finding]:
    """The program that reads pictures of pages, and its languages."""
    packages = "tesseract-ocr tesseract-ocr-vie tesseract-ocr-khm"
    if not is_installed():
        yield odd("scans", "Pictures of pages cannot be read.", f"Install the packages {packages}.")
        return
    known = installed_languages()
    if missing := [each for each in LANGUAGES if each not in known]:
        yield odd("scans", f"Tesseract lacks {', '.join(missing)}.", f"Install the packages {packages}.")
    else:
        yield well("scans", f"Tesseract reads {', '.join(known)}.")


def mail() -> Iterator[Finding]:
    """The server that takes mail from here, if there is one."""
    if not settings.SENDS_MAIL:
        yield odd("mail", "The site sends none.", "Set EMAIL_URL and SITE_URL: docs/operations.md#mail")
        return
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield well("mail", f"It is not sent by SMTP, but by {settings.EMAIL_BACKEND}.")
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        server = get_connection(timeout=_MAIL_SECONDS)
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        yield odd("mail", f"No server takes it at {where}: {error}", "Look at EMAIL_URL and at the server.")
    else:
        yield well("mail", f"{where} takes it.")


def clock() -> Iterator[Finding]:
    """Whether the machine's clock is kept right by a server."""
    program = shutil.which("timedatectl")
    said = b""
    if program:
        options = ["show", "--property=NTPSynchronized", "--value"]
        said = subprocess.run([program, *options], capture_output=True, check=False).stdout  # noqa: S603
    if re.match(rb"no\b", said):
        yield odd("time", "No server keeps the clock right.", "Run timedatectl set-ntp true.")
    elif said.startswith(b"yes"):
        yield well("time", "The clock is kept right by a server.")


def backups() -> Iterator[Finding]:
    """The last good backup."""
    advice = "Run manage.py backup FILE every night: docs/operations.md#backup"
    try:
        last = last_backup()
    except DatabaseError:
        return  # the database has been told already
    if last is None:
        yield odd("backups", "None was made yet.", advice)
    elif last.is_old:
        yield odd("backups", f"The last one is {last.age.days} days old: {last.backup.name}.", advice)
    else:
        yield well(
            "backups", f"The last one is {last.backup.name}, of {last.backup.made_at:%Y-%m-%d %H:%M} UTC."
        )
    if last and last.backup.missing:
        yield wrong(
            "backups",
            f"{last.backup.missing} uploaded files were missing when it was made.",
            "Run manage.py check_evidence, and look for them in older backups.",
        )
    if not shutil.which("pg_dump") and connection.vendor == "postgresql":
        yield odd(
            "backups", "pg_dump is not installed here.", "Install postgresql-client where backups are made."
        )
