"""Write the register as a file."""

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interchange.register_file.dump import dump_register
from interchange.register_file.omitted import NOT_IN_THE_FILE


class Command(BaseCommand):
    """Writes to FILE, which is replaced only after all is written, or to the standard output."""

    help = "Write the whole register as a file that load_register can read, without loss."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", nargs="?", help="the file to write; without it, the standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Whoever relies on the file as a backup must know; the standard output may be the file.
        self.stderr.write(_("Not in the file, so back it up otherwise:"), style_func=str)
        for each in NOT_IN_THE_FILE:
            self.stderr.write(f"- {each}", style_func=str)
        if options["file"] is None:
            self._to_output()
            return
        path = Path(options["file"])
        try:
            count = _to_file(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from None
        message = ngettext(
            "%(count)d commitment written to %(path)s.", "%(count)d commitments written to %(path)s.", count
        )
        self.stdout.write(message % {"count": count, "path": path})

    def _to_output(self) -> None:
        try:
            dump_register(_Output(self.stdout))
            self.stdout.flush()
        except BrokenPipeError:
            # The reader has closed the pipe, as in `dump_register | head`.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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


def _to_file(path: Path) -> int:
    path = path.resolve()
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            count = dump_register(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count
