"""What a load did, or would do: created, changed, left, and what it kept as a person had left it."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from interchange.register_file.errors import Fault

_LONGEST = 90


@dataclass(frozen=True, slots=True)
class LoadConflict:
    """A key whose value was edited here since the last load, and which the file wants otherwise."""

    line: int
    where: str
    file: Any
    kept: Any
    why: str = ""

    def __str__(self) -> str:
        says = _("line %(line)d: %(where)s: the file says %(file)s, the register %(kept)s: kept")
        text = says % {
            "line": self.line,
            "where": self.where,
            "file": _shown(self.file),
            "kept": _shown(self.kept),
        }
        return f"{text} ({self.why})" if self.why else text


@dataclass(slots=True)
class Outcome:
    """The counts of a load by section, and what a person should look at."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    conflicts: list[LoadConflict] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return _("nothing")
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "“" + Truncator(" ".join(written.split())).chars(_LONGEST) + "”"
