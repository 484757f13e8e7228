"""The admin page that unlinks an account from its identity at the provider."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services.clearances import require_not_above
from accounts.services.identities import forget_identity


class Identities(admin.ModelAdmin):
    """Shows the identity of an account, joined at its first sign-in there, and lets it be unlinked."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.identity_view)
        return [path("<int:pk>/identity/", view, name="accounts_user_identity"), *super().get_urls()]

    @admin.display(description=gettext_lazy("identity at the provider"))
    def identity(self, user: User) -> str:
        """Who it is there, with the way to unlink it."""
        found = SocialAccount.objects.filter(user=user).first()
        if found is None:
            return _("none yet: joined at the first sign-in there with the verified e-mail address")
        url = reverse("admin:accounts_user_identity", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', found.extra_data.get("sub", ""), url, _("Unlink"))

    def identity_view(self, request: Any, pk: int) -> HttpResponse:
        """Say what it means. On POST, unlink the account from its identity and log that with the account."""
        person: User | None = self.get_object(request, str(pk))
        if person is None or not settings.OIDC.issuer:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        require_not_above(request.user, person)
        identity = SocialAccount.objects.filter(user=person).first()
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": _("Unlink from the identity at the provider"),
                "opts": self.opts,
                "person": person,
                "identity": identity,
            }
            request.current_app = self.admin_site.name
            return TemplateResponse(request, "admin/accounts/user/identity.html", context)
        if forget_identity(account=person):
            self.log_change(request, person, _("Unlinked from the identity at the provider"))
            message = _("%(person)s is unlinked from the identity at the provider.")
        else:
            message = _("%(person)s has no identity at the provider. Nothing was changed.")
        messages.success(request, message % {"person": person})
        return redirect("admin:accounts_user_change", person.pk)
