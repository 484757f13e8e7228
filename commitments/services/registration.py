"""Registering a commitment: its first mention and its first status come with it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ForeignKey, Model
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commitments.choices import MentionKind, PartyRole, Status
from commitments.models import Assignment, Commitment, CommitmentParty, Mention, StatusChange, Target
from commitments.services.assignments import assign, focal_point_errors, require_assigner
from commitments.services.deadlines import COLUMNS, column_errors
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.field_history import remember
from commitments.services.references import format_reference, prefix_of, take_serials
from commitments.services.search import refresh_search_text
from commitments.services.transitions import begin_histories
from commitments.workflow import TRANSITIONS, TransitionName, first_statuses
from core import clock
from relations.models import Country, Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class FirstMention:
    """Where the commitment was first made or requested."""

    meeting: Meeting
    paragraph: Paragraph
    kind: str = MentionKind.MADE
    modality: str = ""
    summary: str = ""


def party_errors(parties: Collection[Country], obligated: Collection[Country]) -> dict[str, list[str]]:
    """What is wrong with the countries of a commitment, by field; used wherever they are written."""
    errors: dict[str, list[str]] = {}
    if len(parties) < 2:  # noqa: PLR2004  (a pledge stands between at least two)
        errors["parties"] = [_("Name at least two countries between which it stands.")]
    if not obligated:
        errors["obligated"] = [_("Name at least one country that must act.")]
    strangers = [str(country) for country in obligated if country not in parties]
    if strangers:
        errors["obligated"] = [
            _("%(countries)s must act but is not a party.")
            % {"countries": get_text_list(strangers, _("and"))}
        ]
    return errors


def target_errors(target: Target) -> dict[str, list[str]]:
    """What is wrong with the figures of ``target``, by field; used wherever one is written."""
    try:
        target.full_clean(exclude=() if target.commitment_id else {"commitment"})
    except ValidationError as error:
        return {f"target.{name}": messages for name, messages in error.message_dict.items()}
    return {}


class Pledge(TypedDict):
    """What is said of a commitment when it is registered.

    ``fields`` are the columns a person fills in (title, text, nature, theme, deadline …). ``occurred_on`` is
    the day it was made in the world, today unless given; its year stands in the reference. ``agencies`` are
    charges as ``assign`` takes them, ``target`` the figures that ``set_target`` takes.
    """

    fields: Mapping[str, Any]
    parties: Collection[Country]
    obligated: Collection[Country]
    mention: FirstMention
    note: str
    status: NotRequired[str]
    beneficiaries: NotRequired[Collection[Country]]
    occurred_on: NotRequired[dt.date | None]
    agencies: NotRequired[Sequence[Mapping[str, Any]]]
    target: NotRequired[Mapping[str, Any]]
    related: NotRequired[Collection[Commitment]]


@dataclass(frozen=True, slots=True)
class Registration:
    """A commitment against which nothing stands, with what hangs on it. Nothing of it is written, and it has
    no reference yet."""

    commitment: Commitment
    countries: list[CommitmentParty]
    mention: Mention
    first: StatusChange
    charges: list[Assignment]
    charged_again: list[Mapping[str, Any]]
    target: Target | None
    related: Collection[Commitment]


def for_registrars(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may register commitments."""
    row = TRANSITIONS[TransitionName.REGISTER]
    if not actor.roles & row.roles:
        raise NotYours(_("“%(move)s” is not for your role.") % {"move": row.label})


def register_commitment(*, actor: "User", **pledge: Unpack[Pledge]) -> Commitment:
    """Register a commitment and give it its reference.

    Raises ``PermissionDenied`` unless ``actor`` is an officer, ``RequirementsNotMet`` by field.
    """
    (made,) = write_registrations([registration_of(actor=actor, **pledge)], actor=actor)
    return made


def registration_of(*, actor: "User", **pledge: Unpack[Pledge]) -> Registration:
    """Check what is to be registered; the deadline as it is checked when it changes. Writes nothing.

    Raises what ``register_commitment`` does.
    """
    for_registrars(actor)
    parties, obligated, fields = pledge["parties"], pledge["obligated"], pledge["fields"]
    day, status = pledge.get("occurred_on") or clock.today(), pledge.get("status", Status.AGREED)
    errors: defaultdict[str, list[str]] = defaultdict(list, party_errors(parties, obligated))
    if day > clock.today():
        errors["occurred_on"].append(
            _("%(day)s lies after today, %(today)s.")
            % {"day": date_format(day), "today": date_format(clock.today())}
        )
    possible = first_statuses(fields.get("nature", ""))
    if status not in possible:
        errors["status"].append(
            _("It begins as %(possible)s.")
            % {"possible": get_text_list([each.label for each in possible], _("or"))}
        )
    if not pledge["note"].strip():
        errors["note"].append(_("Write a note: it is what the next reader goes by."))
    commitment = Commitment(**fields, status=status, reference="-", prefix="-", year=day.year, serial=1)
    _collect_field_errors(commitment, errors)
    if errors:
        raise RequirementsNotMet(errors)
    commitment.prefix, mention = prefix_of(country.code for country in parties), pledge["mention"]
    charges, charged_again = _charges(commitment, actor, pledge.get("agencies", ()))
    return Registration(
        commitment,
        countries=list(_countries(commitment, parties, obligated, pledge.get("beneficiaries", ()))),
        mention=Mention(
            commitment=commitment,
            meeting=mention.meeting,
            paragraph=mention.paragraph,
            kind=mention.kind,
            modality=mention.modality,
            summary=mention.summary,
        ),
        first=StatusChange(
            commitment=commitment,
            number=1,
            transition=TransitionName.REGISTER,
            from_status="",
            to_status=status,
            occurred_on=day,
            actor=actor,
            note=pledge["note"].strip(),
            paragraph=mention.paragraph,
        ),
        charges=charges,
        charged_again=charged_again,
        target=_target(commitment, pledge.get("target")),
        related=pledge.get("related", ()),
    )


