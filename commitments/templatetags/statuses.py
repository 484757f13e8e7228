"""What a status means, where its word stands in a form."""

from django import template

from commitments.choices import MEANINGS, Status

register = template.Library()


@register.filter
def meaning(key: str) -> str:
    """What the status ``key`` means, in one sentence (docs/workflow.md#statuses)."""
    return str(MEANINGS[Status(key)]) if key in Status.values else ""
