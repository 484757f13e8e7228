"""The meaning of a status, for forms."""

from django import template

from commitments.choices import MEANINGS, Status

register = template.Library()


@register.filter
def meaning(key: str) -> str:
    """The meaning of the status ``key`` (docs/workflow.md#statuses); "" if there is no such status."""
    return str(MEANINGS[Status(key)]) if key in Status.values else ""
