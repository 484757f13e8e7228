"""The rules of the model, which an entry must follow besides its schema."""

from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments.documents.reference import digest, recorded_paragraphs, stated_paragraphs
from interchange.register_file.commitment_rules import check_commitment, check_window, complete_successor
from interchange.register_file.edit_rules import check_edits
from interchange.register_file.index import FileIndex
from interchange.register_file.sections import SECTIONS
from interchange.register_file.structure import FileEntry
from relations.choices import MeetingStatus


def check(section: str, entry: FileEntry, index: FileIndex) -> None:
    """Complete ``entry``, add it to the index, and add an error for every rule that it breaks."""
    complete(section, entry)
    identity = SECTIONS[section].identity
    if identity in entry:
        index.add(section, entry[identity], entry, identity)
    if section in _RULES:
        _RULES[section](entry, index)
    check_edits(section, entry, index)


def complete(section: str, entry: FileEntry) -> None:
    """Bring ``entry`` to canonical form, in which entries are compared."""
    if section == "sources":
        if entry.get("sha256") == digest(entry):
            del entry["sha256"]
        with suppress(ValidationError):
            if "paragraphs" in entry:
                stated = stated_paragraphs(recorded_paragraphs(entry), entry)
                if stated or not entry["paragraphs"]:
                    entry["paragraphs"] = stated
                else:
                    del entry["paragraphs"]
    elif section == "commitments":
        complete_successor(entry)


def _unique_name(kind: str) -> Callable[[FileEntry, FileIndex], None]:
    def rule(entry: FileEntry, index: FileIndex) -> None:
        if "name" in entry:
            index.add_unique(entry, "name", kind, entry["name"])

    return rule


def _source(entry: FileEntry, index: FileIndex) -> None:
    try:
        paragraphs = recorded_paragraphs(entry)
    except ValidationError as error:
        index.error(entry, "paragraphs" if "paragraphs" in entry else "text", error.messages[0])
        return
    numbers = [each["number"] for each in paragraphs if "number" in each]
    if len(set(numbers)) < len(numbers):
        index.error(entry, "paragraphs", _("a number occurs twice"))
    _versions(entry, {each["number"]: each["text"] for each in paragraphs if "number" in each}, index)
    if "key" in entry:
        contiguous = numbers == list(range(1, len(numbers) + 1))
        index.paragraphs[entry["key"]] = range(1, len(numbers) + 1) if contiguous else frozenset(numbers)
    texts = {each.get("number"): each.get("text", "") for each in paragraphs}
    for row in entry.get("refused_passages", []):
        if "paragraph" in row and row.get("quote", "") not in texts.get(row["paragraph"], ""):
            index.error(
                row, "quote", _("paragraph %(number)d has no such passage") % {"number": row["paragraph"]}
            )


def _versions(entry: FileEntry, newest: dict[int, str], index: FileIndex) -> None:
    """The versions of a paragraph are numbered from 1, and the last one is what the text says."""
    last: dict[int, FileEntry] = {}
    for row in entry.get("versions", []):
        number, before = row.get("paragraph"), last.get(row.get("paragraph"))
        if number not in newest:
            index.error(row, "paragraph", _("the source has no paragraph %(number)s") % {"number": number})
        elif row.get("version") != (before.get("version", 0) if before else 0) + 1:
            index.error(row, "version", _("the versions of a paragraph are numbered 1, 2, 3, in this order"))
        elif before and "reason" not in row:
            index.error(row, "reason", _("is missing: only the first version has none"))
        last[number] = row
    for number, row in last.items():
        if number in newest and (row.get("version") == 1 or row.get("text") != newest[number]):
            message = _("the last version of paragraph %(number)s is not what the text of the source says")
            index.error(row, "text", message % {"number": number})


def _meeting(entry: FileEntry, index: FileIndex) -> None:
    window = entry.get("window", {})
    starts_on, ends_on = entry.get("starts_on"), entry.get("ends_on")
    if ends_on and "starts_on" not in entry.lines:
        index.error(entry, "ends_on", _("there is a last day but no first day, starts_on"))
    elif ends_on and starts_on and ends_on < starts_on:
        index.error(entry, "ends_on", _("the last day is before the first day"))
    check_window(window, index)
    if "session" in entry and "mechanism" not in entry.lines:
        index.error(entry, "session", _("a session number needs a mechanism"))
    elif "session" in entry and "mechanism" in entry:
        index.add_unique(entry, "session", "session", entry["mechanism"], str(entry["session"]))
    if entry.get("status") == MeetingStatus.HELD and not (
        entry.lines.keys() & {"starts_on"} or getattr(window, "lines", {}).keys() & {"earliest", "latest"}
    ):
        index.error(entry, "status", _("a meeting that was held needs a date, or a window of dates"))
    places = set()
    for row in entry.get("set_aside", []):
        index.cite(row)
        place = row.get("source"), row.get("paragraph")
        if place in places:
            index.error(row, "paragraph", _("%(value)s occurs twice") % {"value": row.get("paragraph")})
        places.add(place)
    people: set[str] = set()
    for each in entry["participants"]:
        if each.get("person") in people:
            index.error(each, "person", _("%(value)s occurs twice") % {"value": each["person"]})
        people.add(each.get("person", ""))


_RULES: dict[str, Callable[[FileEntry, FileIndex], None]] = {
    "countries": _unique_name("country"),
    "themes": _unique_name("theme"),
    "sources": _source,
    "meetings": _meeting,
    "commitments": check_commitment,
}
