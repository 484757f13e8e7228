"""What waits for whom: the groups of the admin's list with how many are in each."""

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
    """A group, the way to it, and how many are in it."""

    label: str
    url: str
    count: int


@register.simple_tag(takes_context=True)
def desk(context: dict[str, Any]) -> list[AdminQueue]:
    """The groups that concern the person who is signed in, counted over what that person may see."""
    user = context["user"]
    url = reverse("admin:commitments_commitment_changelist")
    decides = Role.REVIEWER in user.roles
    rows = Commitment.objects.visible_to(user)
    return [
        AdminQueue(
            label=str(label),
            url=f"{url}?group={key}",
            count=CommitmentFilterSet(given, user=user, queryset=rows).qs.count(),
        )
        for key, (label, given) in GROUPS.items()
        if key != ("awaiting" if decides else "awaiting_me")
    ]
