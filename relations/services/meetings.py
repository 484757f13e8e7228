"""Adds and edits meetings, their participants, and the sources that report on them."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.levels import level_errors
from accounts.permissions import Right
from core import clock
from core.texts import is_changed
from core.uploads import StoredFile
from relations.choices import MeetingStatus, ParticipantRole
from relations.models import Country, Meeting, MeetingSource, Paragraph, Participation, Person, Source
from relations.models.source import sha256_of
from relations.services.duplicates import refuse_recorded
from relations.services.papers import keep_paper
from relations.services.record_writers import (
    Errors,
    fill_new,
    is_seen,
    locked,
    refill,
    refuse,
    refuse_duplicates,
    require_right,
)
from relations.services.slugs import free_key
from relations.services.sources import NO_LABELS, ParagraphLabel, record_text

if TYPE_CHECKING:
    from accounts.models import User

RESERVED_KEYS = frozenset({"record", "new"})
"""Keys that the addresses of the recording pages use."""

ERROR_COLUMNS = {
    "meeting_classification_known": "classification",
    "meeting_session_once_a_mechanism": "session",
    "meeting_session_needs_mechanism": "mechanism",
    "meeting_days_in_order": "ends_on",
    "meeting_window_in_order": "window_latest",
    "meeting_held_has_a_day": "starts_on",
}
"""The column at which the error of each constraint is reported."""


def was_held(meeting: Meeting, on: dt.date) -> bool:
    """Whether the meeting had taken place, or begun, by the day ``on``."""
    return meeting.status == MeetingStatus.HELD and meeting.day is not None and meeting.day <= on


def missing_date(meeting: Meeting, *, before: str) -> Errors:
    """The error where ``meeting`` becomes held without a date and its window reaches past today.

    ``before`` is the status that was saved, "" for a new meeting. Of a meeting in the past, the window can be
    all that is known; one that is still open would count on its first day.
    """
    if meeting.status != MeetingStatus.HELD or before == MeetingStatus.HELD or meeting.starts_on:
        return {}
    if meeting.window_latest and meeting.window_latest <= clock.today():
        return {}
    if not meeting.window_earliest and not meeting.window_latest:
        return {}  # reported by the constraint
    return {
        "starts_on": [
            _("Enter the date. If it is unknown, enter a window whose latest day is not after today.")
        ]
    }


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant with the position held at the meeting. A person who is not saved yet is saved with it."""

    person: Person
    office: str
    country: Country
    role: str = ParticipantRole.PARTICIPANT


def record_document(
    *,
    actor: "User",
    meeting: Meeting,
    source: Source,
    text: str,
    labels: Mapping[int, ParagraphLabel] = NO_LABELS,
    participants: Sequence[Participant] = (),
    changed: Collection[str] = (),
    paper: StoredFile | None = None,
    despite: Collection[str] = (),
) -> Source:
    """Add ``source`` with its ``text`` as a document of ``meeting``. Saves everything or nothing.

    ``paper`` is the file from which the text was read, which is kept with the source.
    A new meeting and new people are saved too; of a saved meeting, the fields ``changed`` are saved. Raises
    ``PermissionDenied`` unless ``actor`` is an officer, and ``ValidationError`` when the text is invalid,
    when it is recorded for the meeting already, or when somebody saves the same record at this moment.
    Raises ``AlreadyRecorded`` if records that are not in ``despite`` may be the meeting, a person or the
    source.
    """
    if not actor.may(Right.EDIT_REGISTER) or not actor.may(Right.EDIT_BODIES):
        raise PermissionDenied(_("Only an officer can record a meeting."))
    _refuse_recorded(actor, meeting, source, text, participants, despite)
    refuse(level_errors(actor, max(meeting.classification, source.classification)))
    with refuse_duplicates():
        _save_meeting(meeting, changed)
        for participant in participants:
            _add_participant(meeting, participant)
        _refuse_duplicate(actor, meeting, text)
        source.slug = free_key(Source, source.title)
        record_text(source=source, text=text, labels=labels)
        MeetingSource.objects.create(meeting=meeting, source=source)
        if paper is not None:
            keep_paper(source, actor=actor, stored=paper, language=source.language)
    _refuse_unseen(actor, meeting)
    return source


