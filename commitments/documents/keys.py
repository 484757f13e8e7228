"""Keys that several records have in common."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Clearance
from commitments.documents.schema import EntrySchema, Key, ValueKind


def slug(model: str) -> Key:
    """The key that identifies an entry of ``model``."""
    meaning = _("Identifies the entry in this file and in addresses.")
    return Key("key", ValueKind.KEY, meaning, required=True, column=f"{model}.slug")


def text(name: str, column: str, meaning: Promise, *, required: bool = False) -> Key:
    """A text."""
    return Key(name, ValueKind.TEXT, meaning, required=required, column=column)


def word(name: str, column: str, meaning: Promise, *, required: bool = False) -> Key:
    """One of a fixed list of words."""
    return Key(name, ValueKind.CHOICE, meaning, required=required, column=column)


def day(name: str, column: str, meaning: Promise, *, required: bool = False) -> Key:
    """A date."""
    return Key(name, ValueKind.DAY, meaning, required=required, column=column)


def on(column: str) -> Key:
    """The date on which something happened."""
    meaning = _("The date on which it happened. Write the key in quotes, since YAML reads on as “true”.")
    return Key("on", ValueKind.DAY, meaning, required=True, column=column)


def classification(model: str) -> Key:
    """The level of a record of ``model``."""
    return Key(
        "classification",
        ValueKind.CHOICE,
        _("How confidential it is. If it is left out: unclassified."),
        column=f"{model}.classification",
        default="unclassified",
        words=tuple(level.name.lower() for level in Clearance),
    )


def country(column: str, meaning: Promise, *, required: bool = True) -> Key:
    """A country, by its code."""
    return Key("country", ValueKind.LINK, meaning, required=required, column=column, links="countries")


def countries(
    name: str,
    column: str,
    meaning: Promise,
    *,
    required: bool = True,
    read: Callable[[Any], list[str]] | None = None,
) -> Key:
    """Country codes, on one line."""
    code = Key("", ValueKind.LINK, links="countries")
    return Key(
        name,
        ValueKind.LIST,
        meaning,
        required=required,
        column=column,
        of=code,
        always=required,
        unordered=True,
        flow=True,
        read=read,
    )


def names(name: str, column: str, meaning: Promise) -> Key:
    """A list of names."""
    return Key(name, ValueKind.LIST, meaning, column=column, of=Key("", ValueKind.TEXT), always=True)


def other_names(name: str, column: str, meaning: Promise) -> Key:
    """A list of names that is left out where it is empty: older files have no such key."""
    return Key(name, ValueKind.LIST, meaning, column=column, of=Key("", ValueKind.TEXT))


def based_on_paragraph(column: str, *, required: bool = False) -> tuple[Key, Key]:
    """The source and the paragraph that something is based on."""
    source = _("The source.") if required else _("The source that it is based on, with a paragraph.")
    number = _("The number of the paragraph, which is the quote.")
    return (
        Key("source", ValueKind.LINK, source, required=required, links="sources", read=_source),
        Key("paragraph", ValueKind.WHOLE, number, required=required, column=column),
    )


def entered(model: str, *, actor_required: bool = False, at: str = "recorded_at") -> tuple[Key, Key]:
    """The account that entered a row, and the time, which is the field ``at`` of ``model``."""
    actor = _("The account that entered it, by its user name.")
    time = _("When it was entered. If it is left out: the time of the load.")
    return (
        Key("actor", ValueKind.ACCOUNT, actor, required=actor_required, column=f"{model}.actor"),
        Key("recorded_at", ValueKind.INSTANT, time, column=f"{model}.{at}"),
    )


def window(name: str, model: str, prefix: str, review: str) -> EntrySchema:
    """A deadline window."""
    return EntrySchema(
        name,
        (
            text("wording", f"{model}.{prefix}wording", _("The wording as agreed.")),
            day("earliest", f"{model}.{prefix}earliest", _("The earliest day that it can mean.")),
            day("latest", f"{model}.{prefix}latest", _("The latest day that it can mean.")),
            day(
                "review_on",
                f"{model}.{review}",
                _("The date of the next review; only without a latest day."),
            ),
        ),
    )


def _source(record: Any) -> Any:
    return record.paragraph and record.paragraph.source