@transaction.atomic
def write_registrations(registrations: Sequence[Registration], *, actor: "User") -> list[Commitment]:
    """Give references to all of ``registrations`` in their order, and write them, table by table.

    Inserted together they send no signal: their field history and what search reads are written here.
    """
    made = [each.commitment for each in registrations]
    _give_references(made)
    _insert(made)
    _insert([row for each in registrations for row in each.countries])
    _insert([each.mention for each in registrations])
    begin_histories([each.first for each in registrations])
    _insert([row for each in registrations for row in each.charges])
    _insert([each.target for each in registrations if each.target])
    for each in registrations:
        for charge in each.charged_again:
            assign(commitment=each.commitment, actor=actor, **charge)
        if each.related:
            each.commitment.related.add(*each.related)
    refresh_search_text(commitment.pk for commitment in made)
    return made


def _give_references(commitments: Iterable[Commitment]) -> None:
    """In the order of the commitments; the counters are locked in one order by all who take several."""
    by_counter: defaultdict[tuple[str, int], list[Commitment]] = defaultdict(list)
    for commitment in commitments:
        by_counter[commitment.prefix, commitment.year].append(commitment)
    for (prefix, year), rows in sorted(by_counter.items(), key=itemgetter(0)):
        serials = take_serials(prefix=prefix, year=year, how_many=len(rows))
        for commitment, serial in zip(rows, serials, strict=True):
            commitment.serial = serial
            commitment.reference = format_reference(prefix, year, serial)


def _insert(rows: Sequence[Model]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows)
        remember(rows, None)


_MADE_HERE = {"reference", "prefix", "serial", "year"}


def _collect_field_errors(commitment: Commitment, errors: defaultdict[str, list[str]]) -> None:
    """What stands against its columns. Its constraints need not be asked, each by a query: of the window more
    is said here, nature and status are among their choices, and it has neither review nor successor yet."""
    found: dict[str, list[str]] = {}
    try:
        commitment.full_clean(
            exclude=_MADE_HERE | _at_hand(commitment), validate_unique=False, validate_constraints=False
        )
    except ValidationError as error:
        found = error.message_dict
    if found.keys().isdisjoint(COLUMNS.values()):
        found |= column_errors(vars(commitment))
    for field, messages in found.items():
        errors[field].extend(messages)


def _at_hand(commitment: Commitment) -> set[str]:
    """The records it points at that were read already: nobody needs to ask whether they are there."""
    fields = [each for each in Commitment._meta.concrete_fields if isinstance(each, ForeignKey)]
    return {each.name for each in fields if each.is_cached(commitment) and getattr(commitment, each.attname)}


def _countries(
    commitment: Commitment,
    parties: Collection[Country],
    obligated: Collection[Country],
    beneficiaries: Collection[Country],
) -> Iterator[CommitmentParty]:
    roles = (
        (PartyRole.PARTY, parties),
        (PartyRole.OBLIGATED, obligated),
        (PartyRole.BENEFICIARY, beneficiaries),
    )
    for role, countries in roles:
        for country in sorted(countries, key=lambda each: each.code):
            yield CommitmentParty(commitment=commitment, country=country, role=role)


def _charges(
    commitment: Commitment, actor: "User", charges: Sequence[Mapping[str, Any]]
) -> tuple[list[Assignment], list[Mapping[str, Any]]]:
    """The charges to be inserted; and those of an agency named before, which change what it was given."""
    if charges:
        require_assigner(actor)
    made: dict[int, Assignment] = {}
    again = []
    for charge in charges:
        if errors := focal_point_errors(charge["agency"], charge.get("focal_point")):
            raise RequirementsNotMet(errors)
        if charge["agency"].pk in made:
            again.append(charge)
        else:
            made[charge["agency"].pk] = Assignment(commitment=commitment, **charge)
    return list(made.values()), again


def _target(commitment: Commitment, figures: Mapping[str, Any] | None) -> Target | None:
    if figures is None:
        return None
    target = Target(commitment=commitment, **figures)
    if errors := target_errors(target):
        raise RequirementsNotMet(errors)
    return target
