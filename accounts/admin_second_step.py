"""Taking away a second step of sign-in that its owner has lost, by an administrator."""

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
from accounts.services.tokens import revoke_all


class SecondStepReset(admin.ModelAdmin):
    """The page on which an administrator lets somebody sign in by password alone again.

    For others only: one's own second step is given up under “Two-step sign-in”, which asks for it.
    """

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.reset_second_step)
        return [path("<int:pk>/second-step/", view, name="accounts_user_second_step"), *super().get_urls()]

    @admin.display(description=gettext_lazy("two-step sign-in"))
    def second_step(self, user: User) -> str:
        """Whether it is in use, and the way to reset it."""
        if user.pk is None or not Authenticator.objects.filter(user=user).exists():
            return _("not in use")
        url = reverse("admin:accounts_user_second_step", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', _("in use"), url, _("Reset it"))

    def reset_second_step(self, request: Any, pk: int) -> HttpResponse:
        """Ask, and on POST delete the person's codes and keys; the act is logged with the account."""
        person = self.get_object(request, str(pk))
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied(_("Only an administrator resets somebody’s two-step sign-in."))
        if person.pk == request.user.pk:
            raise PermissionDenied(
                _("Give up your own under “Two-step sign-in”; for others it is done here.")
            )
        if request.method != "POST":
            return self._ask(request, person)
        with transaction.atomic():
            deleted, _kinds = Authenticator.objects.filter(user=person).delete()
            if deleted:
                self.log_change(request, person, _("Reset two-step sign-in."))
                revoke_all(owner=person)
        said = (
            _("%(person)s signs in by password alone until setting up two-step sign-in again.")
            if deleted
            else _("%(person)s uses no two-step sign-in; nothing was changed.")
        )
        messages.success(request, said % {"person": person})
        return redirect("admin:accounts_user_change", person.pk)

    def _ask(self, request: HttpRequest, person: User) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset two-step sign-in"),
            "opts": self.opts,
            "person": person,
            "in_use": Authenticator.objects.filter(user=person).exists(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/accounts/user/second_step.html", context)
