"""The groups of the admin's list of commitments, with the number of commitments in each."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

from accounts.choices import Role
from commitments.admin.filters import GROUPS
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment

register = template.Library()


@dataclass(frozen=True, slots=True)
class AdminQueue:
    """A group with its URL and its number of commitments."""

    label: str
    url: str
    count: int


@register.simple_tag(takes_context=True)
def admin_queues(context: dict[str, Any]) -> list[AdminQueue]:
    """The groups for the user who is signed in, counted over the commitments visible to that user."""
    user = context["user"]
    url = reverse("admin:commitments_commitment_changelist")
    decides = Role.REVIEWER in user.roles
    rows = Commitment.objects.visible_to(user)
    return [
        AdminQueue(
            label=str(label),
            url=f"{url}?group={key}",
            count=CommitmentFilterSet(query, user=user, queryset=rows).qs.count(),
        )
        for key, (label, query) in GROUPS.items()
        if key != ("awaiting" if decides else "awaiting_me")
    ]
