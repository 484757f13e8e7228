"""The sections of the register file, in the order in which they are written and loaded."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import Clearance
from commitments.services.register.format import Key, Kind, Section, Shape

COUNTRY_LINK = Key("", Kind.LINK, links="countries")
COMMITMENT_LINK = Key("", Kind.LINK, links="commitments")

ACTOR = Key("actor", Kind.ACCOUNT, _("Who entered it; an account, by its user name."))
RECORDED_AT = Key("recorded_at", Kind.INSTANT, _("When it was entered here; without it, the time of the load."))
ON = Key("on", Kind.DAY, _("The day it happened in the world. Written 'on': without quotes YAML reads “true”."), required=True)
SOURCE_REQUIRED = Key("source", Kind.LINK, _("The source that says so."), required=True, links="sources")
PARAGRAPH_REQUIRED = Key("paragraph", Kind.WHOLE, _("The number of its paragraph."), required=True)
SOURCE = Key("source", Kind.LINK, _("The source that says so; with its paragraph."), links="sources")
PARAGRAPH = Key("paragraph", Kind.WHOLE, _("The number of its paragraph."))


def _slug(model: str) -> Key:
    return Key("key", Kind.KEY, _("Its short name in this file and in addresses."), required=True, column=f"{model}.slug")


def _name(model: str) -> Key:
    return Key("name", Kind.TEXT, _("Its name."), required=True, column=f"{model}.name")


def _country(column: str, says: object, *, required: bool = True) -> Key:
    return Key("country", Kind.LINK, says, required=required, column=column, links="countries")  # type: ignore[arg-type]


