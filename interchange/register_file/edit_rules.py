"""The rules for the field history of an entry."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from interchange.register_file.edit_schema import EDITED, EDITS, Edited
from interchange.register_file.index import FileIndex
from interchange.register_file.lookups import readings
from interchange.register_file.structure import FileEntry


def check_edits(section: str, entry: FileEntry, index: FileIndex) -> None:
    """Every edit must leave a record that has its required values, and paragraphs need their sources."""
    for kind in EDITED[section]:
        known: dict[int, frozenset[str]] = {}
        count = _count(kind, entry)
        for edit in entry.get(EDITS, {}).get(kind.name, []):
            values = edit.get("values", {})
            number = edit.get("row", 1)
            before = known.get(number, kind.required if number <= count else frozenset())
            lost = {each.get("key") for each in edit.get("deleted", [])}
            if "paragraph" in lost:
                lost.add("source")
            known[number] = before.union(getattr(values, "lines", ())).difference(edit.get("without", ()))
            for name in sorted(kind.required - known[number] - lost):
                message = _("%(key)s is missing: the record has had no value for it")
                index.error(edit, "values", message % {"key": name})
            if isinstance(values, FileEntry):
                index.cite(values)


def _count(kind: Edited, entry: Mapping[str, Any]) -> int:
    """How many records of ``kind`` the entry has whose edits begin with the values now."""
    if kind.is_complete:
        return 0
    if kind.name in ("entry", "target"):
        return int(kind.name == "entry" or "target" in entry)
    return len(readings(entry) if kind.name == "readings" else entry.get(kind.name, []))
