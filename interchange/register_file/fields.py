"""The keys that several records of the register file have alike."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interchange.register_file.format import EntrySchema, Key, ValueKind


def slug(model: str) -> Key:
    """The key of an entry of ``model``."""
    says = _("Its short name, in this file and in addresses.")
    return Key("key", ValueKind.KEY, says, required=True, column=f"{model}.slug")


def text(name: str, column: str, says: Promise, *, required: bool = False) -> Key:
    """A text."""
    return Key(name, ValueKind.TEXT, says, required=required, column=column)


def word(name: str, column: str, says: Promise, *, required: bool = False) -> Key:
    """A word of a vocabulary."""
    return Key(name, ValueKind.CHOICE, says, required=required, column=column)


def day(name: str, column: str, says: Promise, *, required: bool = False) -> Key:
    """A day."""
    return Key(name, ValueKind.DAY, says, required=required, column=column)


def on(column: str) -> Key:
    """The day on which something happened."""
    says = _("The day it happened in the world. The key is written in quotes, since YAML reads on as “true”.")
    return Key("on", ValueKind.DAY, says, required=True, column=column)


def country(column: str, says: Promise, *, required: bool = True) -> Key:
    """A country, by its code."""
    return Key("country", ValueKind.LINK, says, required=required, column=column, links="countries")


def countries(name: str, column: str, says: Promise, *, required: bool = True) -> Key:
    """Countries, on one line."""
    code = Key("", ValueKind.LINK, links="countries")
    return Key(
        name,
        ValueKind.LIST,
        says,
        required=required,
        column=column,
        of=code,
        always=required,
        unordered=True,
        flow=True,
    )


def names(name: str, column: str, says: Promise) -> Key:
    """A list of names."""
    return Key(name, ValueKind.LIST, says, column=column, of=Key("", ValueKind.TEXT), always=True)


def rests_on(column: str, *, required: bool = False) -> tuple[Key, Key]:
    """The source and the paragraph on which something rests."""
    source = _("The source that says so.") if required else _("The source that says so; with a paragraph.")
    number = _("The number of its paragraph, which is the quote.")
    return (
        Key("source", ValueKind.LINK, source, required=required, links="sources"),
        Key("paragraph", ValueKind.WHOLE, number, required=required, column=column),
    )


def entered(model: str) -> tuple[Key, Key]:
    """Who entered a row, and when."""
    actor = _("Who entered it: an account, by its user name.")
    moment = _("When it was entered. Without it: when the file is loaded.")
    return (
        Key("actor", ValueKind.ACCOUNT, actor, column=f"{model}.actor"),
        Key("recorded_at", ValueKind.INSTANT, moment, column=f"{model}.recorded_at"),
    )


def window(name: str, model: str, prefix: str, review: str) -> EntrySchema:
    """A deadline window."""
    return EntrySchema(
        name,
        (
            text("wording", f"{model}.{prefix}wording", _("The words as agreed.")),
            day("earliest", f"{model}.{prefix}earliest", _("The earliest day they can mean.")),
            day("latest", f"{model}.{prefix}latest", _("The latest day they can mean.")),
            day("review_on", f"{model}.{review}", _("When to look again; only without a latest day.")),
        ),
    )
