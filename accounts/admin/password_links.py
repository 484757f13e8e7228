"""The admin page that makes somebody's link: administrators invite people, and never know a password."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import PasswordLink, User
from accounts.services.clearances import require_not_above
from accounts.services.password_links import make_link, send_link
from core.security_log import log


class PasswordLinks(admin.ModelAdmin):
    """Makes one-time links, each of which is shown once: in the answer to the form that made it.

    One's own password is changed on the page “Change the password”, which asks for the present one.
    """

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(never_cache(self.password_link))
        return [path("<int:pk>/link/", view, name="accounts_user_link"), *super().get_urls()]

    @admin.display(description=gettext_lazy("password"))
    def password_state(self, user: User) -> str:
        """Whether there is a password, and what became of the last link, with the way to a new one."""
        if not settings.LOCAL_SIGN_IN:
            return _("not used: people sign in with %(provider)s") % {"provider": settings.OIDC.name}
        if not user.is_active:
            return _password_in_words(user)
        url = reverse("admin:accounts_user_link", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', _password_in_words(user), url, _("Make a link"))

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> Any:
        """Show the link of a new account, which has no password yet."""
        if IS_POPUP_VAR in request.POST or not settings.LOCAL_SIGN_IN:
            return super().response_add(request, obj, post_url_continue)
        return self._made(request, obj, *make_link(account=obj))

    def password_link(self, request: Any, pk: int) -> HttpResponse:
        """Say what a link does. On POST, make it, log that with the account, and show it."""
        person = self._person(request, str(pk))
        if person.pk == request.user.pk:
            return redirect("account_change_password")
        require_not_above(request.user, person)
        if not settings.LOCAL_SIGN_IN:
            raise PermissionDenied(_("Passwords do not sign in here, so there is no link for one."))
        if request.method != "POST":
            return self._page(request, person, title=_("Make a link"))
        if "by_mail" in request.POST:
            return self._sent(request, person)
        try:
            link, key = make_link(account=person, ends_password="ends_password" in request.POST)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
            return redirect("admin:accounts_user_change", person.pk)
        self.log_change(request, person, _("Made a link for a password"))
        return self._made(request, person, link, key)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Lead to the link: nobody sets the password of somebody else, whatever an old bookmark says."""
        person = self._person(request, unquote(id))
        if person.pk == request.user.pk:
            return redirect("account_change_password")
        return redirect("admin:accounts_user_link", person.pk)

    def _person(self, request: HttpRequest, pk: str) -> User:
        """The account, for somebody who may change it. Raises ``Http404`` and ``PermissionDenied``."""
        person: User | None = self.get_object(request, pk)
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied(_("You may not make a link for this account."))
        return person

    def _sent(self, request: HttpRequest, person: User) -> HttpResponse:
        if send_link(account=person, ends_password="ends_password" in request.POST):
            self.log_change(request, person, _("Sent a link for a password by mail"))
            log(request, "link sent by mail", about=person.username)
            messages.success(request, _("The link is sent to %(address)s.") % {"address": person.email})
        else:
            messages.error(request, _("The link cannot be sent: the account is closed or has no address."))
        return redirect("admin:accounts_user_change", person.pk)

    def _made(self, request: HttpRequest, person: User, link: PasswordLink, key: str) -> HttpResponse:
        log(request, "link made", about=person.username)
        address = request.build_absolute_uri(reverse("open_password_link", args=[key]))
        return self._page(request, person, title=_("Link for a password"), link=link, address=address)

    def _page(self, request: HttpRequest, person: User, **more: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "person": person, **more}
        context["can_mail"] = settings.SENDS_MAIL and bool(person.email)
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/accounts/user/link.html", context)


def _password_in_words(user: User) -> str:
    link = PasswordLink.objects.filter(account=user).first()
    has_password = user.has_usable_password()
    if link is not None and link.is_usable:
        values = {"day": date_format(localtime(link.expires_at), "DATETIME_FORMAT")}
        if has_password:
            return _("set; a link for a new one can be used until %(day)s") % values
        return _("not set yet; the invitation can be used until %(day)s") % values
    if has_password:
        return _("set")
    return _("not set; the invitation has expired") if link is not None else _("not set, and no invitation")
