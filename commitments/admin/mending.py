"""The pages of the admin that mend the record of a commitment."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from commitments.admin.workflow import WorkflowPages
from commitments.mending_forms import DayForm, ErrorForm
from commitments.reports.in_error import in_words
from commitments.services.day_corrections import correct_day, datable, require_corrector
from commitments.services.entered_in_error import enter_in_error, lift, mendable_by, who_may
from commitments.services.errors import NotYours


class MendingPages(WorkflowPages):
    """What was entered in error, and which day was wrong."""

    def get_urls(self) -> list[Any]:
        return [
            self.page("<int:pk>/entered-in-error/", self.error_view, "entered_in_error"),
            self.page("<int:pk>/days/", self.days_view, "days"),
            *super().get_urls(),
        ]

    def error_view(self, request: Any, pk: int) -> HttpResponse:
        """Choose what was entered in error, or was none."""
        commitment = self.visible(request, pk)
        things = mendable_by(request.user, commitment)
        if not things:
            raise NotYours(who_may())
        data = request.POST if request.method == "POST" else None
        form = ErrorForm(data, things=[(each, in_words(each)) for each in things])

        def write() -> object:
            act = lift if form.lifts else enter_in_error
            return act(thing=form.thing, actor=request.user, reason=form.cleaned_data["reason"])

        title = _("No error after all") if commitment.is_in_error else _("Entered in error")
        return self._form_view(request, commitment, form, (title, _("It was noted in the history.")), write)

    def days_view(self, request: Any, pk: int) -> HttpResponse:
        """Correct the day of a status change."""
        commitment = self.visible(request, pk)
        require_corrector(request.user)
        data = request.POST if request.method == "POST" else None
        form = DayForm(data, changes=datable(commitment.status_changes.order_by("number")))

        def write() -> object:
            values = form.cleaned_data
            return correct_day(
                change=form.change, actor=request.user, day=values["on"], reason=values["reason"]
            )

        titles = (_("Correct a day"), _("The day was corrected. The wrong one stays in the history."))
        return self._form_view(request, commitment, form, titles, write)
