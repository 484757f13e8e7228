"""The admin of API tokens: administrators list and revoke those of everybody."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from accounts.admin.read_only import ReadOnlyForAdministrators, names_of
from accounts.models import ApiToken
from accounts.services.tokens import revoke_token


class InUseFilter(admin.SimpleListFilter):
    """Filters tokens by whether their key works."""

    title = pgettext_lazy("of a token", "validity")
    parameter_name = "usable"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", pgettext_lazy("token", "in use")), ("no", _("revoked or expired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
        usable = ApiToken.objects.usable()
        if self.value() == "yes":
            return queryset.filter(pk__in=usable.values("pk"))
        return queryset.exclude(pk__in=usable.values("pk")) if self.value() == "no" else queryset


@admin.register(ApiToken)
class TokenAdmin(ReadOnlyForAdministrators):
    """API tokens. Their owners create them."""

    list_display = ["name", "owner", "scope", "created_at", "last_used_at", "validity"]
    list_filter = [InUseFilter, "scope"]
    list_select_related = ["owner"]
    allowed_lookups = ["owner__id__exact"]
    search_fields = ["name", *names_of("owner")]
    fields = ["name", "owner", "scope", ("created_at", "last_used_at"), "validity"]
    readonly_fields = ["validity"]
    actions = ["revoke"]

    @admin.display(description=_("valid until"), ordering="expires_at")
    def validity(self, token: ApiToken) -> Any:
        """Until when the key works, or why it does not."""
        if token.revoked_at is not None:
            return pgettext("token", "revoked")
        return token.expires_at if token.is_usable else pgettext("token", "expired")

    @admin.action(description=_("Revoke the selected tokens"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Revoke those that are in use."""
        tokens = [token for token in queryset if token.is_usable]
        for token in tokens:
            revoke_token(token=token)
        message = ngettext("%(n)d token was revoked.", "%(n)d tokens were revoked.", len(tokens))
        messages.success(request, message % {"n": len(tokens)})
