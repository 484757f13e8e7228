"""The admin of sessions: administrators list and end those of everybody."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.read_only import ReadOnlyForAdministrators, names_of
from accounts.models import AccountSession, AccountSessionQuerySet, User
from accounts.services.sessions import end_sessions


@admin.register(AccountSession)
class SessionAdmin(ReadOnlyForAdministrators):
    """Open sessions. The key of a session is not shown."""

    list_display = ["account", "browser_name", "started_at", "last_active_at"]
    list_display_links = None
    list_select_related = ["account"]
    allowed_lookups = ["account__id__exact"]
    search_fields = names_of("account")
    fields = ["account", "browser_name", ("started_at", "last_active_at")]
    readonly_fields = ["browser_name"]
    actions = ["end"]

    def get_queryset(self, request: HttpRequest) -> AccountSessionQuerySet:
        return AccountSession.objects.open()

    @admin.display(description=_("browser"), ordering="user_agent")
    def browser_name(self, session: AccountSession) -> str:
        """The browser and its system."""
        return session.browser

    @admin.action(description=_("End the selected sessions"), permissions=["view"])
    def end(self, request: HttpRequest, queryset: Any) -> None:
        """End them, except the one in which the administrator does this."""
        others = queryset.exclude(session_id=request.session.session_key)
        ended = 0
        for account in User.objects.filter(pk__in=others.values("account").order_by()):
            ended += end_sessions(account=account, sessions=others.filter(account=account))
        message = ngettext("%(n)d session was ended.", "%(n)d sessions were ended.", ended)
        messages.success(request, message % {"n": ended})
