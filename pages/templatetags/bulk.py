"""What the pages of a bulk job ask of a row."""

from django import template

from commitments.workflow import Transition
from pages.bulk.page import JobRow

register = template.Library()


@register.filter
def why_not(listed: JobRow, row: Transition) -> str:
    """Why the move ``row`` cannot be made for it, or nothing."""
    return listed.alike.why[row.name]
