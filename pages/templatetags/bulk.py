"""Template filters of the pages of bulk jobs."""

from collections.abc import Iterable

from django import template
from django.utils.text import capfirst

from commitments.models import BulkJob
from commitments.workflow import Transition
from core.lists import listed
from pages.bulk.page import JobRow, outcome_text

register = template.Library()


@register.filter
def refusal_of(job_row: JobRow, transition: Transition) -> str:
    """The reason why ``transition`` is not possible for ``job_row``; "" if it is possible."""
    return job_row.group.refusals[transition.name]


@register.filter
def labels(transitions: Iterable[Transition]) -> str:
    """The labels of ``transitions``, with commas."""
    return listed(transition.label for transition in transitions)


@register.filter
def outcome_of(job: BulkJob) -> str:
    """The outcome that ``job`` proposes or confirms, in words, with its successor if there is one."""
    return capfirst(outcome_text(str(job.get_outcome_display()), job.successor))
