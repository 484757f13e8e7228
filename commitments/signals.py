"""Updates the search text of commitments after each save or deletion. Bulk writers update it themselves."""

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
def commitment_saved(
    instance: Commitment, update_fields: Iterable[str] | None = None, raw: bool = False, **_: Any
) -> None:
    """Update the commitment itself, unless no searched field was written, as in a status change."""
    if not raw and (update_fields is None or SEARCHED & set(update_fields)):
        refresh_search_text([instance.pk])


@receiver([post_save, post_delete], sender=Mention)
@receiver([post_save, post_delete], sender=Assignment)
def mention_or_assignment_changed(instance: Mention | Assignment, raw: bool = False, **_: Any) -> None:
    """Update the commitment that was mentioned or assigned."""
    if not raw:
        refresh_search_text([instance.commitment_id])


@receiver([post_save, post_delete], sender=Participation)
@receiver(post_save, sender=Agency)
@receiver(post_save, sender=Person)
def name_changed(instance: Model, created: bool = False, raw: bool = False, **_: Any) -> None:
    """Update every commitment that is found by this participant, agency or person."""
    if raw:
        return
    if isinstance(instance, Participation):
        refresh_search_text(agreed_at(instance.meeting_id))
    elif isinstance(instance, Agency) and not created:
        refresh_search_text(assigned_to(instance))
    elif isinstance(instance, Person) and not created:
        refresh_search_text(agreed_in_presence_of(instance))
