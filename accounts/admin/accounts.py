"""The admin of accounts: roles, agency, clearance, and the way to what was done with an account."""

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import CASCADE, ManyToOneRel, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.admin.clearances import Clearances
from accounts.admin.identities import Identities
from accounts.admin.password_links import PasswordLinks
from accounts.admin.second_step import SecondStep
from accounts.choices import Role
from accounts.models import AccountEvent, User
from accounts.permissions import Right
from accounts.services.clearances import (
    confine_like,
    has_security_officer,
    is_last_security_officer,
    require_not_above,
)
from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, AutocompleteFields
from core.admin.deletion import SafeDeletion
from core.admin.edit_conflicts import VersionedAdmin
from core.admin.lookups import OfferedLookups
from core.admin.rights import RolePermissions
from core.admin.texts import PlainTexts
from core.admin.titles import PageTitles
from core.lists import listed
from core.search.folding import fold
from core.search.query import words_of
from core.whole_numbers import whole_number

for _unused_model in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    with contextlib.suppress(NotRegistered):
        admin.site.unregister(_unused_model)


_GOVERNED = _("%(provider)s decides on these roles at each sign-in there: %(roles)s.")


class RolesForm(forms.ModelForm):
    """The form of an account with its roles. ``editor`` is the administrator who fills it in.

    In the form of one's own account there are no rights: another administrator changes them.
    """

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
        if self.instance.pk is not None and self.instance.pk == self.editor.pk:
            del self.fields["roles"]
            return
        if "roles" not in self.fields:
            return
        if settings.OIDC.roles:
            governed = [
                role.label for role in Role if any(role in each for each in settings.OIDC.roles.values())
            ]
            self.fields["roles"].help_text = _GOVERNED % {
                "roles": listed(governed),
                "provider": settings.OIDC.name,
            }
        # A security officer names the others. Only the first one is named by an administrator.
        if has_security_officer():
            roles: Any = self.fields["roles"]
            roles.choices = [each for each in Role.choices if each[0] != Role.SECURITY_OFFICER]
        if self.instance.pk:
            names = self.instance.groups.values_list("name", flat=True)
            self.initial.setdefault("roles", [role for role in self.offered_roles if role in names])

    @property
    def offered_roles(self) -> list[str]:
        """The roles that the form can give and take."""
        return [name for name, _label in self.fields["roles"].choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        roles = cleaned.get("roles", [])
        if Role.FOCAL_POINT in roles and not cleaned.get("agency") and "agency" not in self.errors:
            self.add_error(
                "agency", _("A focal point needs an agency: it sees the commitments assigned to that agency.")
            )
        return cleaned


class ChangeForm(RolesForm, UserChangeForm):
    """The form for editing an account. Its password is set by its owner alone."""

    password = None

    class Meta:
        model = User
        fields = [
            "username",
            "first_name",
            "last_name",
            "email",
            "agency",
            "is_active",
            "is_superuser",
        ]

    def clean_email(self) -> str:
        """Refuse another address for an account that may read more.

        With it somebody else could sign in, at a provider or by a link for a lost password, or get its mails.
        """
        email: str = self.cleaned_data["email"]
        stored = User.objects.get(pk=self.instance.pk)
        counts = settings.OIDC.issuer or settings.SENDS_MAIL
        if counts and email != stored.email and stored != self.editor:
            try:
                require_not_above(self.editor, stored)
            except PermissionDenied as refused:
                raise ValidationError(str(refused)) from None
        return email

    def clean_is_active(self) -> bool:
        """Refuse to close the account of the last security officer."""
        is_active: bool = self.cleaned_data["is_active"]
        stored = User.objects.get(pk=self.instance.pk)
        if not is_active and is_last_security_officer(stored):
            raise ValidationError(
                _("This is the only security officer. Another one must be named first, by this one.")
            )
        return is_active


class CreationForm(RolesForm):
    """The form for a new account. It has no password: its owner sets it with a link."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "agency"]
        field_classes = {"username": UsernameField}

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


class RoleFilter(admin.SimpleListFilter):
    """Filters accounts by role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


class AccountAdmin(
    Clearances,
    SecondStep,
    Identities,
    PasswordLinks,
    PageTitles,
    OfferedLookups,
    RolePermissions,
    PlainTexts,
    AutocompleteFields,
    VersionedAdmin,
    SafeDeletion,
    UserAdmin,
):
    """Accounts. One that a record names is deactivated, not deleted: records keep their author.

    Registered where the duties of an account are known.
    """

    edit_right = view_right = Right.MANAGE_USERS
    form = ChangeForm
    add_form = CreationForm
    list_display = ["username", "full_name", "role_names", "agency", "clearance", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_active", "clearance", ("agency", admin.RelatedOnlyFieldListFilter)]
    list_per_page = 50
    autocomplete_fields = ["agency"]
    filter_horizontal = []
    readonly_fields = [
        "clearance_shown",
        "desk_shown",
        "last_login",
        "date_joined",
        "password_state",
        "second_step",
        "identity",
        "open_sessions",
        "tokens",
        "events",
    ]
    fieldsets = [
        (None, {"fields": ["username", "password_state", "second_step", "is_active"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("Rights"), {"fields": ["roles", "agency", "clearance_shown", "desk_shown"]}),
        (_("Use"), {"fields": ["open_sessions", "tokens", "events", ("last_login", "date_joined")]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["username"],
                "description": _("The next page shows a link, with which the person sets a password."),
            },
        ),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("Rights"), {"fields": ["roles", "agency"]}),
    ]

    class Media:
        css = {"all": ["admin_site/workflow.css"]}
        js = [AUTOCOMPLETE_SCRIPT]

    # -- permissions -----------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators, and security officers, who see whom they clear."""
        return super().has_view_permission(request, obj) or request.user.may(Right.GIVE_CLEARANCE)  # type: ignore[union-attr]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser may change a superuser, whose password would otherwise give its rights away."""
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser  # type: ignore[union-attr]
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_change_permission(request, obj) or obj is None:
            return False
        return obj.pk != request.user.pk and not is_last_security_officer(obj) and not any(_references(obj))

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
        role, agency = request.GET.get("field_name"), whole_number(request.GET.get("agency", ""))
        if role in Role.values:
            queryset = queryset.filter(is_active=True, groups__name=role)
            queryset = queryset if agency is None else queryset.filter(agency=agency)
        words = words_of(fold(search_term))
        if words:
            rows = queryset.values_list("pk", "username", "first_name", "last_name", "email")
            found = [pk for pk, *names in rows if all(word in fold(" ".join(names)) for word in words)]
            queryset = queryset.filter(pk__in=found)
        return queryset, False

    @staticmethod
    def label_of(user: User) -> str:
        """The label in autocomplete fields."""
        if user.agency is None:
            return user.marked_name
        return pgettext("person and agency", "%(person)s (%(agency)s)") % {
            "person": user.marked_name,
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
        """Add ``is_superuser`` for superusers, on an account that exists; show one's own rights as text."""
        fieldsets: Any = [(title, dict(options)) for title, options in super().get_fieldsets(request, obj)]
        if obj is not None and settings.OIDC.issuer:
            fieldsets[0][1]["fields"] = ["username", "password_state", "identity", "second_step", "is_active"]
        rights = fieldsets[2][1]
        if obj is not None and request.user.is_superuser:  # type: ignore[union-attr]
            rights["fields"] = [*rights["fields"], "is_superuser"]
        if obj is not None and (obj.pk == request.user.pk or not self.may_edit(request)):
            rights["fields"] = ["role_names", *(name for name in rights["fields"] if name != "roles")]
        if obj is not None and not self.may_edit(request):
            fieldsets[0][1]["fields"] = ["username", "is_active"]
            fieldsets[-1][1]["fields"] = ["events", ("last_login", "date_joined")]
        elif obj is not None and obj.pk == request.user.pk:
            rights["description"] = _("Only another administrator can change the rights of your own account.")
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody gives themselves rights, and one administrator always remains."""
        fields = super().get_readonly_fields(request, obj)
        if obj is not None and obj.pk == request.user.pk:
            return [*fields, "is_active", "role_names", "agency", "is_superuser"]
        return fields

    @admin.display(description=_("open sessions"))
    def open_sessions(self, user: User) -> str:
        """How many browsers are signed in, with a link to them."""
        return _counted(user.sessions.open(), account__id__exact=user.pk)

    @admin.display(description=_("API tokens in use"))
    def tokens(self, user: User) -> str:
        """How many tokens work, with a link to them."""
        return _counted(user.api_tokens.usable(), owner__id__exact=user.pk, usable="yes")

    @admin.display(description=_("account events"))
    def events(self, user: User) -> str:
        """How many account events there are, with a link to them."""
        events = AccountEvent.objects.filter(account_number=user.pk)
        return _counted(events, account_number=user.pk)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles as groups. Groups that are not roles are unchanged. A new account gets the desk of
        whoever makes it.
        """
        super().save_related(request, form, formsets, change)
        if not change:
            confine_like(form.instance, request.user)  # type: ignore[arg-type]
        if "roles" not in form.cleaned_data:
            return
        others = form.instance.groups.exclude(name__in=form.offered_roles)
        roles = Group.objects.filter(name__in=form.cleaned_data["roles"])
        form.instance.groups.set([*others, *roles])

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log a change. A form that was saved untouched changed nothing."""
        return super().log_change(request, obj, message) if message else None

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


def _counted(rows: QuerySet[Any], **query: object) -> str:
    """The number of ``rows`` as a link to their list, which ``query`` filters."""
    address = reverse(f"admin:accounts_{rows.model._meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, urlencode(query), rows.count())


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
