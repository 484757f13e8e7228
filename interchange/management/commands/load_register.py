"""Load a register file."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interchange.register_file.errors import FaultyRegister
from interchange.register_file.load import holds_commitments, load_register
from interchange.register_file.result import Outcome
from interchange.register_file.sections import SECTIONS

_WIDTH = 40
_STEP = 0.005


class Command(BaseCommand):
    """Loads all of the file or nothing; every fault is named with its line on the error output."""

    help = (
        "Load a register file: add what is missing, change what nobody edited here since the last load, "
        "name the rest as conflicts. A file with faults changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the register file, in YAML")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be created, changed or left, and do nothing",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the register holds commitments already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and holds_commitments():
            self.stdout.write(_("The register holds commitments already: nothing was loaded."))
            return
        path = Path(options["file"])
        bar = _Bar(self.stderr)
        try:
            outcome = load_register(path, dry_run=options["dry_run"], progress=bar.show)
        except FaultyRegister as faulty:
            bar.clear()
            for fault in faulty.faults:
                self.stderr.write(f"{path}: {fault}")
            count = len(faulty.faults)
            says = ngettext(
                "%(count)d fault; nothing was changed.", "%(count)d faults; nothing was changed.", count
            )
            raise CommandError(says % {"count": count}) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from None
        bar.clear()
        self._tell(outcome, dry_run=options["dry_run"])

    def _tell(self, outcome: Outcome, *, dry_run: bool) -> None:
        heads = (
            (_("would be created"), _("would be changed"), _("would be left"))
            if dry_run
            else (_("created"), _("changed"), _("left"))
        )
        self.stdout.write(f"{'':12}" + "".join(f"{head:>18}" for head in heads))
        for name in SECTIONS:
            counts = (outcome.created[name], outcome.changed[name], outcome.left[name])
            self.stdout.write(f"{name:12}" + "".join(f"{count:>18}" for count in counts))
        if outcome.accounts:
            says = _("Accounts named in the history, made without password and role: %(names)s")
            self.stdout.write(says % {"names": ", ".join(outcome.accounts)})
        for warning in outcome.warnings:
            self.stdout.write(_("Warning: %(warning)s") % {"warning": warning})
        for conflict in outcome.conflicts:
            self.stdout.write(_("Conflict: %(conflict)s") % {"conflict": conflict})
        if dry_run:
            self.stdout.write(_("This was a trial run: nothing was changed."))


class _Bar:
    """A bar that fills; shown on a terminal only."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.is_shown = stream.isatty()
        self.started = time.monotonic()
        self.done = -1.0

    def show(self, done: float) -> None:
        """Show that the part ``done`` of the work, from 0 to 1, is behind us."""
        if self.is_shown and done - self.done >= _STEP:
            self.done = done
            full = round(done * _WIDTH)
            seconds = time.monotonic() - self.started
            self._write(f"\r[{'#' * full}{'.' * (_WIDTH - full)}] {done:4.0%} {seconds:4.0f} s")

    def clear(self) -> None:
        """Leave the line as it was."""
        if self.is_shown:
            self._write("\r" + " " * (_WIDTH + 16) + "\r")

    def _write(self, text: str) -> None:
        self.stream.write(text, style_func=str, ending="")
        self.stream.flush()
