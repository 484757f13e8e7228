"""Countries, agencies and people, and the mechanisms in which they meet."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from relations.choices import AgencyKind
from relations.models.searchable import DERIVED_NAMES, Searchable

NOT_EDITED = [*DERIVED_NAMES, "version"]
"""Derived fields, which have no history."""


def _names_list(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise ValidationError(_("Enter a list of names."))


class Country(Searchable):
    """A state that can be a party, identified by its ISO 3166-1 alpha-2 code; ``aliases`` are other names."""

    code = models.CharField(
        _("code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in ISO 3166-1."))],
        help_text=_("ISO 3166-1 alpha-2, for example VN."),
    )
    name = models.CharField(_("name"), max_length=120, unique=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True, validators=[_names_list])

    history = HistoricalRecords(excluded_fields=NOT_EDITED)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the country."""
        return reverse("country", args=[self.code])

    def searchable(self) -> Iterable[str]:
        """Code, name and other names."""
        return (self.code, self.name, *self.aliases)


class Agency(Searchable):
    """A body to which commitments are assigned: a ministry, a parliament, a political party. Not a person."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="agencies"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=AgencyKind.choices)

    history = HistoricalRecords(excluded_fields=NOT_EDITED)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def short(self) -> str:
        """The acronym, or the name where there is no acronym."""
        return self.acronym or self.name

    def get_absolute_url(self) -> str:
        """The page of the agency."""
        return reverse("agency", args=[self.slug])

    def searchable(self) -> Iterable[str]:
        """Key, name and acronym."""
        return (self.slug, self.name, self.acronym)


class Person(Searchable):
    """An official. Positions change, so they are recorded for each meeting (``Participation.office``)."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True, validators=[_names_list])
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="people"
    )

    history = HistoricalRecords(excluded_fields=NOT_EDITED)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the person."""
        return reverse("person", args=[self.slug])

    def searchable(self) -> Iterable[str]:
        """Key, name and other spellings."""
        return (self.slug, self.name, *self.aliases)


class Mechanism(Searchable):
    """A standing body or format, such as a Joint Committee. Its sessions are meetings."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), related_name="mechanisms")
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords(excluded_fields=NOT_EDITED, m2m_fields=[countries])

    class Meta:
        verbose_name = _("mechanism")
        verbose_name_plural = _("mechanisms")
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the mechanism."""
        return reverse("mechanism", args=[self.slug])

    def searchable(self) -> Iterable[str]:
        """Key, name and acronym."""
        return (self.slug, self.name, self.acronym)
