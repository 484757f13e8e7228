"""The groups of commitments on the first page of the admin, with the number in each."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from accounts.choices import Role
from commitments.admin.filters import GROUPS
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment


@dataclass(frozen=True, slots=True)
class AdminQueue:
    """A group of commitments: its label, the address of its list, and the number of commitments."""

    label: str
    url: str
    count: int


def queues(request: HttpRequest) -> list[AdminQueue]:
    """Return the groups for the signed-in person, with counts of the commitments that they may see."""
    user: Any = request.user
    url = reverse("admin:commitments_commitment_changelist")
    is_reviewer = Role.REVIEWER in user.roles
    rows = Commitment.objects.visible_to(user)
    return [
        AdminQueue(
            label=str(label),
            url=f"{url}?group={key}",
            count=CommitmentFilterSet(parameters, user=user, queryset=rows).qs.count(),
        )
        for key, (label, parameters) in GROUPS.items()
        if key != ("awaiting" if is_reviewer else "awaiting_me")
    ]


admin.site.index_parts["queues"] = queues  # type: ignore[attr-defined]
