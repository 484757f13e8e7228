"""Accounts in the admin: roles, agency, clearance, password."""

import contextlib
from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import CASCADE, ManyToOneRel, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from accounts.admin_second_step import SecondStepReset
from accounts.choices import Role
from accounts.models import User
from accounts.permissions import Right
from core.admin.autocomplete import SEARCH_SCRIPT, SearchedFields
from core.admin.deletion import CarefulDeletion
from core.admin.edit_conflicts import VersionedAdmin
from core.admin.rights import RoleAccess
from core.admin.titles import TitledPages
from core.search.folding import fold

for _noise in (Group, EmailAddress, Authenticator):
    with contextlib.suppress(NotRegistered):
        admin.site.unregister(_noise)


class RolesForm(forms.ModelForm):
    """An account with its roles, as its administrator fills it in; ``editor`` is who does."""

    editor: User
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("They add up. An account without any role sees nothing of the register."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles" in self.fields and self.instance.pk:
            held = self.instance.groups.values_list("name", flat=True)
            self.initial.setdefault("roles", [role for role in Role.values if role in held])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        roles = cleaned.get("roles", [])
        if Role.FOCAL_POINT in roles and not cleaned.get("agency") and "agency" not in self.errors:
            self.add_error(
                "agency", _("A focal point needs an agency: it sees what that agency is charged with.")
            )
        if self.instance.pk is not None and self.instance.pk == self.editor.pk:
            self._keep_oneself_in(cleaned, roles)
        return cleaned

    def _keep_oneself_in(self, cleaned: dict[str, Any], roles: list[str]) -> None:
        """So that one administrator always remains: another one has to do this."""
        if cleaned.get("is_active") is False:
            self.add_error("is_active", _("You cannot close your own account; another administrator can."))
        if Role.ADMINISTRATOR in self.editor.roles and Role.ADMINISTRATOR not in roles:
            self.add_error("roles", _("You cannot take this role from yourself; another administrator can."))


class ChangeForm(RolesForm, UserChangeForm):
    """Editing an account; its password is set on a page of its own."""

    class Meta:
        model = User
        fields = [
            "username",
            "first_name",
            "last_name",
            "email",
            "agency",
            "clearance",
            "is_active",
            "is_superuser",
        ]


class CreationForm(RolesForm, BaseUserCreationForm):
    """A new account, with a first password that its owner should change."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "agency", "clearance"]


class RoleFilter(admin.SimpleListFilter):
    """By role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


@admin.register(User)
class AccountAdmin(
    SecondStepReset, TitledPages, RoleAccess, SearchedFields, VersionedAdmin, CarefulDeletion, UserAdmin
):
    """People who sign in. Whoever has acted is closed, not deleted: acts keep their author."""

    edit_right = view_right = Right.MANAGE_USERS
    form = ChangeForm
    add_form = CreationForm
    list_display = ["username", "full_name", "role_names", "agency", "clearance", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_active", "clearance", ("agency", admin.RelatedOnlyFieldListFilter)]
    list_per_page = 50
    autocomplete_fields = ["agency"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined", "second_step"]
    fieldsets = [
        (None, {"fields": ["username", "password", "second_step", "is_active"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("What the account may do"), {"fields": ["roles", "agency", "clearance"]}),
        (_("Dates"), {"fields": [("last_login", "date_joined")]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("What the account may do"), {"fields": ["roles", "agency", "clearance"]}),
    ]

    class Media:
        css = {"all": ["admin_site/workflow.css"]}
        js = [SEARCH_SCRIPT]

    # -- who may -----------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is for superusers, or setting its password would be a way up."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser  # type: ignore[union-attr]
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_change_permission(request, obj) or obj is None:
            return False
        return obj.pk != request.user.pk and not any(_acts(obj))

    def may_be_searched(self, request: HttpRequest) -> bool:
        """By whoever names people in a role; nobody else looks through the accounts."""
        if request.GET.get("field_name") in Role.values:
            return request.user.may(Right.ASSIGN) or self.has_view_permission(request)  # type: ignore[union-attr]
        return self.has_view_permission(request)

    # -- reading -----------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("agency").prefetch_related("groups")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By name, in any spelling. A field that is named for a role finds only people in that role."""
        role, agency = request.GET.get("field_name"), request.GET.get("agency", "")
        if role in Role.values:
            queryset = queryset.filter(is_active=True, groups__name=role)
            queryset = queryset.filter(agency=agency) if agency.isdigit() else queryset
        words = fold(search_term).split()
        if words:
            named = queryset.values_list("pk", "username", "first_name", "last_name", "email")
            found = [pk for pk, *names in named if all(word in fold(" ".join(names)) for word in words)]
            queryset = queryset.filter(pk__in=found)
        return queryset, False

    def label_of(self, user: User) -> str:
        """As it is picked."""
        return f"{user} ({user.agency.short})" if user.agency else str(user)

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        """First and last name."""
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """The roles in the order of the table."""
        held = {group.name for group in user.groups.all()}
        names = [str(role.label) for role in Role if role in held]
        return get_text_list([*names, str(_("superuser"))] if user.is_superuser else names, ",")

    # -- writing -----------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only a superuser makes another, and only on an account that exists."""
        fieldsets: Any = [(title, dict(given)) for title, given in super().get_fieldsets(request, obj)]
        if obj is not None and request.user.is_superuser:  # type: ignore[union-attr]
            fieldsets[2][1]["fields"] = [*fieldsets[2][1]["fields"], "is_superuser"]
        return fieldsets

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles are groups; groups of other names are left alone."""
        super().save_related(request, form, formsets, change)
        held = form.instance.groups.exclude(name__in=Role.values)
        chosen = Group.objects.filter(name__in=form.cleaned_data["roles"])
        form.instance.groups.set([*held, *chosen])

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


def _acts(user: User) -> Iterator[bool]:
    """For each kind of record, whether the account is named in one as who did something."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        belongs_to_account = relation.on_delete is CASCADE and relation.related_model is not LogEntry
        if not belongs_to_account:
            manager = relation.related_model._base_manager  # type: ignore[union-attr]
            yield manager.filter(**{relation.field.name: user.pk}).exists()
