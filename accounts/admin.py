"""The admin of accounts: roles, agency, clearance, password."""

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
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.admin_second_step import SecondStepReset
from accounts.choices import Role
from accounts.models import User
from accounts.permissions import Right
from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, AutocompleteFields
from core.admin.deletion import SafeDeletion
from core.admin.edit_conflicts import VersionedAdmin
from core.admin.rights import RolePermissions
from core.admin.texts import PlainTexts
from core.admin.titles import PageTitles
from core.lists import listed
from core.search.folding import fold

for _unused_model in (Group, EmailAddress, Authenticator):
    with contextlib.suppress(NotRegistered):
        admin.site.unregister(_unused_model)


class RolesForm(forms.ModelForm):
    """The form of an account with its roles. ``editor`` is the administrator who fills it in."""

    editor: User
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("An account has the rights of all its roles. Without a role it sees no commitments."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles" in self.fields and self.instance.pk:
            names = self.instance.groups.values_list("name", flat=True)
            self.initial.setdefault("roles", [role for role in Role.values if role in names])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        roles = cleaned.get("roles", [])
        if Role.FOCAL_POINT in roles and not cleaned.get("agency") and "agency" not in self.errors:
            self.add_error(
                "agency", _("A focal point needs an agency: it sees the commitments assigned to that agency.")
            )
        if self.instance.pk is not None and self.instance.pk == self.editor.pk:
            self._protect_own_account(cleaned, roles)
        return cleaned

    def _protect_own_account(self, cleaned: dict[str, Any], roles: list[str]) -> None:
        """Ensure that one administrator remains: only another administrator can do this."""
        if cleaned.get("is_active") is False:
            self.add_error("is_active", _("You cannot close your own account; another administrator can."))
        if Role.ADMINISTRATOR in self.editor.roles and Role.ADMINISTRATOR not in roles:
            self.add_error(
                "roles", _("You cannot remove this role from yourself; another administrator can.")
            )


class ChangeForm(RolesForm, UserChangeForm):
    """The form for editing an account. The password has a page of its own."""

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
    """The form for a new account, with a first password that its owner should change."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "agency", "clearance"]


class RoleFilter(admin.SimpleListFilter):
    """Filters accounts by role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


@admin.register(User)
class AccountAdmin(
    SecondStepReset,
    PageTitles,
    RolePermissions,
    PlainTexts,
    AutocompleteFields,
    VersionedAdmin,
    SafeDeletion,
    UserAdmin,
):
    """Accounts. One that a record names is deactivated, not deleted: records keep their author."""

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
        (_("Rights"), {"fields": ["roles", "agency", "clearance"]}),
        (_("Dates"), {"fields": [("last_login", "date_joined")]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("Rights"), {"fields": ["roles", "agency", "clearance"]}),
    ]

    class Media:
        css = {"all": ["admin_site/workflow.css"]}
        js = [AUTOCOMPLETE_SCRIPT]

    # -- permissions -----------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser may change a superuser, whose password would otherwise give its rights away."""
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser  # type: ignore[union-attr]
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_change_permission(request, obj) or obj is None:
            return False
        return obj.pk != request.user.pk and not any(_references(obj))

    def has_search_permission(self, request: HttpRequest) -> bool:
        """Return whether the person may search accounts: administrators all, assigners those of a role."""
        if request.GET.get("field_name") in Role.values:
            return request.user.may(Right.ASSIGN) or self.has_view_permission(request)  # type: ignore[union-attr]
        return self.has_view_permission(request)

    # -- list -----------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("agency").prefetch_related("groups")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by name, ignoring diacritics. A field named like a role finds only people in that role."""
        role, agency = request.GET.get("field_name"), request.GET.get("agency", "")
        if role in Role.values:
            queryset = queryset.filter(is_active=True, groups__name=role)
            queryset = queryset.filter(agency=agency) if agency.isdigit() else queryset
        words = fold(search_term).split()
        if words:
            rows = queryset.values_list("pk", "username", "first_name", "last_name", "email")
            found = [pk for pk, *names in rows if all(word in fold(" ".join(names)) for word in words)]
            queryset = queryset.filter(pk__in=found)
        return queryset, False

    def label_of(self, user: User) -> str:
        """The label in autocomplete fields."""
        if user.agency is None:
            return str(user)
        return pgettext("person and agency", "%(person)s (%(agency)s)") % {
            "person": user,
            "agency": user.agency.short,
        }

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        """First and last name."""
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """The roles, in the order of ``Role``."""
        group_names = {group.name for group in user.groups.all()}
        labels = [role.label for role in Role if role in group_names]
        return listed([*labels, pgettext("role", "Superuser")] if user.is_superuser else labels)

    # -- form -----------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add ``is_superuser`` for superusers, on an account that exists."""
        fieldsets: Any = [(title, dict(options)) for title, options in super().get_fieldsets(request, obj)]
        if obj is not None and request.user.is_superuser:  # type: ignore[union-attr]
            fieldsets[2][1]["fields"] = [*fieldsets[2][1]["fields"], "is_superuser"]
        return fieldsets

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles as groups. Groups that are not roles are unchanged."""
        super().save_related(request, form, formsets, change)
        others = form.instance.groups.exclude(name__in=Role.values)
        roles = Group.objects.filter(name__in=form.cleaned_data["roles"])
        form.instance.groups.set([*others, *roles])

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


def _references(user: User) -> Iterator[bool]:
    """Yield for each model with a relation to accounts whether one of its records names the account.

    Records that belong to the account itself, such as its tokens, are left out.
    """
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        belongs_to_account = relation.on_delete is CASCADE and relation.related_model is not LogEntry
        if not belongs_to_account:
            manager = relation.related_model._base_manager  # type: ignore[union-attr]
            yield manager.filter(**{relation.field.name: user.pk}).exists()
