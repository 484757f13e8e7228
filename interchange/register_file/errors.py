"""The errors of a register file, each with its line."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


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
    """The file has errors and nothing was changed. ``errors`` has all of them, sorted by line."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        self.errors = sorted(set(errors))
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(slots=True)
class ErrorLog:
    """Collects errors, and warnings, which do not stop a load.

    ``is_cut_short``: the file could not be read to its end, so missing keys and entries are not reported.
    """

    found: list[FileError] = field(default_factory=list)
    warnings: list[FileError] = field(default_factory=list)
    is_cut_short: bool = False

    def add(self, line: int, location: str, message: str) -> None:
        """Add an error. The check continues."""
        self.found.append(FileError(line, location, message))

    def cut_short(self, line: int, message: str) -> None:
        """Add the error at which reading stops."""
        self.is_cut_short = True
        self.add(line, "", message)

    def warn(self, line: int, location: str, message: str) -> None:
        """Add a warning."""
        self.warnings.append(FileError(line, location, message))
