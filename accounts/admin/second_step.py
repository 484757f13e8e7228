"""The admin page that resets the two-step sign-in of another person."""

from typing import Any

from allauth.mfa.models import Authenticator
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

from accounts.models import User
from accounts.services.clearances import require_not_above
from accounts.services.sessions import end_sessions
from accounts.services.tokens import revoke_all


class SecondStepReset(admin.ModelAdmin):
    """Lets an administrator reset somebody's two-step sign-in, so that the password alone signs them in.

    Administrators turn off their own on the page “Two-step sign-in”, which asks for a code.
    """

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.reset_second_step)
        return [path("<int:pk>/second-step/", view, name="accounts_user_second_step"), *super().get_urls()]

    @admin.display(description=gettext_lazy("two-step sign-in"))
    def second_step(self, user: User) -> str:
        """Whether two-step sign-in is on, with a link to reset it."""
        if user.pk is None or not Authenticator.objects.filter(user=user).exists():
            return _("off")
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
        message = (
            _("Two-step sign-in of %(person)s is reset. The password alone is enough now.")
            if deleted
            else _("%(person)s does not use two-step sign-in. Nothing was changed.")
        )
        messages.success(request, message % {"person": person})
        return redirect("admin:accounts_user_change", person.pk)

    def _confirmation_page(self, request: HttpRequest, person: User) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset two-step sign-in"),
            "opts": self.opts,
            "person": person,
            "in_use": Authenticator.objects.filter(user=person).exists(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/accounts/user/second_step.html", context)
