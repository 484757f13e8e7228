"""Countries, agencies, people and mechanisms in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.admin.base import RegisterInline
from relations.admin.named import NamedAdmin
from relations.models import Agency, Country, Mechanism, Participation, Person


def _names(value: Any) -> str:
    return "; ".join(value)


@admin.register(Country)
class CountryAdmin(NamedAdmin):
    """States that can be a party."""

    edit_right = Right.EDIT_REFERENCE_DATA
    list_display = ["code", "name", "other_names"]
    list_display_links = ["code", "name"]
    fields = ["code", "name", "aliases"]

    @admin.display(description=_("other names"))
    def other_names(self, country: Country) -> str:
        """The aliases in a row."""
        return _names(country.aliases)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code stands in every reference."""
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]


@admin.register(Agency)
class AgencyAdmin(NamedAdmin):
    """Bodies that can be charged with a commitment."""

    edit_right = Right.EDIT_BODIES
    list_display = ["name", "acronym", "country", "kind"]
    list_filter = ["country", "kind"]
    list_select_related = ["country"]
    autocomplete_fields = ["country"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "country", "kind"]}),
        (_("In addresses and the register file"), {"fields": ["slug"]}),
    ]

    def label_of(self, agency: Agency) -> str:
        """As it is picked."""
        return f"{agency.name} ({agency.acronym})" if agency.acronym else agency.name


class OfficesInline(RegisterInline):
    """The offices in which a person took part in meetings: to be read here, written at the meeting."""

    model = Participation
    verbose_name_plural = _("offices held at meetings")
    fields = readonly_fields = ["meeting", "office", "country", "role"]
    ordering = ["-meeting__day"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participation]:
        return super().get_queryset(request).select_related("meeting", "country", "person")


@admin.register(Person)
class PersonAdmin(NamedAdmin):
    """Officials; their offices belong to the meetings."""

    edit_right = Right.EDIT_BODIES
    list_display = ["name", "country", "other_spellings"]
    list_filter = ["country"]
    list_select_related = ["country"]
    autocomplete_fields = ["country"]
    inlines = [OfficesInline]
    fieldsets = [
        (None, {"fields": ["name", "aliases", "country"]}),
        (_("In addresses and the register file"), {"fields": ["slug"]}),
    ]

    @admin.display(description=_("other spellings"))
    def other_spellings(self, person: Person) -> str:
        """The aliases in a row."""
        return _names(person.aliases)


@admin.register(Mechanism)
class MechanismAdmin(NamedAdmin):
    """Standing bodies whose sessions are meetings."""

    edit_right = Right.EDIT_BODIES
    list_display = ["name", "acronym", "between"]
    list_filter = ["countries"]
    autocomplete_fields = ["countries"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "countries", "note"]}),
        (_("In addresses and the register file"), {"fields": ["slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mechanism]:
        return super().get_queryset(request).prefetch_related("countries")

    @admin.display(description=_("between"))
    def between(self, mechanism: Mechanism) -> str:
        """The countries in a row."""
        return ", ".join(country.name for country in mechanism.countries.all())
