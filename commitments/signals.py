"""Keeps what search reads true, whoever writes what it is folded from; a writer in bulk does it by itself."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from commitments.models import Assignment, Commitment, Mention
from commitments.services.search import (
    SEARCHED,
    agreed_at,
    agreed_in_presence_of,
    assigned_to,
    refresh_search_text,
)
from relations.models import Agency, Participation, Person


@receiver(post_save, sender=Commitment)
def own_text_was_written(
    instance: Commitment, update_fields: Iterable[str] | None = None, raw: bool = False, **_: Any
) -> None:
    """Its own words; a change of status touches none of them."""
    if not raw and (update_fields is None or SEARCHED & set(update_fields)):
        refresh_search_text([instance.pk])


@receiver([post_save, post_delete], sender=Mention)
@receiver([post_save, post_delete], sender=Assignment)
def row_was_written(instance: Mention | Assignment, raw: bool = False, **_: Any) -> None:
    """What was said of it, and who is charged with it."""
    if not raw:
        refresh_search_text([instance.commitment_id])


@receiver([post_save, post_delete], sender=Participation)
@receiver(post_save, sender=Agency)
@receiver(post_save, sender=Person)
def name_was_written(instance: Model, created: bool = False, raw: bool = False, **_: Any) -> None:
    """Who was there, and how agencies and people are called: for every commitment that is found by it."""
    if raw:
        return
    if isinstance(instance, Participation):
        refresh_search_text(agreed_at(instance.meeting_id))
    elif isinstance(instance, Agency) and not created:
        refresh_search_text(assigned_to(instance))
    elif isinstance(instance, Person) and not created:
        refresh_search_text(agreed_in_presence_of(instance))
