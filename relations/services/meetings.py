"""Recording a meeting: the occasion, who took part in which office, and the papers that report on it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from relations.choices import MeetingStatus, ParticipantRole
from relations.models import Country, Meeting, MeetingSource, Paragraph, Participation, Person, Source
from relations.models.source import sha256_of
from relations.services.record_writers import (
    Faults,
    fill_new,
    locked,
    refill,
    refuse,
    require_right,
    told_apart,
)
from relations.services.slugs import free_key
from relations.services.sources import record_text

if TYPE_CHECKING:
    from accounts.models import User

NOT_KEYS = frozenset({"record", "new"})
"""Words that the addresses of recording use for themselves."""

SAID_AT = {
    "meeting_session_once_a_mechanism": "session",
    "meeting_session_needs_mechanism": "mechanism",
    "meeting_days_in_order": "ends_on",
    "meeting_window_in_order": "window_latest",
    "meeting_held_has_a_day": "starts_on",
}
"""At which column it is said that a rule between several is broken."""


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
    with told_apart():
        _save_meeting(meeting, changed)
        for seat in seats:
            _take_seat(meeting, seat)
        _refuse_twice(meeting, text)
        source.slug = free_key(Source, source.title)
        record_text(source=source, text=text)
        MeetingSource.objects.create(meeting=meeting, source=source)
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


@transaction.atomic
def create_meeting(
    *,
    actor: "User",
    fields: Mapping[str, Any],
    key: str = "",
    seats: Sequence[Seat] = (),
    sources: Collection[Source] = (),
) -> Meeting:
    """Record a meeting, held or to come, with who took part and the sources that report on it.

    Its key is made from its title where none is given; the people of ``seats`` are on record. Raises
    ``PermissionDenied``, ``ValidationError`` by column; of the second seat it stands at ``participants.1.…``.
    """
    require_right(actor, Right.EDIT_REGISTER)
    meeting = Meeting()
    faults = fill_new(meeting, fields=fields, key=key, reserved=NOT_KEYS, said_at=SAID_AT)
    refuse(faults | _seat_faults(meeting, seats))
    with told_apart():
        meeting.save()
        _seat_anew(meeting, seats)
        _link_anew(meeting, sources)
    return meeting


@transaction.atomic
def change_meeting(
    *,
    actor: "User",
    meeting: Meeting,
    fields: Mapping[str, Any],
    key: str | None = None,
    seats: Sequence[Seat] | None = None,
    sources: Collection[Source] | None = None,
) -> Meeting:
    """Change what is given of ``meeting`` and leave the rest; its key never changes.

    ``seats`` are all who took part: whoever is not among them is taken off, and a seat that is as it was
    stays untouched. ``sources`` are all that report on it: one that is cited at the meeting stays among them.
    Raises ``PermissionDenied``, ``ValidationError`` by column.
    """
    require_right(actor, Right.EDIT_REGISTER)
    kept = locked(meeting)
    changed, faults = refill(kept, fields=fields, key=key, said_at=SAID_AT)
    refuse(faults | _seat_faults(kept, seats or ()) | link_faults(kept, sources))
    with told_apart():
        if changed:
            kept.save(update_fields=changed)
        if seats is not None:
            _seat_anew(kept, seats)
        if sources is not None:
            _link_anew(kept, sources)
    return kept


def _seat_faults(meeting: Meeting, seats: Sequence[Seat]) -> Faults:
    """Nobody sits twice, and each has an office."""
    faults, taken = Faults(), set()
    for number, seat in enumerate(seats):
        if seat.person.pk in taken:
            faults[f"participants.{number}.person"] = [
                _("%(name)s is among the participants already.") % {"name": seat.person}
            ]
        taken.add(seat.person.pk)
        try:
            _filled(Participation(meeting=meeting, person=seat.person), seat).clean_fields(
                exclude={"meeting", "person", "country"}
            )
        except ValidationError as error:
            faults |= {f"participants.{number}.{name}": said for name, said in error.message_dict.items()}
    return faults


def _seat_anew(meeting: Meeting, seats: Sequence[Seat]) -> None:
    held = {each.person_id: each for each in meeting.participations.all()}
    for gone in held.keys() - {seat.person.pk for seat in seats}:
        held[gone].delete()
    for seat in seats:
        row = held.get(seat.person.pk)
        if row is None:
            _filled(Participation(meeting=meeting, person=seat.person), seat).save()
        elif (row.office, row.country_id, row.role) != (seat.office, seat.country.pk, seat.role):
            _filled(row, seat).save()


def _filled(row: Participation, seat: Seat) -> Participation:
    row.office, row.country, row.role = seat.office, seat.country, seat.role
    return row


def link_faults(meeting: Meeting, sources: Collection[Source] | None) -> Faults:
    """What is cited at the meeting reports on it: such a source is not taken off."""
    if sources is None:
        return {}
    gone = meeting.source_links.exclude(source__in=[source.pk for source in sources])
    cited = Paragraph.objects.filter(mentions__meeting=meeting, source__in=gone.values("source"))
    found = Source.objects.filter(pk__in=cited.values("source")).only("slug", "title").order_by("slug")
    said = [
        _("“%(title)s” (%(key)s) is cited at this meeting and stays among its sources.")
        % {"title": source.title, "key": source.slug}
        for source in found
    ]
    return {"sources": said} if said else {}


def _link_anew(meeting: Meeting, sources: Collection[Source]) -> None:
    held = {link.source_id: link for link in meeting.source_links.all()}
    for gone in held.keys() - {source.pk for source in sources}:
        held[gone].delete()
    for source in dict.fromkeys(sources):
        if source.pk not in held:
            MeetingSource.objects.create(meeting=meeting, source=source)
