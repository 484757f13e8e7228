"""The head and the sections of the register file, in the order in which they are written."""

from django.utils.translation import gettext_lazy as _

from interchange.register_file.commitment_schema import COMMITMENT
from interchange.register_file.fields import day, text
from interchange.register_file.format import EntrySchema, FileSection, Key, ValueKind
from interchange.register_file.reference_schema import (
    AGENCY,
    COUNTRY,
    MECHANISM,
    MEETING,
    PERSON,
    SOURCE,
    THEME,
)

HEAD = EntrySchema(
    "register",
    (
        Key("register", ValueKind.WHOLE, _("The version of this format: 1."), required=True),
        text("title", "Register.title", _("The title of the register."), required=True),
        day("as_of", "Register.as_of", _("The date up to which the register is complete.")),
    ),
)

SECTIONS: dict[str, FileSection] = {
    section.name: section
    for section in (
        FileSection("countries", "country", "code", COUNTRY),
        FileSection("agencies", "agency", "key", AGENCY),
        FileSection("people", "person", "key", PERSON),
        FileSection("mechanisms", "mechanism", "key", MECHANISM),
        FileSection("themes", "theme", "key", THEME),
        FileSection("sources", "source", "key", SOURCE),
        FileSection("meetings", "meeting", "key", MEETING),
        FileSection("commitments", "commitment", "reference", COMMITMENT),
    )
}
"""Each section comes after the sections that it refers to."""
