"""The admin page on which a security officer gives an account its clearance and its desk."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import Right
from accounts.services.clearances import give_clearance, require_clearer
from core.lists import listed


class ClearanceForm(forms.ModelForm):
    """The clearance and the desk of an account, and whether it is a security officer."""

    is_security_officer = forms.BooleanField(
        label=gettext_lazy("Security officer"),
        required=False,
        help_text=gettext_lazy("Gives clearances and desks to other accounts."),
    )

    class Meta:
        model = User
        fields = ["clearance", "desk_countries", "desk_mechanisms"]
        widgets = {
            "desk_countries": forms.CheckboxSelectMultiple,
            "desk_mechanisms": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_security_officer"] = Role.SECURITY_OFFICER in self.instance.roles


class Clearances(admin.ModelAdmin):
    """Shows the clearance and the desk of an account, with a link to the page on which they are given."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.clearance_view)
        return [path("<int:pk>/clearance/", view, name="accounts_user_clearance"), *super().get_urls()]

    @admin.display(description=gettext_lazy("clearance"))
    def clearance_shown(self, user: User) -> str:
        """The clearance, with the way to change it."""
        url = reverse("admin:accounts_user_clearance", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', user.get_clearance_display(), url, _("Change"))

    @admin.display(description=gettext_lazy("desk"))
    def desk_shown(self, user: User) -> str:
        """The countries and mechanisms to which the account is confined."""
        if not user.desk.is_confined:
            return _("not confined to a desk")
        return listed(map(str, [*user.desk_countries.all(), *user.desk_mechanisms.all()]))

    def clearance_view(self, request: Any, pk: int) -> HttpResponse:
        """Show the form; on POST, give the clearance and log that with the account."""
        account = User.objects.filter(pk=pk).first()
        if not request.user.may(Right.MANAGE_USERS) and not request.user.may(Right.GIVE_CLEARANCE):
            raise PermissionDenied
        if account is None:
            raise Http404
        require_clearer(request.user, account)
        form = ClearanceForm(request.POST if request.method == "POST" else None, instance=account)
        if form.is_valid() and self._given(request, account, form):
            return redirect("admin:accounts_user_change", account.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Clearance and desk of %(person)s") % {"person": account},
            "opts": self.opts,
            "account": account,
            "form": form,
        }
        request.current_app = self.admin_site.name
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/accounts/user/clearance.html", context, status=status)

    def _given(self, request: HttpRequest, account: User, form: ClearanceForm) -> bool:
        values = form.cleaned_data
        try:
            give_clearance(
                actor=request.user,  # type: ignore[arg-type]
                account=account,
                clearance=values["clearance"],
                countries=values["desk_countries"],
                mechanisms=values["desk_mechanisms"],
                is_security_officer=values["is_security_officer"],
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            return False
        if form.has_changed():
            self.log_change(request, account, _("Changed the clearance or the desk"))
            messages.success(request, _("The clearance of %(person)s was saved.") % {"person": account})
        return True
