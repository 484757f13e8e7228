"""The result of a load: what was created, changed or left unchanged, with conflicts and warnings."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from interchange.register_file.errors import FileError

_LONGEST = 90


@dataclass(frozen=True, slots=True)
class LoadConflict:
    """A value that differs between file and register and was edited since the last load.

    The load leaves ``stored``, the value of the register, as it is.
    """

    line: int
    location: str
    file: Any
    stored: Any
    reason: str = ""

    def __str__(self) -> str:
        values = {
            "line": self.line,
            "location": self.location,
            "file": _shown(self.file),
            "stored": _shown(self.stored),
            "reason": self.reason,
        }
        if self.reason:
            message = _(
                "line %(line)d: %(location)s: %(file)s in the file, %(stored)s in the register; not changed "
                "(%(reason)s)"
            )
        else:
            message = _(
                "line %(line)d: %(location)s: %(file)s in the file, %(stored)s in the register; not changed"
            )
        return message % values


@dataclass(slots=True)
class LoadResult:
    """The counts of a load by section, its conflicts and warnings, and the names of new accounts."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    conflicts: list[LoadConflict] = field(default_factory=list)
    warnings: list[FileError] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return _("no value")
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "“" + Truncator(" ".join(written.split())).chars(_LONGEST) + "”"
