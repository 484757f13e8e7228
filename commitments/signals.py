"""Updates the search text of commitments after each save or deletion, and after an update of the program.

Bulk writers update it themselves.
"""

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from commitments.models import Assignment, Commitment, CommitmentParty, IndexVersion, Mention, Reading, Theme
from commitments.services.day_corrections import follow_meeting
from commitments.services.levels import level_of_mention, raise_commitments, raise_to
from commitments.services.search import (
    SEARCHED,
    found_by,
    is_outdated,
    rebuild_search,
    refresh_search_text,
)
from relations.models import Agency, Country, Mechanism, Meeting, Participation, Person, Source
from relations.models.searchable import Searchable


@receiver(post_save, sender=Commitment)
def commitment_saved(
    instance: Commitment, update_fields: Iterable[str] | None = None, raw: bool = False, **_: Any
) -> None:
    """Update the commitment itself, unless no searched field was written, as in a status change."""
    if not raw and (update_fields is None or SEARCHED & set(update_fields)):
        refresh_search_text([instance.pk])


@receiver([post_save, post_delete], sender=Mention)
@receiver([post_save, post_delete], sender=Assignment)
@receiver([post_save, post_delete], sender=CommitmentParty)
def belonging_changed(instance: Mention | Assignment | CommitmentParty, raw: bool = False, **_: Any) -> None:
    """Update the commitment that was mentioned or assigned, or whose countries changed."""
    if not raw:
        refresh_search_text([instance.commitment_id])


@receiver([post_save, post_delete], sender=Participation)
def participation_changed(instance: Participation, raw: bool = False, **_: Any) -> None:
    """Update every commitment that is found by this participant."""
    if not raw:
        refresh_search_text(found_by(Meeting(pk=instance.meeting_id)))


@receiver(post_save, sender=Agency)
@receiver(post_save, sender=Country)
@receiver(post_save, sender=Mechanism)
@receiver(post_save, sender=Person)
@receiver(post_save, sender=Theme)
def name_changed(instance: Searchable, created: bool = False, raw: bool = False, **_: Any) -> None:
    """Update every commitment that is found by this record, if its names have changed."""
    if not raw and not created and instance.is_renamed:
        refresh_search_text(found_by(instance))


@receiver(pre_save, sender=Meeting)
def meeting_changes(instance: Any, raw: bool = False, **_: Any) -> None:
    """Remember the day of a meeting before it is saved."""
    stored = Meeting.objects.filter(pk=instance.pk) if instance.pk and not raw else Meeting.objects.none()
    instance.day_before = stored.values_list("day", flat=True).first()


@receiver(post_save, sender=Meeting)
def meeting_changed(instance: Any, created: bool = False, raw: bool = False, **_: Any) -> None:
    """Update every commitment that was agreed or requested there: the place or the mechanism may be new.

    The days of status changes that had copied the day of the meeting follow it.
    """
    if not raw and not created:
        refresh_search_text(found_by(instance))
        actor = Meeting.history.model.get_default_history_user(instance)
        instance.followed = follow_meeting(
            instance, before=instance.day_before, actor=actor, reason=instance.day_reason
        )


@receiver(post_save, sender=Meeting)
@receiver(post_save, sender=Source)
def classified(instance: Meeting | Source, created: bool = False, raw: bool = False, **_: Any) -> None:
    """Raise the commitments that name a meeting or a source to its level."""
    if not raw and not created:
        raise_commitments(instance)


@receiver(post_save, sender=Mention)
def named(instance: Mention, raw: bool = False, **_: Any) -> None:
    """Raise a commitment to the level of what it now names, whatever door the mention came through."""
    if not raw:
        raise_to(instance.commitment, level_of_mention(instance.meeting, instance.paragraph))


@receiver(post_save, sender=Reading)
def reading_based(instance: Reading, raw: bool = False, **_: Any) -> None:
    """Raise a commitment to the level of the source of a reading."""
    if not raw and instance.paragraph is not None:
        raise_to(instance.commitment, instance.paragraph.source.classification)


@receiver(post_save, sender=Commitment)
def planned(
    instance: Commitment, update_fields: Iterable[str] | None = None, raw: bool = False, **_: Any
) -> None:
    """Raise a commitment to the level of its planned meeting."""
    is_written = update_fields is None or "outcome_meeting" in update_fields
    if not raw and is_written and instance.outcome_meeting is not None:
        raise_to(instance, instance.outcome_meeting.classification)


def rebuild_if_outdated(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """After ``migrate``: rebuild search texts and sort keys that an older version of the program wrote.

    It waits until no migration is left, because the models must fit the tables.
    """
    if using != DEFAULT_DB_ALIAS or IndexVersion._meta.db_table not in connection.introspection.table_names():
        return
    if is_outdated():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            rebuild_search()
