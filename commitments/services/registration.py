"""Registering a commitment: its first mention and its first status come with it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commitments.choices import MentionKind, PartyRole, Status
from commitments.models import Commitment, CommitmentParty, Mention, StatusChange
from commitments.services.deadlines import COLUMNS, column_errors
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.references import format_reference, prefix_of, take_serial
from commitments.services.transitions import append_change
from commitments.workflow import TRANSITIONS, Name, first_statuses
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


@transaction.atomic
def register_commitment(
    *,
    actor: "User",
    fields: Mapping[str, Any],
    parties: Collection[Country],
    obligated: Collection[Country],
    mention: FirstMention,
    note: str,
    status: str = Status.AGREED,
    beneficiaries: Collection[Country] = (),
    occurred_on: dt.date | None = None,
) -> Commitment:
    """Register a commitment and give it its reference.

    ``fields`` are the columns a person fills in (title, text, nature, theme, deadline …); the deadline is
    checked here as it is when it changes. ``occurred_on`` is the day it was made in the world, today unless
    given; its year stands in the reference.

    Raises ``PermissionDenied`` unless ``actor`` is an officer, ``RequirementsNotMet`` by field.
    """
    row = TRANSITIONS[Name.REGISTER]
    if not actor.roles & row.roles:
        raise NotYours(_("“%(move)s” is not for your role.") % {"move": row.label})
    day = occurred_on or clock.today()
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
    if not note.strip():
        errors["note"].append(_("Write a note: it is what the next reader goes by."))
    commitment = Commitment(**fields, status=status, reference="-", prefix="-", year=day.year, serial=1)
    _collect_field_errors(commitment, errors)
    if errors:
        raise RequirementsNotMet(errors)
    commitment.prefix = prefix_of(country.code for country in parties)
    commitment.serial = take_serial(prefix=commitment.prefix, year=day.year)
    commitment.reference = format_reference(commitment.prefix, day.year, commitment.serial)
    commitment.save()
    write_parties(commitment, parties=parties, obligated=obligated, beneficiaries=beneficiaries)
    Mention.objects.create(
        commitment=commitment,
        meeting=mention.meeting,
        paragraph=mention.paragraph,
        kind=mention.kind,
        modality=mention.modality,
        summary=mention.summary,
    )
    append_change(
        StatusChange(
            commitment=commitment,
            number=1,
            transition=Name.REGISTER,
            from_status="",
            to_status=status,
            occurred_on=day,
            actor=actor,
            note=note.strip(),
            paragraph=mention.paragraph,
        )
    )
    return commitment


_MADE_HERE = {"reference", "prefix", "serial", "year"}


def _collect_field_errors(commitment: Commitment, errors: defaultdict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    try:
        commitment.full_clean(exclude=_MADE_HERE, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        found = error.message_dict
    if found.keys().isdisjoint(COLUMNS.values()):
        found |= column_errors(vars(commitment))
    try:
        # The window's own constraints say less than what was found above, and not at which field.
        commitment.validate_constraints(exclude={*_MADE_HERE, *COLUMNS.values(), *found})
    except ValidationError as error:
        found |= error.message_dict
    for field, messages in found.items():
        errors[field].extend(messages)


def write_parties(
    commitment: Commitment,
    *,
    parties: Collection[Country],
    obligated: Collection[Country],
    beneficiaries: Collection[Country],
) -> None:
    """Write the countries of a new commitment in their roles."""
    roles = (
        (PartyRole.PARTY, parties),
        (PartyRole.OBLIGATED, obligated),
        (PartyRole.BENEFICIARY, beneficiaries),
    )
    for role, countries in roles:
        for country in sorted(countries, key=lambda each: each.code):
            CommitmentParty.objects.create(commitment=commitment, country=country, role=role)
