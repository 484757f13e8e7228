"""Recording a meeting: the occasion, who took part in which office, and a paper that reports on it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from relations.choices import MeetingStatus, ParticipantRole
from relations.models import Country, Meeting, MeetingSource, Participation, Person, Source
from relations.models.source import sha256_of
from relations.services.keys import free_key
from relations.services.sources import record_text

if TYPE_CHECKING:
    from accounts.models import User

NOT_KEYS = frozenset({"record", "new"})
"""Words that the addresses of recording use for themselves."""


def was_held(meeting: Meeting, on: dt.date) -> bool:
    """Whether something can have been said there by the day ``on``."""
    return meeting.status == MeetingStatus.HELD and meeting.day is not None and meeting.day <= on


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who took part, in the office then held; a person who is not recorded yet is recorded too."""

    person: Person
    office: str
    country: Country
    role: str = ParticipantRole.PARTICIPANT


def record_paper(
    *,
    actor: "User",
    meeting: Meeting,
    source: Source,
    text: str,
    seats: Sequence[Seat] = (),
    changed: Collection[str] = (),
) -> Source:
    """Record ``source`` with its ``text`` as a paper on ``meeting``: everything or nothing.

    A meeting or a person that is new is recorded with it; of a meeting that is not, the fields ``changed``
    are saved. Raises ``PermissionDenied`` unless ``actor`` edits the register, ``ValidationError`` when
    the text is faulty or recorded for the meeting already, or somebody recorded the same at this moment.
    """
    if not actor.may(Right.EDIT_REGISTER) or not actor.may(Right.EDIT_BODIES):
        raise PermissionDenied(_("Only an officer records a meeting."))
    try:
        with transaction.atomic():
            _save_meeting(meeting, changed)
            for seat in seats:
                _take_seat(meeting, seat)
            _refuse_twice(meeting, text)
            source.slug = free_key(Source, source.title)
            record_text(source=source, text=text)
            MeetingSource.objects.create(meeting=meeting, source=source)
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody recorded the same at this moment. Look whether it is there before you try again.")
        ) from error
    return source


def _save_meeting(meeting: Meeting, changed: Collection[str]) -> None:
    if meeting._state.adding:
        meeting.slug = free_key(Meeting, meeting.title, reserved=NOT_KEYS)
        meeting.save()
        return
    # Two papers on one meeting are recorded one after the other, so that the same one is noticed.
    kept = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if changed:
        meeting.version = kept.version
        meeting.save(update_fields=changed)


def _take_seat(meeting: Meeting, seat: Seat) -> None:
    if seat.person._state.adding:
        seat.person.slug = free_key(Person, seat.person.name)
        seat.person.save()
    Participation.objects.create(
        meeting=meeting, person=seat.person, office=seat.office, country=seat.country, role=seat.role
    )


def _refuse_twice(meeting: Meeting, text: str) -> None:
    same = meeting.sources.filter(sha256=sha256_of(text)).first()
    if same is not None:
        raise ValidationError(
            {"text": _("This text is recorded for this meeting already, as “%(title)s”.") % {"title": same}}
        )
