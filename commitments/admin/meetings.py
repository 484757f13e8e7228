"""A meeting in the admin as the register sees it: when it is held, what it was to bring about is offered."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from commitments.choices import OPEN, Status
from commitments.models import Commitment
from commitments.services.policy import available_transitions
from commitments.workflow import TransitionName, outcomes
from relations.admin.meetings import MeetingAdmin
from relations.choices import MeetingStatus
from relations.models import Meeting

admin.site.unregister(Meeting)


@admin.register(Meeting)
class MeetingOfRegisterAdmin(MeetingAdmin):
    """The meeting's own page, and beside it the commitments that name it as their outcome."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.status == MeetingStatus.HELD and ("status" in form.changed_data or not change):
            self._offer(request, obj)

    def _offer(self, request: Any, meeting: Meeting) -> None:
        """Links to the submissions that the meeting having been held calls for."""
        waiting = Commitment.objects.visible_to(request.user).filter(
            outcome_meeting=meeting, status__in=OPEN - {Status.UNDER_REVIEW}
        )
        links = [
            (_submission(commitment, meeting), commitment.reference, commitment.title)
            for commitment in waiting
            if TransitionName.SUBMIT in {row.name for row in available_transitions(commitment, request.user)}
        ]
        if links:
            lead = _("This meeting was to bring these about. Submit them for review:")
            listed = format_html_join("", '<li><a href="{}">{}</a> {}</li>', links)
            messages.warning(request, format_html("{}<ul>{}</ul>", lead, listed))


def _submission(commitment: Commitment, meeting: Meeting) -> str:
    """The form of the submission, filled in with what the meeting settles."""
    known = {"note": _("%(meeting)s was held.") % {"meeting": meeting}}
    if meeting.starts_on:
        known["delivered_on"] = (meeting.ends_on or meeting.starts_on).isoformat()
    if Status.FULFILLED in outcomes(commitment.nature, commitment.status):
        known["outcome"] = Status.FULFILLED
    url = reverse("admin:commitments_commitment_transition", args=[commitment.pk, TransitionName.SUBMIT])
    return f"{url}?{urlencode(known)}"
