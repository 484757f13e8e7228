"""The admin of meetings. Once a meeting is held, it suggests submitting the commitments that planned it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from commitments.choices import OPEN, Status
from commitments.level_forms import RaisedCommitments, with_raising
from commitments.meeting_forms import FollowedDays
from commitments.models import Commitment
from commitments.services.policy import available_transitions
from commitments.workflow import TransitionName, outcomes
from relations.admin.meetings import MeetingAdmin, MeetingAdminForm
from relations.choices import MeetingStatus
from relations.models import Meeting


class MeetingWithDaysForm(FollowedDays, RaisedCommitments, MeetingAdminForm):
    """A meeting. Before its day is mended, the form names the status changes that were dated by it."""

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.day_reason = self.cleaned_data.get("day_reason", "")


@admin.register(Meeting)
class MeetingWithCommitmentsAdmin(MeetingAdmin):
    """The page of a meeting, with a message about commitments whose planned meeting it was."""

    form = MeetingWithDaysForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask about the days of commitments only where there can be any."""
        fieldsets: Any = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        fieldsets = with_raising(fieldsets, "classification")
        mending = {"fields": ["day_reason", "move_days"], "classes": ["collapse"]}
        return [*fieldsets[:-1], (_("If the date was wrong"), mending), fieldsets[-1]]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.status == MeetingStatus.HELD and ("status" in form.changed_data or not change):
            self._suggest_submissions(request, obj)

    def _suggest_submissions(self, request: Any, meeting: Meeting) -> None:
        """Show links to submit for review the commitments whose planned meeting was held."""
        commitments = Commitment.objects.visible_to(request.user).filter(
            outcome_meeting=meeting, status__in=OPEN - {Status.UNDER_REVIEW}
        )
        links = [
            (_submission_url(commitment, meeting), commitment.reference, commitment.title)
            for commitment in commitments
            if TransitionName.SUBMIT in {row.name for row in available_transitions(commitment, request.user)}
        ]
        if links:
            introduction = _("This was the planned meeting of these commitments. Submit them for review:")
            items = format_html_join("", '<li><a href="{}">{}</a> {}</li>', links)
            messages.warning(request, format_html("{}<ul>{}</ul>", introduction, items))


def _submission_url(commitment: Commitment, meeting: Meeting) -> str:
    """Return the address of the submission form, filled in with what is known from the meeting."""
    initial: dict[str, str] = {}
    if meeting.starts_on:
        initial["delivered_on"] = (meeting.ends_on or meeting.starts_on).isoformat()
    if Status.FULFILLED in outcomes(commitment.nature, commitment.status):
        initial["outcome"] = Status.FULFILLED
    url = reverse("admin:commitments_commitment_transition", args=[commitment.pk, TransitionName.SUBMIT])
    return f"{url}?{urlencode(initial)}"
