"""The schema of the field history of an entry, the key ``edits``, which only the register file has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from commitments.choices import PartyRole
from commitments.documents.building import identity
from commitments.documents.commitment_schema import ASSIGNMENT, COMMITMENT, MENTION, READING, TARGET
from commitments.documents.keys import country, text, word
from commitments.documents.reference_schema import (
    AGENCY,
    COUNTRY,
    MECHANISM,
    MEETING,
    PARTICIPANT,
    PERSON,
    SOURCE,
    THEME,
)
from commitments.documents.schema import EntrySchema, Key, ValueKind, field_of
from commitments.models import Assignment, Commitment, CommitmentParty, Mention, Reading, Target, Theme
from relations.models import (
    Agency,
    Country,
    Mechanism,
    Meeting,
    Paragraph,
    Participation,
    Person,
    Source,
)

EDITS = "edits"
TYPES = {"added": "+", "changed": "~", "removed": "-"}
"""What an edit did, as the file and as simple_history name it."""

PARTY = EntrySchema(
    "country in a role",
    (
        country("CommitmentParty.country", _("The country.")),
        word("role", "CommitmentParty.role", _("Its role."), required=True),
    ),
)
"""In an entry a country in a role is one code in a list, so it has a schema only here."""


@dataclass(frozen=True, eq=False)
class Edited:
    """The records of one kind whose field history an entry has: the entry itself, or its rows.

    ``name`` is the list in ``edits``. ``parent`` is the field that refers to the entry; "" for the entry
    itself. ``rows`` returns the records that exist, in the order in which edits number them. If
    ``is_complete``, the first edit of a record has all its values; otherwise it has only those that differ
    from the record as it is now.
    """

    name: str
    model: type[Model]
    schema: EntrySchema
    parent: str = ""
    rows: Callable[[Any], Iterable[Any]] = lambda record: (record,)
    is_complete: bool = False

    @cached_property
    def history(self) -> Any:
        """The model of its history."""
        model: Any = self.model
        return model.history.model

    @cached_property
    def values(self) -> EntrySchema:
        """The keys of a record that have a history. In an edit none is required."""
        keys = (key for key in self.schema if self._has_history(key))
        return EntrySchema(
            "values", tuple(replace(key, required=False, always=False, read=_reader(key)) for key in keys)
        )

    @cached_property
    def required(self) -> frozenset[str]:
        """The keys that a record always has."""
        names = {key.name for key in self.values}
        many = {key.name for key in self.many}
        return frozenset(key.name for key in self.schema if key.required) & (names - many)

    @cached_property
    def links(self) -> tuple[Key, ...]:
        """The keys that refer to one other record."""
        return tuple(key for key in self.values if key.column and _is_link(key))

    @cached_property
    def many(self) -> tuple[Key, ...]:
        """The keys that refer to several other records."""
        return tuple(key for key in self.values if key.column and field_of(key.column).many_to_many)

    @cached_property
    def edits(self) -> Key:
        """The list of its edits."""
        return Key(self.name, ValueKind.LIST, of=EntrySchema("edit", tuple(self._keys())))

    def _keys(self) -> Iterable[Key]:
        if self.parent:
            number = _("The number of the row in its list. Rows that were removed have the next numbers.")
            yield Key("row", ValueKind.WHOLE, number, required=True)
        yield Key("did", ValueKind.CHOICE, _("What was done."), required=True, words=tuple(TYPES))
        yield Key("at", ValueKind.INSTANT, _("When it was done."), required=True)
        yield Key("actor", ValueKind.ACCOUNT, _("The account that did it, by its user name."))
        yield text("reason", f"{self.history.__name__}.history_change_reason", _("The reason."))
        values = _(
            "The values after the edit that differ from those before it, with the keys of the record. The "
            "first edit of a record has those that differ from the values now. If the record was removed "
            "since, or is a country in a role, the first edit has all values."
        )
        yield Key("values", ValueKind.RECORD, values, of=self.values)
        names = Key("", ValueKind.CHOICE, words=tuple(key.name for key in self.values))
        without = _("The keys that have no value after the edit, or the default, and had another.")
        yield Key("without", ValueKind.LIST, without, of=names, flow=True)
        if self.links or self.many:
            lost = _("The values that refer to records that no longer exist.")
            yield Key("deleted", ValueKind.LIST, lost, of=self._deleted)

    @property
    def _deleted(self) -> EntrySchema:
        names = tuple(key.name for key in (*self.links, *self.many))
        number = _("A number that tells records apart that no longer exist.")
        return EntrySchema(
            "deleted record",
            (
                Key("key", ValueKind.CHOICE, _("The key."), required=True, words=names),
                Key("number", ValueKind.WHOLE, number, required=True),
            ),
        )

    def _has_history(self, key: Key) -> bool:
        if not key.column:
            return True  # a span of days, or the source of a paragraph
        owner, name = key.column.split(".")
        fields = (*self.history.tracked_fields, *self.history._history_m2m_fields)
        return owner == self.model.__name__ and name in {field.name for field in fields}


def _is_link(key: Key) -> bool:
    field = field_of(key.column)
    return field.is_relation and not field.many_to_many


def _reader(key: Key) -> Callable[[Any], Any] | None:
    """Reads from a record or from its history: the history has its own rows for many-to-many fields."""
    if not key.column or not field_of(key.column).many_to_many:
        return key.read
    name = field_of(key.column).name

    def linked(record: Any) -> list[str]:
        found = record.linked[name] if hasattr(record, "linked") else getattr(record, name).all()
        return sorted(identity(each) for each in found)

    return linked


_ROLES = {PartyRole.PARTY: 1, PartyRole.OBLIGATED: 2, PartyRole.BENEFICIARY: 3}


def _parties(commitment: Commitment) -> list[CommitmentParty]:
    """The countries in the order of the file: parties, countries that must act, beneficiaries."""
    return sorted(
        commitment.parties.all(), key=lambda each: (_ROLES[PartyRole(each.role)], each.country.code)
    )


def _target(commitment: Commitment) -> list[Target]:
    return [commitment.target] if hasattr(commitment, "target") else []


EDITED: dict[str, tuple[Edited, ...]] = {
    "countries": (Edited("entry", Country, COUNTRY),),
    "agencies": (Edited("entry", Agency, AGENCY),),
    "people": (Edited("entry", Person, PERSON),),
    "mechanisms": (Edited("entry", Mechanism, MECHANISM),),
    "themes": (Edited("entry", Theme, THEME),),
    "sources": (Edited("entry", Source, SOURCE),),
    "meetings": (
        Edited("entry", Meeting, MEETING),
        Edited(
            "participants", Participation, PARTICIPANT, "meeting_id", lambda each: each.participations.all()
        ),
    ),
    "commitments": (
        Edited("entry", Commitment, COMMITMENT),
        Edited("parties", CommitmentParty, PARTY, "commitment_id", _parties, is_complete=True),
        Edited("agencies", Assignment, ASSIGNMENT, "commitment_id", lambda each: each.assignments.all()),
        Edited("target", Target, TARGET, "commitment_id", _target),
        Edited("readings", Reading, READING, "commitment_id", lambda each: each.readings.all()),
        Edited("mentions", Mention, MENTION, "commitment_id", lambda each: each.mentions.all()),
    ),
}
"""The kinds of records of each section that are edited in place."""


def with_edits(section: str, schema: EntrySchema) -> EntrySchema:
    """``schema`` and the field history of its entries."""
    meaning = _("The field history, as described below under “edits”.")
    of = EntrySchema(EDITS, tuple(kind.edits for kind in EDITED[section]))
    return EntrySchema(
        schema.name, (*schema, Key(EDITS, ValueKind.RECORD, meaning, of=of, may_be_empty=True))
    )


def is_paragraph(key: Key) -> bool:
    """Whether the key names a paragraph, which belongs together with its source."""
    return bool(key.column) and field_of(key.column).related_model is Paragraph


def field_name(key: Key) -> str:
    """The name of the field of ``key``."""
    return key.column.split(".")[1]
