"""The notes with which reviewers returned submissions, for lists."""

from collections.abc import Collection

from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from commitments.models import StatusChange
from commitments.querysets import AsOf
from commitments.reports.search_snippets import Finding
from commitments.workflow import TransitionName

_WORDS = 40


def return_notes(keys: Collection[int], as_of: AsOf) -> dict[int, Finding]:
    """The note of the last return of each commitment in ``keys`` that was returned, in one query."""
    returns = StatusChange.objects.filter(
        as_of.happened("day"), commitment__in=keys, transition=TransitionName.RETURN
    )
    return {
        change.commitment_id: Finding(
            _("Returned by %(person)s") % {"person": change.actor} if change.actor else _("Returned"),
            format_html("{}", Truncator(change.note).words(_WORDS)),
        )
        for change in returns.select_related("actor").order_by("number")
    }
