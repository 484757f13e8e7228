"""How many commitments each value of a filter would show, with the other active filters applied."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef

from commitments.choices import AssignmentRole, PartyRole
from commitments.filtersets import NOBODY, CommitmentFilterSet
from commitments.models import Assignment, CommitmentParty, Mention
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
    themes: Iterable[tuple[int, str, str]],
    *,
    related: Collection[str],
    status_counts: StatusCounts | None = None,
) -> Counts:
    """The number of rows for each value, with every filter applied except its own.

    ``themes`` are all of them, each with primary key, slug and name.
    ``status_counts`` are those of the filtered rows, if they are known already. ``related`` are the
    parameters of ``RELATED`` to count, too.
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
    slugs = {pk: slug for pk, slug, _name in themes}
    counts["theme"] = Counter({slugs[pk]: n for pk, n in counts["theme"].items()})
    return {**counts, **{name: related_counts(filterset, rows, name) for name in related}}


def related_counts(filterset: CommitmentFilterSet, rows: CommitmentQuerySet, name: str) -> Counter[str]:
    """The same for the parameter ``name`` of ``RELATED`` alone."""
    others = _without(filterset, rows, name) if name in filterset.active else filterset.qs.order_by()
    return _related(name, others, filterset.when)


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
