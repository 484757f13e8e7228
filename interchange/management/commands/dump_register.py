"""Write the register as a file."""

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Clearance
from commitments.reports.sharing import LEVELS
from interchange.register_file.dump import Dumped, dump_register
from interchange.register_file.omitted import NOT_IN_THE_FILE, not_shared


class Command(BaseCommand):
    """Writes to FILE, which is replaced only after all is written, or to the standard output."""

    help = "Write the register as a file that load_register can read: all of it, or up to a level."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", nargs="?", help="the file to write; without it, the standard output"
        )
        parser.add_argument(
            "--up-to",
            metavar="LEVEL",
            choices=list(LEVELS),
            help=f"leave out what is classified higher, to share the file: {', '.join(LEVELS)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Whoever relies on the file as a backup must know; the standard output may be the file.
        self.stderr.write(_("Not in the file, so back it up otherwise:"), style_func=str)
        level = None if options["up_to"] is None else LEVELS[options["up_to"]]
        for each in NOT_IN_THE_FILE if level is None else (*NOT_IN_THE_FILE, *not_shared(level)):
            self.stderr.write(f"- {each}", style_func=str)
        if options["file"] is None:
            self._tell_left_out(self._to_output(level))
            return
        path = Path(options["file"])
        try:
            dumped = _to_file(path, level)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from None
        message = ngettext(
            "%(count)d commitment written to %(path)s.",
            "%(count)d commitments written to %(path)s.",
            dumped.count,
        )
        self.stdout.write(message % {"count": dumped.count, "path": path})
        self._tell_left_out(dumped)

    def _to_output(self, level: Clearance | None) -> Dumped:
        try:
            dumped = dump_register(_Output(self.stdout), up_to=level)
            self.stdout.flush()
        except BrokenPipeError:
            # The reader has closed the pipe, as in `dump_register | head`.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return Dumped(0)
        return dumped

    def _tell_left_out(self, dumped: Dumped) -> None:
        """Say how many commitments were left out, where the setting lets it be said."""
        if settings.SHARING_TELLS_LEFT_OUT and dumped.left_out:
            message = ngettext(
                "%(count)d commitment is left out.", "%(count)d commitments are left out.", dumped.left_out
            )
            self.stderr.write(message % {"count": dumped.left_out}, style_func=str)


class _Output:
    """The output of a command, without the line end that Django adds to every write."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        """Write ``text`` unchanged."""
        self.stream.write(text, ending="")

    def flush(self) -> None:
        """Write what is buffered."""
        self.stream.flush()


def _to_file(path: Path, level: Clearance | None) -> Dumped:
    path = path.resolve()
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            dumped = dump_register(stream, up_to=level)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return dumped
