"""How many commitments each value of a filter would show, with the other active filters applied."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef

from commitments.choices import AssignmentRole, PartyRole
from commitments.filtersets import NOBODY, CommitmentFilterSet
from commitments.models import Assignment, CommitmentParty, Mention, Theme
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.status_counts import StatusCounts

Counts = Mapping[str, Counter[str]]

OWN = {"state": "status_then", "status": "status_then", "theme": "theme", "nature": "nature"}
"""Parameters for fields of the commitment, with the field that is counted. ``state`` is counted by status."""
RELATED = ("obligated", "lead_agency", "meeting", "mechanism", "country", "agency")
"""Parameters for related records. A commitment may count for several values."""


def counts_of(
    filterset: CommitmentFilterSet,
    rows: CommitmentQuerySet,
    *,
    related: bool,
    status_counts: StatusCounts | None = None,
) -> Counts:
    """The number of rows for each value, with every filter applied except its own.

    ``status_counts`` are those of the filtered rows, if they are known already. ``related`` adds the
    parameters of ``RELATED``.
    """
    found: CommitmentQuerySet = filterset.qs.order_by()
    status_counts = status_counts or found.status_counts()
    counts: dict[str, Counter[Any]] = {
        name: Counter(dict(_without(filterset, rows, name).values_list(value).annotate(n=Count("*"))))
        if name in filterset.active
        else status_counts.by(value)
        for name, value in OWN.items()
    }
    # Slugs are added afterwards: a join with the themes would look up every row.
    slugs = dict(Theme.objects.values_list("pk", "slug")) if counts["theme"] else {}
    counts["theme"] = Counter({slugs[pk]: n for pk, n in counts["theme"].items()})
    if related:
        for name in RELATED:
            remaining = _without(filterset, rows, name) if name in filterset.active else found
            counts[name] = _related(name, remaining, filterset.when)
    return counts


def _without(filterset: CommitmentFilterSet, rows: CommitmentQuerySet, name: str) -> CommitmentQuerySet:
    """The rows with every active filter applied except ``name``."""
    others = filterset.data.copy()
    for each in (name, "ordering"):
        others.pop(each, None)
    remaining = CommitmentFilterSet(
        others, user=filterset.user, queryset=rows, also_known=filterset.also_known
    )
    found: CommitmentQuerySet = remaining.qs.order_by()
    return found


def _related(name: str, rows: CommitmentQuerySet, when: AsOf) -> Counter[str]:
    keys = rows.values("pk")
    related: Any
    match name:
        case "obligated" | "country":
            role = PartyRole.OBLIGATED if name == "obligated" else PartyRole.PARTY
            related, value = CommitmentParty.objects.filter(role=role), "country__code"
        case "lead_agency" | "agency":
            related, value = Assignment.objects.all(), "agency__slug"
            if name == "lead_agency":
                related = related.filter(role=AssignmentRole.LEAD)
        case _:
            related = Mention.objects.filter(when.happened("meeting__day"))
            value = "meeting__slug" if name == "meeting" else "meeting__mechanism__slug"
    found = related.filter(commitment__in=keys, **{f"{value}__isnull": False}).order_by().values_list(value)
    counts = Counter(dict(found.annotate(n=Count("commitment", distinct=True))))
    if name in ("lead_agency", "agency"):
        counts[NOBODY] = rows.exclude(Exists(related.filter(commitment=OuterRef("pk")))).count()
    return counts
