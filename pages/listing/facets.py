"""How many commitments each value of a filter would show, beside the other filters in force."""

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
"""Parameters whose value stands on the commitment itself; ``state`` is counted by status."""
RELATED = ("obligated", "lead_agency", "meeting", "mechanism", "country", "agency")
"""Parameters whose values stand beside it: a commitment may count for several."""


def counts_of(
    filterset: CommitmentFilterSet,
    rows: CommitmentQuerySet,
    *,
    related: bool,
    tally: StatusCounts | None = None,
) -> Counts:
    """What each value would show, with every filter applied but the one it belongs to.

    Parameters that are not in force share their rows, whose ``tally`` may be known already; ``related`` asks
    for those that stand beside the commitment too.
    """
    found: CommitmentQuerySet = filterset.qs.order_by()
    tally = tally or found.tally()
    counts: dict[str, Counter[Any]] = {
        name: Counter(dict(_beside(filterset, rows, name).values_list(value).annotate(n=Count("*"))))
        if name in filterset.active
        else tally.by(value)
        for name, value in OWN.items()
    }
    # Named afterwards: joined to the themes, every row would be looked up.
    slugs = dict(Theme.objects.values_list("pk", "slug")) if counts["theme"] else {}
    counts["theme"] = Counter({slugs[pk]: n for pk, n in counts["theme"].items()})
    if related:
        for name in RELATED:
            kept = _beside(filterset, rows, name) if name in filterset.active else found
            counts[name] = _related(name, kept, filterset.when)
    return counts


def _beside(filterset: CommitmentFilterSet, rows: CommitmentQuerySet, name: str) -> CommitmentQuerySet:
    """The rows of the filters in force but for the parameter ``name``."""
    others = filterset.data.copy()
    for each in (name, "ordering"):
        others.pop(each, None)
    kept = CommitmentFilterSet(others, user=filterset.user, queryset=rows, also_known=filterset.also_known)
    found: CommitmentQuerySet = kept.qs.order_by()
    return found


def _related(name: str, kept: CommitmentQuerySet, when: AsOf) -> Counter[str]:
    keys = kept.values("pk")
    beside: Any
    match name:
        case "obligated" | "country":
            role = PartyRole.OBLIGATED if name == "obligated" else PartyRole.PARTY
            beside, value = CommitmentParty.objects.filter(role=role), "country__code"
        case "lead_agency" | "agency":
            beside, value = Assignment.objects.all(), "agency__slug"
            if name == "lead_agency":
                beside = beside.filter(role=AssignmentRole.LEAD)
        case _:
            beside = Mention.objects.filter(when.happened("meeting__day"))
            value = "meeting__slug" if name == "meeting" else "meeting__mechanism__slug"
    found = beside.filter(commitment__in=keys, **{f"{value}__isnull": False}).order_by().values_list(value)
    counts = Counter(dict(found.annotate(n=Count("commitment", distinct=True))))
    if name in ("lead_agency", "agency"):
        counts[NOBODY] = kept.exclude(Exists(beside.filter(commitment=OuterRef("pk")))).count()
    return counts
