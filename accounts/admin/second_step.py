"""Admin pages: which roles require two-step sign-in, and the reset of that of another person."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import Right
from accounts.services.clearances import require_not_above
from accounts.services.second_step import (
    lacking_second_step,
    require_second_step,
    required_roles,
    requires_second_step,
)
from accounts.services.sessions import end_sessions
from accounts.services.tokens import revoke_all

_FEW = 50
"""No more accounts are named."""


class RequirementForm(forms.Form):
    """The roles that require two-step sign-in."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("An account with several roles needs it if one of them does."),
    )


class SecondStep(admin.ModelAdmin):
    """Lets an administrator require two-step sign-in by role, and reset somebody's, who has lost the phone.

    Administrators turn off their own on the page “Two-step sign-in”, which asks for a code.
    """

    def get_urls(self) -> list[Any]:
        reset = self.admin_site.admin_view(self.reset_second_step)
        required = self.admin_site.admin_view(self.required_second_step)
        return [
            path("<int:pk>/second-step/", reset, name="accounts_user_second_step"),
            path("second-step/", required, name="accounts_user_second_step_roles"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("two-step sign-in"))
    def second_step(self, user: User) -> str:
        """Whether two-step sign-in is on, with a link to reset it."""
        if user.pk is None or not Authenticator.objects.filter(user=user).exists():
            return _("off, and asked for at the next sign-in") if _is_required(user) else _("off")
        url = reverse("admin:accounts_user_second_step", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', _("on"), url, _("Reset"))

    def reset_second_step(self, request: Any, pk: int) -> HttpResponse:
        """Ask for confirmation. On POST, delete the person's codes and keys and log that with the account."""
        person = self.get_object(request, str(pk))
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied(_("Only an administrator can reset somebody’s two-step sign-in."))
        if person.pk == request.user.pk:
            raise PermissionDenied(_("Turn off your own two-step sign-in on the page “Two-step sign-in”."))
        require_not_above(request.user, person)
        if request.method != "POST":
            return self._confirmation_page(request, person)
        with transaction.atomic():
            deleted, _kinds = Authenticator.objects.filter(user=person).delete()
            if deleted:
                self.log_change(request, person, _("Reset two-step sign-in"))
                revoke_all(owner=person)
                end_sessions(account=person, sessions=person.sessions.all())
        if not deleted:
            message = _("%(person)s does not use two-step sign-in. Nothing was changed.")
        elif _is_required(person):
            message = _("Two-step sign-in of %(person)s is reset. The next sign-in asks to set it up again.")
        else:
            message = _("Two-step sign-in of %(person)s is reset. The password alone is enough now.")
        messages.success(request, message % {"person": person})
        return redirect("admin:accounts_user_change", person.pk)

    def required_second_step(self, request: Any) -> HttpResponse:
        """Show the roles that require two-step sign-in, and who lacks it. On POST, set these roles."""
        if not request.user.may(Right.MANAGE_USERS):
            raise PermissionDenied(_("Only an administrator says which roles require two-step sign-in."))
        form = RequirementForm(
            request.POST if request.method == "POST" else None, initial={"roles": required_roles()}
        )
        if form.is_valid():
            require_second_step(actor=request.user, roles=form.cleaned_data["roles"])
            messages.success(request, _("The roles that require two-step sign-in were saved."))
            return redirect("admin:accounts_user_second_step_roles")
        lacking = lacking_second_step()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Two-step sign-in by role"),
            "opts": self.opts,
            "form": form,
            "lacking": lacking[:_FEW],
            "lacking_count": lacking.count(),
        }
        request.current_app = self.admin_site.name
        status = 400 if form.errors else 200
        return TemplateResponse(request, "admin/accounts/user/second_step_roles.html", context, status=status)

    def _confirmation_page(self, request: HttpRequest, person: User) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset two-step sign-in"),
            "opts": self.opts,
            "person": person,
            "is_required": _is_required(person),
            "in_use": Authenticator.objects.filter(user=person).exists(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/accounts/user/second_step.html", context)


def _is_required(user: User) -> bool:
    return User.objects.filter(requires_second_step(), pk=user.pk).exists()
