"""The admin site: Django's own, with the sign-in page of the whole site and access by role."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from core.admin.autocomplete import LabelledAutocompleteView


@login_not_required
def _not_found(request: HttpRequest, record: str) -> HttpResponse:
    raise Http404


class RegisterAdminSite(admin.AdminSite):
    """Uses ``LOGIN_URL`` to sign in, so that two-step sign-in cannot be bypassed."""

    site_header = _("Aide-mémoire")
    site_title = _("Aide-mémoire")
    index_title = _("Administration")
    empty_value_display = format_html('<span class="quiet none">{}</span>', "–")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.index_parts: dict[str, Callable[[HttpRequest], Any]] = {}
        """What applications add to the first page: a name in its template, and what reads the value."""

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The first page, with its parts."""
        parts = {name: read(request) for name, read in self.index_parts.items()}
        return super().index(request, {**parts, **(extra_context or {})})

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person's roles give access. ``is_staff`` is ignored."""
        return bool(request.user.is_active and getattr(request.user, "may_enter_admin", False))

    @method_decorator(login_not_required)
    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Redirect to the sign-in page. Raise ``PermissionDenied`` for a signed-in person without access."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if self.has_permission(request):
            return redirect("admin:index")
        raise PermissionDenied(_("The admin site is for officers, reviewers and administrators."))

    def get_urls(self) -> list[Any]:
        """Django's addresses, but 404 for ``/admin/r/…``, which would tell the address of any record."""
        return [path("r/<path:record>", _not_found), *super().get_urls()]

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Lead to the one form for one's own password, which counts wrong ones."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Return the search results of an autocomplete field."""
        return LabelledAutocompleteView.as_view(admin_site=self)(request)  # type: ignore[return-value]
