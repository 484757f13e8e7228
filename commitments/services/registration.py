"""Registers commitments, each with its first mention and its first status."""

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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.choices import MentionKind, PartyRole, Status
from commitments.models import Assignment, Commitment, CommitmentParty, Mention, StatusChange, Target
from commitments.querysets import MADE_AT
from commitments.services.assignments import assign, focal_point_errors, require_assigner
from commitments.services.deadlines import COLUMNS, column_errors
from commitments.services.errors import NOTE_MISSING, NotYours, RequirementsNotMet
from commitments.services.field_history import create_history
from commitments.services.levels import level_of_mention
from commitments.services.officers import officer_errors
from commitments.services.references import format_reference, prefix_of, take_serials
from commitments.services.search import refresh_search_text
from commitments.services.transitions import begin_histories
from commitments.services.twins import TwinIndexes, refuse_twins
from commitments.workflow import TRANSITIONS, TransitionName, first_statuses
from core import clock
from core.lists import all_of, one_of
from relations.models import Country, Meeting, Paragraph

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class FirstMention:
    """The mention in which the commitment was first agreed or requested.

    ``reader_quote`` is the passage, where the reader of texts proposed it.
    """

    meeting: Meeting
    paragraph: Paragraph
    kind: str = MentionKind.MADE
    modality: str = ""
    summary: str = ""
    reader_quote: str = ""


def party_errors(parties: Collection[Country], obligated: Collection[Country]) -> dict[str, list[str]]:
    """The errors in the countries of a commitment, by field. Every writer of them calls this."""
    errors: dict[str, list[str]] = {}
    if len(parties) < 2:  # noqa: PLR2004  (at least two parties)
        errors["parties"] = [_("Choose at least two countries as parties.")]
    if not obligated:
        errors["obligated"] = [_("Choose at least one responsible country.")]
    others = [country for country in obligated if country not in parties]
    if others:
        errors["obligated"] = [
            ngettext(
                "%(countries)s is responsible but is not a party.",
                "%(countries)s are responsible but are not parties.",
                len(others),
            )
            % {"countries": all_of(others)}
        ]
    return errors


def target_errors(target: Target) -> dict[str, list[str]]:
    """The errors in the figures of ``target``, by field. Every writer of a target calls this."""
    try:
        target.full_clean(exclude=() if target.commitment_id else {"commitment"})
    except ValidationError as error:
        return {f"target.{name}": messages for name, messages in error.message_dict.items()}
    return {}


class RegistrationArguments(TypedDict):
    """The arguments of ``register_commitment``.

    ``fields`` holds the columns that a user enters (title, text, nature, theme, deadline …).
    ``occurred_on`` is the day on which the commitment was agreed (default: today); its year is part of the
    reference. ``agencies`` holds arguments of ``assign``, ``target`` those of ``set_target``. ``despite``
    holds the references of likely twins that are known to be other commitments.
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
    despite: NotRequired[Collection[str]]


@dataclass(frozen=True, slots=True)
class Registration:
    """A checked commitment with its rows in other tables. Nothing is saved, and there is no reference yet.

    ``repeated_assignments`` holds the arguments of ``assign`` for agencies that are named more than once:
    they change the assignment made before.
    """

    commitment: Commitment
    countries: list[CommitmentParty]
    mention: Mention
    first: StatusChange
    assignments: list[Assignment]
    repeated_assignments: list[Mapping[str, Any]]
    target: Target | None
    related: Collection[Commitment]


def require_registrar(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may register commitments."""
    row = TRANSITIONS[TransitionName.REGISTER]
    if not actor.roles & row.roles:
        raise NotYours.for_role(row)


def register_commitment(*, actor: "User", **arguments: Unpack[RegistrationArguments]) -> Commitment:
    """Register a commitment and return it with its reference.

    Raises ``PermissionDenied`` unless ``actor`` is an officer, ``RequirementsNotMet`` with the errors of each
    field, and ``LikelyTwins`` if commitments that are not in ``despite`` may be the same.
    """
    (commitment,) = write_registrations([registration_of(actor=actor, **arguments)], actor=actor)
    return commitment


