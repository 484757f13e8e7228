"""The admin of accounts, with the duties of an account and the page that hands them over."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.accounts import AccountAdmin
from accounts.models import User
from commitments.services.handover import (
    duties_of,
    hand_over,
    hand_over_charge,
    next_officers,
    successors_of,
)

MAX_LISTED = 100


class HandOverForm(forms.Form):
    """Who takes over the assignments of an account."""

    successor = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("New focal point"))

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor: Any = self.fields["successor"]
        successor.queryset = successors_of(account)
        successor.label_from_instance = AccountAdmin.label_of


class ChargeForm(forms.Form):
    """Who takes charge of the commitments of an account."""

    officer = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("New officer in charge"))

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officer: Any = self.fields["officer"]
        officer.queryset = next_officers(account)


@admin.register(User)
class AccountWithDutiesAdmin(AccountAdmin):
    """The page of an account, with its duties. Who closes it is told of them, and where to hand them over."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.duties_view)
        return [path("<int:pk>/duties/", view, name="accounts_user_duties"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "duties"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add ``duties`` to the use of an account that exists."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and self.may_edit(request):
            use = fieldsets[-1][1]
            use["fields"] = ["duties", *use["fields"]]
        return fieldsets

    @admin.display(description=gettext_lazy("duties"))
    def duties(self, user: User) -> str:
        """The number of commitments assigned to the person, with a link to all duties."""
        duties = duties_of(user)
        count, in_charge = duties.assignments.count(), duties.in_charge_of.count()
        words = ngettext(
            "focal point of %(n)d open commitment", "focal point of %(n)d open commitments", count
        ) % {"n": count}
        if in_charge:
            words = ngettext(
                "%(focal_point)s; in charge of %(n)d", "%(focal_point)s; in charge of %(n)d", in_charge
            ) % {"focal_point": words, "n": in_charge}
        return format_html('<a href="{}">{}</a>', _duties_url(user), words)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active and duties_of(obj):
            message = _("The account of %(person)s is closed, but it still has duties.") % {"person": obj}
            link = format_html('<a href="{}">{}</a>', _duties_url(obj), _("See them and hand them over"))
            messages.warning(request, format_html("{} {}", message, link))

    def duties_view(self, request: Any, pk: int) -> HttpResponse:
        """List the duties of an account; on POST, hand over its assignments."""
        account = self.get_object(request, str(pk))
        if account is None:
            raise Http404
        if not self.has_change_permission(request, account):
            raise PermissionDenied(_("Only an administrator can hand over the assignments of an account."))
        sent = request.POST if request.method == "POST" else None
        form = HandOverForm(sent if sent and "officer" not in sent else None, account=account)
        charge = ChargeForm(sent if sent and "officer" in sent else None, account=account)
        if form.is_valid():
            successor = form.cleaned_data["successor"]
            count = hand_over(account=account, successor=successor, actor=request.user)
            message = ngettext(
                "%(person)s is now the focal point of %(n)d more commitment.",
                "%(person)s is now the focal point of %(n)d more commitments.",
                count,
            )
        elif charge.is_valid():
            successor = charge.cleaned_data["officer"]
            count = hand_over_charge(account=account, officer=successor, actor=request.user)
            message = ngettext(
                "%(person)s is now in charge of %(n)d more commitment.",
                "%(person)s is now in charge of %(n)d more commitments.",
                count,
            )
        else:
            return self._duties_page(request, account, form, charge)
        messages.success(request, message % {"person": successor, "n": count})
        return redirect(_duties_url(account))

    def _duties_page(
        self, request: HttpRequest, account: User, form: HandOverForm, charge: ChargeForm
    ) -> HttpResponse:
        duties = duties_of(account, reader=request.user)  # type: ignore[arg-type]
        count, in_charge = duties.assignments.count(), duties.in_charge_of.count()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Duties of %(person)s") % {"person": account},
            "opts": self.opts,
            "account": account,
            "form": form,
            "count": count,
            "assignments": duties.assignments[:MAX_LISTED],
            "unlisted": max(0, count - MAX_LISTED),
            "charge_form": charge,
            "in_charge_count": in_charge,
            "in_charge_of": duties.in_charge_of[:MAX_LISTED],
            "unlisted_in_charge": max(0, in_charge - MAX_LISTED),
            "can_hand_over_charge": next_officers(account).exists(),
            "submissions": duties.submissions[:MAX_LISTED],
            "shared_views": duties.shared_views[:MAX_LISTED],
            "can_hand_over": successors_of(account).exists(),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 400 if form.is_bound or charge.is_bound else 200
        return TemplateResponse(request, "admin/accounts/user/duties.html", context, status=status)


def _duties_url(account: User) -> str:
    return reverse("admin:accounts_user_duties", args=[account.pk])
