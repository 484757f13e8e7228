"""The head and the sections of the register file, in the order in which they are written."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from commitments.documents.commitment_schema import COMMITMENT
from commitments.documents.keys import day, text
from commitments.documents.reference_schema import (
    AGENCY,
    COUNTRY,
    MECHANISM,
    MEETING_IN_FILE,
    PERSON,
    SOURCE_IN_FILE,
    THEME,
)
from commitments.documents.schema import EntrySchema, Key, ValueKind
from interchange.register_file.edit_schema import with_edits

VERSION = 1


@dataclass(frozen=True, slots=True)
class FileSection:
    """A section of the file: its name, the name of one entry, and the key that identifies an entry."""

    name: str
    entry: str
    identity: str
    schema: EntrySchema


HEAD = EntrySchema(
    "register",
    (
        Key("register", ValueKind.WHOLE, _("The version of this format: 1."), required=True),
        text("title", "Register.title", _("The title of the register."), required=True),
        day("as_of", "Register.as_of", _("The date up to which the register is complete.")),
    ),
)

SECTIONS: dict[str, FileSection] = {
    section.name: replace(section, schema=with_edits(section.name, section.schema))
    for section in (
        FileSection("countries", "country", "code", COUNTRY),
        FileSection("agencies", "agency", "key", AGENCY),
        FileSection("people", "person", "key", PERSON),
        FileSection("mechanisms", "mechanism", "key", MECHANISM),
        FileSection("themes", "theme", "key", THEME),
        FileSection("sources", "source", "key", SOURCE_IN_FILE),
        FileSection("meetings", "meeting", "key", MEETING_IN_FILE),
        FileSection("commitments", "commitment", "reference", COMMITMENT),
    )
}
"""Each section comes after the sections that it refers to."""
