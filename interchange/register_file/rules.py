"""What the file must hold to beyond its shape: the rules of the model, with the line that breaks each."""

from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments.documents.commitment import Document
from commitments.documents.reference import derived_paragraphs, digest
from interchange.register_file.commitment_rules import check_commitment, check_window, complete_successor
from interchange.register_file.index import Ledger
from interchange.register_file.sections import SECTIONS
from interchange.register_file.structure import FileEntry
from relations.choices import MeetingStatus


def check(section: str, entry: FileEntry, ledger: Ledger) -> None:
    """Complete ``entry``, enter it in the ledger and note every rule it breaks."""
    complete(section, entry)
    identity = SECTIONS[section].identity
    if identity in entry:
        ledger.enter(section, entry[identity], entry, identity)
    if section in _RULES:
        _RULES[section](entry, ledger)


def complete(section: str, entry: FileEntry) -> None:
    """Bring ``entry`` to the one form in which it is compared, whichever way it was written."""
    if section == "sources":
        if entry.get("sha256") == digest(entry):
            del entry["sha256"]
        with suppress(ValidationError):
            if entry.get("paragraphs") == derived_paragraphs(entry):
                del entry["paragraphs"]
    elif section == "commitments":
        complete_successor(entry)


def _named_once(kind: str) -> Callable[[FileEntry, Ledger], None]:
    def rule(entry: FileEntry, ledger: Ledger) -> None:
        if "name" in entry:
            ledger.only_once(entry, "name", kind, entry["name"])

    return rule


def _source(entry: FileEntry, ledger: Ledger) -> None:
    paragraphs: list[Document] | None = entry.get("paragraphs")
    if paragraphs is None:
        try:
            paragraphs = derived_paragraphs(entry)
        except ValidationError as error:
            ledger.fault(entry, "text", error.messages[0])
            return
    numbers = [each["number"] for each in paragraphs if "number" in each]
    if len(set(numbers)) < len(numbers):
        ledger.fault(entry, "paragraphs", _("a number is given twice"))
    if "key" in entry:
        contiguous = numbers == list(range(1, len(numbers) + 1))
        ledger.paragraphs[entry["key"]] = range(1, len(numbers) + 1) if contiguous else frozenset(numbers)


def _meeting(entry: FileEntry, ledger: Ledger) -> None:
    window = entry.get("window", {})
    starts_on, ends_on = entry.get("starts_on"), entry.get("ends_on")
    if ends_on and "starts_on" not in entry.lines:
        ledger.fault(entry, "ends_on", _("there is a last day, but no starts_on"))
    elif ends_on and starts_on and ends_on < starts_on:
        ledger.fault(entry, "ends_on", _("the last day lies before the first"))
    check_window(window, ledger)
    if "session" in entry and "mechanism" not in entry.lines:
        ledger.fault(entry, "session", _("a session number needs a mechanism"))
    elif "session" in entry and "mechanism" in entry:
        ledger.only_once(entry, "session", "session", entry["mechanism"], str(entry["session"]))
    if entry.get("status") == MeetingStatus.HELD and not (
        entry.lines.keys() & {"starts_on"} or getattr(window, "lines", {}).keys() & {"earliest", "latest"}
    ):
        ledger.fault(entry, "status", _("a meeting that was held needs a day, or a window of days"))
    present: set[str] = set()
    for each in entry["participants"]:
        if each.get("person") in present:
            ledger.fault(each, "person", _("%(value)s is named twice") % {"value": each["person"]})
        present.add(each.get("person", ""))


_RULES: dict[str, Callable[[FileEntry, Ledger], None]] = {
    "countries": _named_once("country"),
    "themes": _named_once("theme"),
    "sources": _source,
    "meetings": _meeting,
    "commitments": check_commitment,
}
