"""The workflow in the admin: the form of a transition, and links to what is reported on the site."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from commitments.attempts import Attempt, attempt_transition
from commitments.forms import TransitionForm
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.actions import Action, in_order, what_follows
from commitments.reports.edit_history import edits_of
from commitments.reports.history import changes_of, evidence_of, history_of, submission_in
from commitments.services.errors import UnknownTransition
from core.admin.autocomplete import use_autocomplete

ON_THE_SITE = {
    "deadline": "<int:pk>/deadline/",
    "progress": "<int:pk>/progress/",
    "withdrawal": "<int:pk>/evidence/<int:evidence_pk>/withdraw/",
}
"""Pages of the site that stand for pages of the admin: their names, and their addresses in the admin."""


def transition_actions(commitment: Commitment, user: Any) -> list[Action]:
    """Return the transitions possible for ``user`` now, as links to their forms."""
    return [
        Action(
            reverse("admin:commitments_commitment_transition", args=[commitment.pk, row.name]),
            str(row.label),
        )
        for row in in_order(commitment, user)
    ]


class AdminTransitionForm(TransitionForm):
    """The form of a transition, with an autocomplete for the successor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "successor" in self.fields:
            field: Any = self.fields["successor"]
            field.to_field_name = None
            use_autocomplete(field, Commitment._meta.get_field("successor"), admin.site)


class WorkflowPages(admin.ModelAdmin):
    """The form page of a transition. What changes no status is reported on the pages of the site."""

    def get_urls(self) -> list[Any]:
        return [
            self.page("<int:pk>/transition/<str:name>/", self.transition_view, "transition"),
            *(self.page(route, self.page_on_the_site(name), name) for name, route in ON_THE_SITE.items()),
            *super().get_urls(),
        ]

    def page(self, route: str, view: Any, name: str) -> Any:
        """The address of a page of a commitment."""
        return path(route, self.admin_site.admin_view(view), name=f"commitments_commitment_{name}")

    def visible(self, request: Any, pk: int) -> Commitment:
        """Return the commitment. Raise ``Http404`` if the person may not see it."""
        commitment = Commitment.objects.readable_by(request.user).filter(pk=pk).first()
        if commitment is None:
            raise Http404
        return commitment

    def page_on_the_site(self, name: str) -> Any:
        """The view that leads to the page ``name`` of the site, with everything that was sent."""

        def view(request: HttpRequest, pk: int, **kwargs: int) -> HttpResponse:
            reference = self.visible(request, pk).reference
            return redirect(name, reference, *kwargs.values(), preserve_request=True)

        return view

    def transition_view(self, request: Any, pk: int, name: str) -> HttpResponse:
        """Show the form of a transition, or make it. Errors and conflicts keep the input."""
        commitment = self.visible(request, pk)
        try:
            attempt = attempt_transition(
                reference=commitment.reference,
                name=name,
                user=request.user,
                query=request.GET,
                data=request.POST if request.method == "POST" else None,
                files=request.FILES,
                form_class=AdminTransitionForm,
            )
        except UnknownTransition as unknown:
            extra: dict[str, Any] = {"title": _("Not possible"), "reason": str(unknown), "status": 400}
            return self._page(request, "refused.html", commitment, **extra)
        if not attempt.change:
            return self._show_attempt(request, attempt)
        values = {"reference": commitment.reference, "status": attempt.change.get_to_status_display()}
        messages.success(request, _("%(reference)s is now %(status)s.") % values)
        return redirect("admin:commitments_commitment_change", pk)

    def _show_attempt(self, request: Any, attempt: Attempt) -> HttpResponse:
        found, as_of = attempt.commitment, AsOf.now()
        changes = changes_of(found, as_of)
        extra: dict[str, Any] = {
            "title": str(attempt.row.label),
            "status": attempt.status,
            "media": self.media + attempt.form.media,
            "attempt": attempt,
            "transitions": () if attempt.is_possible else transition_actions(found, request.user),
            "next_statuses": what_follows(attempt.row, attempt.workflow) if attempt.is_possible else (),
            "submission": submission_in(changes),
            "history": history_of(
                found, changes, evidence_of(found, as_of), as_of, edits_of(found, request.user, as_of)
            ),
        }
        return self._page(request, "transition.html", found, **extra)

    def _page(
        self, request: HttpRequest, template: str, commitment: Commitment, *, status: int, **context: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "subtitle": str(commitment),
            "opts": self.opts,
            "commitment": commitment,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, f"admin/commitments/commitment/{template}", context, status=status)
