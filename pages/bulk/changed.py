"""What changed in the rows of a bulk job since they were selected."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from commitments.models import BulkRow, Commitment, StatusChange
from commitments.reports.dossier_changes import DossierChange, changes_since
from commitments.services.dossier import Stamp, stamps_for

if TYPE_CHECKING:
    from accounts.models import User

MOST_EXPLAINED = 10
"""The most rows of which a page says what changed in the dossier: each takes queries of its own."""


def changes_of(
    rows: Iterable[BulkRow], commitments: Mapping[int, Commitment], user: "User"
) -> dict[int, tuple[DossierChange, ...]]:
    """What changed in each of ``rows`` since it was selected, by the key of its commitment.

    ``commitments`` are those that ``user`` may see; nothing is said of others. Of a row that was under review
    it is the whole dossier, which a decision is about, of any other its status.
    """
    seen = {row.commitment_id: row for row in rows if row.commitment_id in commitments}
    stamps = {pk: Stamp.read(row.stamp) for pk, row in seen.items() if row.stamp}
    now = stamps_for(user, list(stamps))
    stale = [pk for pk, stamp in stamps.items() if pk in now and now[pk].digest != stamp.digest]
    dossiers = {pk: changes_since(commitments[pk], stamps[pk], user) for pk in stale[:MOST_EXPLAINED]}
    statuses: dict[int, tuple[DossierChange, ...]] = {}
    for change in StatusChange.objects.filter(commitment__in=seen).order_by("number"):
        if change.number > seen[change.commitment_id].seen:
            texts = (
                change.get_transition_display(),
                change.get_from_status_display(),
                change.get_to_status_display(),
            )
            known = statuses.get(change.commitment_id, ())
            statuses[change.commitment_id] = (*known, DossierChange(*map(str, texts)))
    return statuses | {pk: changes for pk, changes in dossiers.items() if changes}
