"""What is wrong with a register file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong: its line, the keys that lead to it, and what it is."""

    line: int
    where: str
    says: str

    def __str__(self) -> str:
        return _("line %(line)d: %(where)s: %(says)s") % {
            "line": self.line,
            "where": self.where or _("the file"),
            "says": self.says,
        }


class FaultyRegister(Exception):
    """The file cannot be loaded, and nothing was changed; ``faults`` are all of them, by line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(slots=True)
class Faults:
    """Collects faults, and the warnings that do not stop a load.

    ``is_cut_short``: the file could not be read to its end, so that what is missing cannot be told.
    """

    found: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    is_cut_short: bool = False

    def add(self, line: int, where: str, says: str) -> None:
        """Note a fault; the collecting goes on."""
        self.found.append(Fault(line, where, says))

    def cut_short(self, line: int, says: str) -> None:
        """Note the fault that ends the reading."""
        self.is_cut_short = True
        self.add(line, "", says)

    def warn(self, line: int, where: str, says: str) -> None:
        """Note something a person should look at."""
        self.warnings.append(Fault(line, where, says))