def registration_of(
    *, actor: "User", known: TwinIndexes | None = None, **arguments: Unpack[RegistrationArguments]
) -> Registration:
    """Check a commitment and build its rows, unsaved. Raises what ``register_commitment`` raises.

    ``known`` holds the wordings of the commitments registered before, for many registrations.
    """
    require_registrar(actor)
    parties, obligated, fields = arguments["parties"], arguments["obligated"], arguments["fields"]
    day, status = arguments.get("occurred_on") or clock.today(), arguments.get("status", Status.AGREED)
    errors: defaultdict[str, list[str]] = defaultdict(list, party_errors(parties, obligated))
    if day > clock.today():
        errors["occurred_on"].append(
            _("%(day)s lies after today, %(today)s.")
            % {"day": date_format(day), "today": date_format(clock.today())}
        )
    possible = first_statuses(fields.get("nature", ""))
    if status not in possible:
        errors["status"].append(
            # Translators: the first status of a commitment, for example "requested or agreed".
            _("The first status must be %(statuses)s.")
            % {"statuses": one_of(each.label for each in possible)}
        )
    if not arguments["note"].strip():
        errors["note"].append(str(NOTE_MISSING))
    commitment = Commitment(**fields, status=status, reference="-", prefix="-", year=day.year, serial=1)
    _collect_field_errors(commitment, errors)
    errors.update(officer_errors(commitment, commitment.officer))
    mention = arguments["mention"]
    if not errors and not _is_of_desk(actor, parties, mention):
        errors["parties"].append(_("You could not see it: none of these countries belongs to your desk."))
    if errors:
        raise RequirementsNotMet(errors)
    commitment.prefix = prefix_of(country.code for country in parties)
    planned = commitment.outcome_meeting.classification if commitment.outcome_meeting else 0
    named = level_of_mention(mention.meeting, mention.paragraph)
    commitment.classification = max(commitment.classification, planned, named)
    assignments, repeated = _assignments(commitment, actor, arguments.get("agencies", ()))
    target = _target(commitment, arguments.get("target"))
    refuse_twins(commitment, actor=actor, despite=arguments.get("despite", ()), known=known)
    return Registration(
        commitment,
        countries=list(_countries(commitment, parties, obligated, arguments.get("beneficiaries", ()))),
        mention=Mention(
            commitment=commitment,
            meeting=mention.meeting,
            paragraph=mention.paragraph,
            kind=mention.kind,
            modality=mention.modality,
            summary=mention.summary,
            reader_quote=mention.reader_quote,
        ),
        first=StatusChange(
            commitment=commitment,
            number=1,
            transition=TransitionName.REGISTER,
            from_status="",
            to_status=status,
            occurred_on=day,
            actor=actor,
            note=arguments["note"].strip(),
            paragraph=mention.paragraph,
            paragraph_version=mention.paragraph.version,
        ),
        assignments=assignments,
        repeated_assignments=repeated,
        target=target,
        related=arguments.get("related", ()),
    )


def _is_of_desk(actor: "User", parties: Collection[Country], mention: FirstMention) -> bool:
    """Whether ``actor`` will see the commitment, as ``CommitmentQuerySet.at_desk`` says."""
    desk = actor.desk
    return (
        not desk.is_confined
        or any(country.pk in desk.countries for country in parties)
        or (mention.kind in MADE_AT and mention.meeting.mechanism_id in desk.mechanisms)
    )


@transaction.atomic
def write_registrations(registrations: Sequence[Registration], *, actor: "User") -> list[Commitment]:
    """Save ``registrations`` table by table, with references in their order.

    Rows that are inserted together send no signals, so this also writes their field history and search text.
    """
    commitments = [each.commitment for each in registrations]
    _give_references(commitments)
    _insert(commitments)
    _insert([row for each in registrations for row in each.countries])
    _insert([each.mention for each in registrations])
    begin_histories([each.first for each in registrations])
    _insert([row for each in registrations for row in each.assignments])
    _insert([each.target for each in registrations if each.target])
    for each in registrations:
        for assignment in each.repeated_assignments:
            assign(commitment=each.commitment, actor=actor, **assignment)
        if each.related:
            each.commitment.related.add(*each.related)
    refresh_search_text(commitment.pk for commitment in commitments)
    return commitments


def _give_references(commitments: Iterable[Commitment]) -> None:
    """Give references in the order of the commitments. Counters are locked in sorted order (no deadlock)."""
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
        create_history(rows, None)


_SET_LATER = {"reference", "prefix", "serial", "year"}


def _collect_field_errors(commitment: Commitment, errors: defaultdict[str, list[str]]) -> None:
    """Add the errors of the columns.

    The constraints of the model are not validated, since each takes a query: ``column_errors`` checks the
    deadline, nature and status have choices, and a new commitment has no review and no successor.
    """
    found: dict[str, list[str]] = {}
    try:
        commitment.full_clean(
            exclude=_SET_LATER | _loaded_records(commitment),
            validate_unique=False,
            validate_constraints=False,
        )
    except ValidationError as error:
        found = error.message_dict
    if found.keys().isdisjoint(COLUMNS.values()):
        found |= column_errors(vars(commitment))
    for field, messages in found.items():
        errors[field].extend(messages)


def _loaded_records(commitment: Commitment) -> set[str]:
    """The foreign keys whose records are loaded already, so that their existence needs no query."""
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


def _assignments(
    commitment: Commitment, actor: "User", agencies: Sequence[Mapping[str, Any]]
) -> tuple[list[Assignment], list[Mapping[str, Any]]]:
    """The assignments to insert, and the arguments for agencies that are named again."""
    if agencies:
        require_assigner(actor)
    assignments: dict[int, Assignment] = {}
    repeated = []
    for arguments in agencies:
        if errors := focal_point_errors(arguments["agency"], arguments.get("focal_point")):
            raise RequirementsNotMet(errors)
        if arguments["agency"].pk in assignments:
            repeated.append(arguments)
        else:
            assignments[arguments["agency"].pk] = Assignment(commitment=commitment, **arguments)
    return list(assignments.values()), repeated


def _target(commitment: Commitment, figures: Mapping[str, Any] | None) -> Target | None:
    if figures is None:
        return None
    target = Target(commitment=commitment, **figures)
    if errors := target_errors(target):
        raise RequirementsNotMet(errors)
    return target
