"""The errors of a register file, each with its line."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MOST_REPORTED = 1000
"""Errors that are reported. A file with more is broken as a whole; the rest is counted."""


@dataclass(frozen=True, slots=True, order=True)
class FileError:
    """One error: its line, its location as the keys that lead to it, and a message."""

    line: int
    location: str
    message: str

    def __str__(self) -> str:
        # Translators: one line of the command load_register; location is a path of keys in the file.
        return _("line %(line)d: %(location)s: %(message)s") % {
            "line": self.line,
            "location": self.location or _("the file"),
            "message": self.message,
        }


class InvalidRegisterFile(Exception):
    """The file has errors and nothing was changed.

    ``errors`` has them, sorted by line, and ``omitted`` is the number of further errors.
    """

    def __init__(self, errors: Sequence[FileError], omitted: int = 0) -> None:
        self.errors = sorted(set(errors))
        self.omitted = omitted
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(slots=True)
class ErrorLog:
    """Collects up to ``MOST_REPORTED`` errors and counts the rest, and warnings, which do not stop a load.

    ``is_cut_short``: the file could not be read to its end, so missing keys and entries are not reported.
    """

    found: list[FileError] = field(default_factory=list)
    omitted: int = 0
    warnings: list[FileError] = field(default_factory=list)
    is_cut_short: bool = False

    def add(self, line: int, location: str, message: str) -> None:
        """Add an error. The check continues."""
        if len(self.found) < MOST_REPORTED:
            self.found.append(FileError(line, location, message))
        else:
            self.omitted += 1

    def invalid_file(self) -> InvalidRegisterFile:
        """The exception with these errors."""
        return InvalidRegisterFile(self.found, self.omitted)

    def cut_short(self, line: int, message: str) -> None:
        """Add the error at which reading stops."""
        self.is_cut_short = True
        self.add(line, "", message)

    def warn(self, line: int, location: str, message: str) -> None:
        """Add a warning."""
        self.warnings.append(FileError(line, location, message))
