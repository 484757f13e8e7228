"""Merges two people, or two agencies, that are the same (docs/rules.md#merged-people-and-agencies)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Right
from commitments.choices import AssignmentRole
from commitments.models import Assignment, BulkJob, Commitment
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.search import deferred_refresh, found_by, refresh_search_text
from relations.models import Agency, Person
from relations.services.bodies import RIGHTS
from relations.services.record_writers import require_right

if TYPE_CHECKING:
    from django.db.models import QuerySet

Body = TypeVar("Body", Agency, Person)
REASON = "merged"
"""The reason in the field history of every row that is changed."""


@dataclass(frozen=True, slots=True)
class BodyMerge:
    """What a merge would do: how much is repointed, what is left out, and the other names afterwards.

    ``repointed`` counts the meetings of a person, or the commitments of an agency that the account may see.
    ``both`` counts those where both are named already, so that the entry of the one that is kept stays.
    """

    kept: Any
    absorbed: Any
    repointed: int
    both: int
    accounts: int
    aliases: list[str]


def merge_refusal(kept: Body, absorbed: Body, actor: User) -> NotYours | RequirementsNotMet | None:
    """Why ``actor`` may not merge the two; ``None`` if it is allowed."""
    if kept.pk == absorbed.pk:
        return RequirementsNotMet({"other": [_("Choose another record: nothing is merged with itself.")]})
    if not isinstance(kept, Agency) or actor.may(Right.MANAGE_USERS):
        return None
    if User.objects.filter(agency__in=[kept.pk, absorbed.pk]).exists():
        # The accounts of an agency see what is assigned to it.
        return NotYours(_("These agencies have accounts, so only an administrator can merge them."))
    return None


def preview_of(kept: Body, absorbed: Body, actor: User) -> BodyMerge:
    """What ``merge_bodies`` would do, as far as ``actor`` may see it."""
    if isinstance(kept, Agency):
        visible = Commitment.objects.visible_to(actor).order_by()
        own = visible.filter(assignments__agency=absorbed)
        both = own.filter(pk__in=visible.filter(assignments__agency=kept).values("pk"))
        counts = own.count(), both.count(), User.objects.filter(agency=absorbed).count()
    else:
        meetings = kept.participations.values("meeting")
        rows = absorbed.participations
        counts = rows.count(), rows.filter(meeting__in=meetings).count(), 0
    repointed, shared, accounts = counts
    return BodyMerge(kept, absorbed, repointed - shared, shared, accounts, _aliases(kept, absorbed))


@transaction.atomic
def merge_bodies(*, kept: Body, absorbed: Body, actor: User) -> Body:
    """Merge ``absorbed`` into ``kept``, and return that.

    All that refers to ``absorbed`` refers to ``kept`` afterwards. Where both are named already, the entry of
    ``kept`` stays; it leads if either did. The names of ``absorbed`` become other names of ``kept``, and its
    key leads to ``kept`` for good. It cannot be undone. Raises ``PermissionDenied``, ``RequirementsNotMet``.
    """
    require_right(actor, RIGHTS[type(kept)])
    if refused := merge_refusal(kept, absorbed, actor):
        raise refused
    manager: Any = type(kept)._default_manager
    rows = {
        row.pk: row
        for row in manager.select_for_update().filter(pk__in=[kept.pk, absorbed.pk]).order_by("pk")
    }
    kept, absorbed = rows[kept.pk], rows[absorbed.pk]
    kept.aliases = _aliases(kept, absorbed)
    kept.former_keys = sorted({*kept.former_keys, absorbed.slug, *absorbed.former_keys})
    with deferred_refresh():
        refresh_search_text([*found_by(absorbed), *found_by(kept)])
        if isinstance(kept, Agency):
            _repoint_agency(kept, absorbed)
        else:
            _repoint_person(kept, absorbed)
        record: Any
        for record in (absorbed, kept):
            record._change_reason = REASON
        absorbed.delete()
        kept.save()
    return kept


def _aliases(kept: Any, absorbed: Any) -> list[str]:
    """The other names of ``kept`` afterwards, without duplicates."""
    names = [*kept.aliases, absorbed.name, *absorbed.aliases]
    if isinstance(kept, Agency):
        names.append(absorbed.acronym)
    own = {kept.name, getattr(kept, "acronym", "")}
    return [name for name in dict.fromkeys(names) if name and name not in own]


def _repoint_person(kept: Person, absorbed: Person) -> None:
    taken = set(kept.participations.values_list("meeting", flat=True))
    for row in absorbed.participations.all():
        row._change_reason = REASON  # type: ignore[attr-defined]
        if row.meeting_id in taken:
            row.delete()
        else:
            row.person = kept
            row.save()


def _repoint_agency(kept: Agency, absorbed: Agency) -> None:
    held = {row.commitment_id: row for row in _locked(kept)}
    for row in _locked(absorbed):
        row._change_reason = REASON  # type: ignore[attr-defined]
        if (same := held.get(row.commitment_id)) is None:
            row.agency = kept
            row.save()
        else:
            row.delete()
            _take_over(same, row)
    BulkJob.objects.filter(agency=absorbed).update(agency=kept)
    for account in User.objects.filter(agency=absorbed):
        account.agency = kept
        account.save(update_fields=["agency"])


def _locked(agency: Agency) -> "QuerySet[Assignment]":
    return Assignment.objects.filter(agency=agency).select_for_update(no_key=True).order_by("pk")


def _take_over(same: Assignment, removed: Assignment) -> None:
    """Let the assignment that stays lead if either did, and have the focal point of either."""
    before = same.role, same.focal_point_id
    if removed.role == AssignmentRole.LEAD:
        same.role = removed.role
    if same.focal_point_id is None:
        same.focal_point_id = removed.focal_point_id
    if (same.role, same.focal_point_id) != before:
        same._change_reason = REASON  # type: ignore[attr-defined]
        same.save()