def _refuse_recorded(
    actor: "User",
    meeting: Meeting,
    source: Source,
    text: str,
    participants: Sequence[Participant],
    despite: Collection[str],
) -> None:
    """Refuse what may be recorded already: a new meeting, each new person, and the source."""
    if meeting._state.adding:
        countries = {participant.country.pk for participant in participants}
        refuse_recorded(meeting, user=actor, despite=despite, countries=countries)
    for participant in participants:
        if participant.person._state.adding:
            refuse_recorded(participant.person, user=actor, despite=despite)
    # The same text for the same meeting is refused for good, below.
    if meeting._state.adding or not _seen_sources(actor, meeting).filter(sha256=sha256_of(text)).exists():
        refuse_recorded(source, user=actor, despite=despite, text=text)


def _save_meeting(meeting: Meeting, changed: Collection[str]) -> None:
    if meeting._state.adding:
        meeting.slug = free_key(Meeting, meeting.title, reserved=RESERVED_KEYS)
        meeting.save()
        return
    # Lock the meeting, so that the same document is refused the second time.
    locked_meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if changed:
        meeting.version = locked_meeting.version
        meeting.save(update_fields=changed)


def _add_participant(meeting: Meeting, participant: Participant) -> None:
    person = participant.person
    if person._state.adding:
        person.slug = free_key(Person, person.name)
        person.save()
    _filled(Participation(meeting=meeting, person=person), participant).save()


def _refuse_duplicate(actor: "User", meeting: Meeting, text: str) -> None:
    duplicate = _seen_sources(actor, meeting).filter(sha256=sha256_of(text)).first()
    if duplicate is not None:
        raise ValidationError(
            {
                "text": _("This text is already recorded for this meeting, as “%(title)s”.")
                % {"title": duplicate}
            }
        )


@transaction.atomic
def create_meeting(
    *,
    actor: "User",
    fields: Mapping[str, Any],
    key: str = "",
    participants: Sequence[Participant] = (),
    sources: Collection[Source] = (),
    despite: Collection[str] = (),
) -> Meeting:
    """Add a meeting, held or planned, with its participants and the sources that report on it.

    Without ``key``, its key is made from its title. The people of ``participants`` must be saved already.
    Raises ``PermissionDenied``, and ``ValidationError`` with the errors of each column; those of the second
    participant are at ``participants.1.…``. Raises ``AlreadyRecorded`` if meetings that are not in
    ``despite`` may be the same.
    """
    require_right(actor, Right.EDIT_REGISTER)
    meeting = Meeting()
    errors = fill_new(meeting, fields=fields, key=key, reserved=RESERVED_KEYS, error_columns=ERROR_COLUMNS)
    errors |= level_errors(actor, meeting.classification)
    refuse(errors | missing_date(meeting, before="") | _participant_errors(meeting, participants))
    countries = {participant.country.pk for participant in participants}
    refuse_recorded(meeting, user=actor, despite=despite, countries=countries)
    with refuse_duplicates():
        meeting.save()
        _replace_participants(meeting, participants)
        _replace_sources(actor, meeting, sources)
    _refuse_unseen(actor, meeting)
    return meeting


@transaction.atomic
def change_meeting(
    *,
    actor: "User",
    meeting: Meeting,
    fields: Mapping[str, Any],
    key: str | None = None,
    participants: Sequence[Participant] | None = None,
    sources: Collection[Source] | None = None,
    day_reason: str = "",
) -> Meeting:
    """Change the given fields of ``meeting``. Its key never changes.

    ``participants`` and ``sources`` replace the saved ones: rows that are missing are deleted, and
    unchanged rows stay untouched. ``day_reason`` says why the date was wrong, for the histories of what was
    dated by the meeting. Raises ``PermissionDenied``, and ``ValidationError`` with the errors of
    each column, also where a source that is cited at the meeting is missing.
    """
    require_right(actor, Right.EDIT_REGISTER)
    locked_meeting = locked(meeting)
    before, stands = locked_meeting.status, locked_meeting.classification
    changed, errors = refill(locked_meeting, fields=fields, key=key, error_columns=ERROR_COLUMNS)
    if "classification" in changed:
        errors |= level_errors(actor, locked_meeting.classification, stands=stands)
    refuse(
        errors
        | missing_date(locked_meeting, before=before)
        | _participant_errors(locked_meeting, participants or ())
        | source_link_errors(locked_meeting, actor, sources)
    )
    with refuse_duplicates():
        if changed:
            locked_meeting.day_reason = day_reason
            locked_meeting.save(update_fields=changed)
        if participants is not None:
            _replace_participants(locked_meeting, participants)
        if sources is not None:
            _replace_sources(actor, locked_meeting, sources)
    _refuse_unseen(actor, locked_meeting)
    return locked_meeting


