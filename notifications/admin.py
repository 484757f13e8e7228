"""The admin of the outbox: what waits, what was sent, and what was given up."""

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.admin.read_only import ReadOnlyForAdministrators, names_of
from accounts.permissions import Right
from core.admin.lookups import OfferedLookups
from core.admin.rights import RolePermissions
from core.admin.titles import PageTitles
from notifications.mail_kinds import known_kind
from notifications.models import EscalationRule, OutboxMessage, OutboxQuerySet
from notifications.services.outbox import try_again


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnlyForAdministrators):
    """Messages by state. What they say is nowhere stored."""

    view_right = Right.SEE_OPERATION
    list_display = [
        "kind_of_mail",
        "recipient",
        "state",
        "created_at",
        "sent_at",
        "attempts",
        "error_in_short",
    ]
    list_filter = ["state"]
    list_select_related = ["recipient"]
    search_fields = names_of("recipient")
    fields = [
        ("kind_of_mail", "recipient"),
        ("state", "attempts"),
        ("created_at", "next_attempt_at", "sent_at"),
        "message_id",
        "error",
    ]
    readonly_fields = ["kind_of_mail", "message_id"]
    actions = ["send_again"]

    @admin.display(description=pgettext_lazy("kind of message", "kind"), ordering="kind")
    def kind_of_mail(self, message: OutboxMessage) -> str:
        """The name of the kind; its key, if this version does not know it any more."""
        try:
            return str(known_kind(message.kind).label)
        except LookupError:
            return message.kind

    @admin.display(description=_("error"))
    def error_in_short(self, message: OutboxMessage) -> str:
        """The beginning of the error."""
        return message.error[:80]

    @admin.display(description=_("Message-ID"))
    def message_id(self, message: OutboxMessage) -> str:
        """By which the servers of mail know it."""
        return message.message_id

    @admin.action(description=_("Try again to send what was given up"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: OutboxQuerySet) -> None:
        """Put them back into the queue. Others are left alone."""
        count = try_again(queryset.values_list("pk", flat=True))
        message = ngettext("%(n)d message will be sent.", "%(n)d messages will be sent.", count)
        messages.success(request, message % {"n": count})


@admin.register(EscalationRule)
class EscalationRuleAdmin(PageTitles, OfferedLookups, RolePermissions, admin.ModelAdmin):
    """Who is told of what is overdue, and after how many days."""

    edit_right = view_right = Right.EDIT_REFERENCE_DATA
    list_display = ["__str__", "after_days", "audience", "is_active"]
