"""The admin of countries, agencies, people and mechanisms."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.permissions import Right
from core.admin.base import RegisterInline
from core.lists import listed
from relations.admin.named import NamedAdmin, SlugForm
from relations.models import Agency, Country, Mechanism, Meeting, Participation, Person


class CountryForm(SlugForm):
    """A country. Its code may be typed in small letters."""

    def clean_code(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["code"]).upper()


class CountryAdmin(NamedAdmin):
    """Countries that can be party to a commitment."""

    edit_right = Right.EDIT_REFERENCE_DATA
    form = CountryForm
    list_display = ["code", "name", "other_names"]
    list_display_links = ["code", "name"]
    fields = ["code", "name", "aliases"]

    @admin.display(description=_("other names"))
    def other_names(self, country: Country) -> str:
        """The aliases in one line."""
        return listed(country.aliases)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Make the code of a stored country read-only: references contain it."""
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]


class AgencyAdmin(NamedAdmin):
    """Agencies, to which commitments are assigned."""

    edit_right = Right.EDIT_BODIES
    list_display = ["name", "acronym", "country", "kind"]
    list_filter = ["country", "kind"]
    list_select_related = ["country"]
    autocomplete_fields = ["country"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "aliases", "country", "kind"]}),
        (_("Key in web addresses and the register file"), {"fields": ["slug"]}),
    ]

    def label_of(self, agency: Agency) -> str:
        """The label in autocomplete fields."""
        if not agency.acronym:
            return agency.name
        return pgettext("agency and acronym", "%(agency)s (%(acronym)s)") % {
            "agency": agency.name,
            "acronym": agency.acronym,
        }


class PositionsInline(RegisterInline):
    """The positions in which a person took part in meetings. They are edited with the meeting."""

    model = Participation
    verbose_name_plural = _("Positions at meetings")
    fields = readonly_fields = ["meeting", "office", "country", "role"]
    ordering = ["-meeting__day"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participation]:
        seen = Meeting.objects.visible_to(request.user).order_by().values("pk")  # type: ignore[arg-type]
        rows = super().get_queryset(request).filter(meeting__in=seen)
        return rows.select_related("meeting", "country", "person")


class PersonAdmin(NamedAdmin):
    """People who took part in meetings. Their positions are stored with the meetings."""

    edit_right = Right.EDIT_BODIES
    list_display = ["name", "country", "other_spellings"]
    list_filter = ["country"]
    list_select_related = ["country"]
    autocomplete_fields = ["country"]
    inlines = [PositionsInline]
    fieldsets = [
        (None, {"fields": ["name", "aliases", "country"]}),
        (_("Key in web addresses and the register file"), {"fields": ["slug"]}),
    ]

    @admin.display(description=_("other spellings"))
    def other_spellings(self, person: Person) -> str:
        """The aliases in one line."""
        return listed(person.aliases)


class MechanismAdmin(NamedAdmin):
    """Standing bodies whose sessions are meetings."""

    edit_right = Right.EDIT_BODIES
    list_display = ["name", "acronym", "country_names"]
    list_filter = ["countries"]
    autocomplete_fields = ["countries"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "aliases", "countries", "note"]}),
        (_("Key in web addresses and the register file"), {"fields": ["slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mechanism]:
        return super().get_queryset(request).prefetch_related("countries")

    @admin.display(description=_("countries"))
    def country_names(self, mechanism: Mechanism) -> str:
        """The countries in one line."""
        return listed(country.name for country in mechanism.countries.all())
