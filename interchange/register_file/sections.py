"""The head and the sections of the register file, in the order in which they are written."""

from django.utils.translation import gettext_lazy as _

from interchange.register_file.commitment_schema import COMMITMENT
from interchange.register_file.fields import day, text
from interchange.register_file.format import Key, Kind, Section, Shape
from interchange.register_file.reference_schema import (
    AGENCY,
    COUNTRY,
    MECHANISM,
    MEETING,
    PERSON,
    SOURCE,
    THEME,
)

HEAD = Shape(
    "register",
    (
        Key("register", Kind.WHOLE, _("The version of this format: 1."), required=True),
        text("title", "Register.title", _("The title of the register."), required=True),
        day("as_of", "Register.as_of", _("The day up to which it is kept.")),
    ),
)

SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        Section("countries", "country", "code", COUNTRY),
        Section("agencies", "agency", "key", AGENCY),
        Section("people", "person", "key", PERSON),
        Section("mechanisms", "mechanism", "key", MECHANISM),
        Section("themes", "theme", "key", THEME),
        Section("sources", "source", "key", SOURCE),
        Section("meetings", "meeting", "key", MEETING),
        Section("commitments", "commitment", "reference", COMMITMENT),
    )
}
"""In the order in which each can be loaded after the ones it points at."""