def _refuse_unseen(actor: "User", meeting: Meeting) -> None:
    """Raise ``ValidationError``, so that it is rolled back, if ``actor`` could not see the ``meeting``."""
    if not is_seen(actor, meeting):
        raise ValidationError(_("You could not see this meeting: it does not concern your desk."))


def _participant_errors(meeting: Meeting, participants: Sequence[Participant]) -> Errors:
    """Errors where a person is named twice or a participant is invalid."""
    errors, people = Errors(), set()
    for number, participant in enumerate(participants):
        if participant.person.pk in people:
            errors[f"participants.{number}.person"] = [
                _("%(name)s is already a participant.") % {"name": participant.person}
            ]
        people.add(participant.person.pk)
        try:
            _filled(Participation(meeting=meeting, person=participant.person), participant).clean_fields(
                exclude={"meeting", "person", "country"}
            )
        except ValidationError as error:
            errors |= {
                f"participants.{number}.{name}": messages for name, messages in error.message_dict.items()
            }
    return errors


def _replace_participants(meeting: Meeting, participants: Sequence[Participant]) -> None:
    saved = {each.person_id: each for each in meeting.participations.all()}
    for removed in saved.keys() - {each.person.pk for each in participants}:
        saved[removed].delete()
    for each in participants:
        row = saved.get(each.person.pk)
        if row is None:
            _filled(Participation(meeting=meeting, person=each.person), each).save()
        elif is_changed([row.office, row.country_id, row.role], [each.office, each.country.pk, each.role]):
            _filled(row, each).save()


def _filled(row: Participation, participant: Participant) -> Participation:
    row.office, row.country, row.role = participant.office, participant.country, participant.role
    return row


def source_link_errors(meeting: Meeting, actor: "User", sources: Collection[Source] | None) -> Errors:
    """Errors where ``sources`` lacks a source that is cited at the meeting."""
    if sources is None:
        return {}
    removed = _visible_links(actor, meeting).exclude(source__in=[source.pk for source in sources])
    cited = Paragraph.objects.filter(mentions__meeting=meeting, source__in=removed.values("source"))
    missing = Source.objects.filter(pk__in=cited.values("source")).only("slug", "title").order_by("slug")
    messages = [
        # Not that it is cited: what cites it may be classified.
        _("“%(title)s” (%(key)s) cannot be removed from the sources of this meeting.")
        % {"title": source.title, "key": source.slug}
        for source in missing
    ]
    return {"sources": messages} if messages else {}


def _seen_sources(actor: "User", meeting: Meeting) -> QuerySet[Source]:
    return Source.objects.visible_to(actor).filter(meeting_links__meeting=meeting)


def _visible_links(actor: "User", meeting: Meeting) -> QuerySet[MeetingSource]:
    """The sources of ``meeting`` that ``actor`` may see. Whoever edits them leaves the others."""
    return meeting.source_links.filter(source__in=Source.objects.visible_to(actor).order_by().values("pk"))


def _replace_sources(actor: "User", meeting: Meeting, sources: Collection[Source]) -> None:
    saved = {link.source_id: link for link in meeting.source_links.all()}
    visible = set(_visible_links(actor, meeting).values_list("source", flat=True))
    for removed in visible - {source.pk for source in sources}:
        saved[removed].delete()
    for source in dict.fromkeys(sources):
        if source.pk not in saved:
            MeetingSource.objects.create(meeting=meeting, source=source)
