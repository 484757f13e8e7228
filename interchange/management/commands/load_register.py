"""Load a register file."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.lists import all_of
from interchange.register_file.errors import InvalidRegisterFile
from interchange.register_file.load import holds_commitments, load_register
from interchange.register_file.result import LoadResult
from interchange.register_file.sections import SECTIONS

_WIDTH = 40
_STEP = 0.005


class Command(BaseCommand):
    """Loads the whole file or nothing. Every error is written to the error output with its line."""

    help = (
        "Load a register file: add missing entries, change values that nobody edited since the last load, "
        "and report edited values as conflicts. A file with errors changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the register file, in YAML")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="report what would be created or changed, and change nothing",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if the register already has commitments"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and holds_commitments():
            self.stdout.write(_("The register already has commitments. Nothing was loaded."))
            return
        path = Path(options["file"])
        bar = _Bar(self.stderr)
        try:
            result = load_register(path, dry_run=options["dry_run"], progress=bar.show)
        except InvalidRegisterFile as invalid:
            bar.clear()
            for found in invalid.errors:
                self.stderr.write(f"{path}: {found}")
            if invalid.omitted:
                message = ngettext(
                    "%(count)d more error is not shown.",
                    "%(count)d more errors are not shown.",
                    invalid.omitted,
                )
                self.stderr.write(message % {"count": invalid.omitted})
            count = len(invalid.errors) + invalid.omitted
            message = ngettext(
                "%(count)d error. Nothing was changed.", "%(count)d errors. Nothing was changed.", count
            )
            raise CommandError(message % {"count": count}) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from None
        bar.clear()
        self._print(result, dry_run=options["dry_run"])

    def _print(self, result: LoadResult, *, dry_run: bool) -> None:
        heads = (
            (_("would be created"), _("would be changed"), _("unchanged"))
            if dry_run
            else (_("created"), _("changed"), _("unchanged"))
        )
        self.stdout.write(f"{'':12}" + "".join(f"{head:>18}" for head in heads))
        for name in SECTIONS:
            counts = (result.created[name], result.changed[name], result.unchanged[name])
            self.stdout.write(f"{name:12}" + "".join(f"{count:>18}" for count in counts))
        if result.accounts:
            message = _("Accounts created for the history, inactive and without password and role: %(names)s")
            self.stdout.write(message % {"names": all_of(result.accounts)})
        for warning in result.warnings:
            self.stdout.write(_("Warning: %(warning)s") % {"warning": warning})
        for conflict in result.conflicts:
            self.stdout.write(_("Conflict: %(conflict)s") % {"conflict": conflict})
        if dry_run:
            self.stdout.write(_("This was a dry run. Nothing was changed."))


class _Bar:
    """A progress bar, shown on a terminal only."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.is_shown = stream.isatty()
        self.started = time.monotonic()
        self.done = -1.0

    def show(self, done: float) -> None:
        """Show the share of the work that is done, from 0 to 1."""
        if self.is_shown and done - self.done >= _STEP:
            self.done = done
            full = round(done * _WIDTH)
            seconds = time.monotonic() - self.started
            self._write(f"\r[{'#' * full}{'.' * (_WIDTH - full)}] {done:4.0%} {seconds:4.0f} s")

    def clear(self) -> None:
        """Clear the line."""
        if self.is_shown:
            self._write("\r" + " " * (_WIDTH + 16) + "\r")

    def _write(self, text: str) -> None:
        self.stream.write(text, style_func=str, ending="")
        self.stream.flush()
