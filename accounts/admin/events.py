"""The admin of account events: what was done to accounts, by whom."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.admin.read_only import ReadOnlyForAdministrators
from accounts.choices import Clearance, Role
from accounts.models import AccountEvent, ApiToken, PasswordLink, User
from accounts.permissions import Right
from core.lists import listed

CREATED, DELETED = "created", "deleted"
_IS_CREATION = Q(before={}, after__has_key="username")

KINDS = {
    CREATED: gettext_lazy("account created"),
    DELETED: gettext_lazy("account deleted"),
    "roles": gettext_lazy("roles"),
    "clearance": gettext_lazy("clearance"),
    "desk_countries": gettext_lazy("countries of the desk"),
    "desk_mechanisms": gettext_lazy("mechanisms of the desk"),
    "agency_id": gettext_lazy("agency"),
    "is_superuser": pgettext_lazy("role", "Superuser"),
    "is_active": gettext_lazy("active"),
    "new_password": gettext_lazy("password"),
    "link": gettext_lazy("link for a password"),
    "link_used": gettext_lazy("use of the link"),
    "second_step": gettext_lazy("two-step sign-in"),
    "second_step_roles": gettext_lazy("roles that require two-step sign-in"),
    "identity": gettext_lazy("identity at the provider"),
    "provider_groups": gettext_lazy("groups at the provider"),
    "sessions": gettext_lazy("sessions"),
    "token": gettext_lazy("API token"),
    "calendar_feed": gettext_lazy("calendar feed"),
    "username": gettext_lazy("username"),
    "email": gettext_lazy("email address"),
}
"""What can change, by its name in ``before`` and ``after``, with the words for it."""

_LABELS = {
    **KINDS,
    "link_expires": gettext_lazy("expiry of the link"),
    "scope": gettext_lazy("scope of the token"),
}


class KindFilter(admin.SimpleListFilter):
    """Filters events by what changed. The creation of an account is no change of its fields."""

    title = gettext_lazy("what changed")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(name, capfirst(label)) for name, label in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AccountEvent]) -> QuerySet[AccountEvent]:
        kind = self.value()
        if kind == CREATED:
            return queryset.filter(_IS_CREATION)
        if kind in KINDS:
            return queryset.exclude(_IS_CREATION).filter(Q(before__has_key=kind) | Q(after__has_key=kind))
        return queryset


@admin.register(AccountEvent)
class EventAdmin(ReadOnlyForAdministrators):
    """Account events, newest first. They cannot be changed."""

    list_display = ["occurred_at", "whose", "what", "actor"]
    list_filter = [KindFilter]
    list_select_related = ["actor"]
    allowed_lookups = ["account_number"]
    date_hierarchy = "occurred_at"
    search_fields = ["account", "actor__username", "actor__first_name", "actor__last_name"]
    fields = ["occurred_at", "whose", "actor", "values"]
    readonly_fields = ["whose", "values"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators and security officers."""
        return super().has_view_permission(request, obj) or request.user.may(Right.GIVE_CLEARANCE)  # type: ignore[union-attr]

    @admin.display(description=gettext_lazy("account"), ordering="account")
    def whose(self, event: AccountEvent) -> str:
        """The account by its name."""
        return str(event)

    @admin.display(description=gettext_lazy("what changed"))
    def what(self, event: AccountEvent) -> str:
        """What changed, without the values."""
        return str(capfirst(listed(str(KINDS[name]) for name in _names(event))))

    @admin.display(description=gettext_lazy("values"))
    def values(self, event: AccountEvent) -> str:
        """A table of what changed, with the values before and after."""
        names = {**event.before, **event.after}
        rows = [
            (capfirst(label), _shown(name, event.before), _shown(name, event.after))
            for name, label in _LABELS.items()
            if name in names
        ]
        return format_html(
            '<div class="values"><table><thead><tr><th scope="col">{}</th><th scope="col">{}</th>'
            '<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table></div>',
            _("Field"),
            pgettext("value of a field", "Before"),
            pgettext("value of a field", "After"),
            format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows),
        )


def _names(event: AccountEvent) -> Iterator[str]:
    if not event.before and "username" in event.after:
        yield CREATED
        return
    yield from (name for name in KINDS if name in event.before or name in event.after)


def _shown(name: str, values: dict[str, Any]) -> str:
    """A value in words. A value that an event does not have is a dash."""
    value = values.get(name)
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed(str(Role(each).label) if each in Role.values else each for each in value)
    if name == "clearance":
        return str(Clearance(value).label)
    if name == "scope":
        return str(ApiToken.Scope(value).label)
    if name == "link":
        return str(PasswordLink.Purpose(value).label)
    if name in ("link_expires", "link_used"):
        return date_format(timezone.localtime(dt.datetime.fromisoformat(value)), "DATETIME_FORMAT")
    if name == "second_step":
        return str(Authenticator.Type(value).label)
    if name == "agency_id":
        agencies: Any = User._meta.get_field("agency").related_model
        return str(agencies._default_manager.filter(pk=value).first() or value)
    return str(value)
