"""Countries, agencies and people, and the mechanisms in which they meet."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.iso_countries import CODES
from relations.choices import AgencyKind
from relations.models.searchable import DERIVED_NAMES, Searchable

NOT_EDITED = [*DERIVED_NAMES, "version"]
"""Derived fields, which have no history."""
_NOT_EDITED = [*NOT_EDITED, "former_keys"]


def _names_list(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise ValidationError(_("Enter a list of names."))


def iso_code(value: str) -> None:
    """Raise ``ValidationError`` unless ``value`` is the code of a country. A file may bring others."""
    if value not in CODES:
        message = _("“%(value)s” is not the code of a country in ISO 3166-1 alpha-2.")
        raise ValidationError(message, code="invalid", params={"value": value})


class Mergeable(Searchable):
    """A record that another one of its kind can be merged into (``commitments.models.BodyMerge``)."""

    former_keys = models.JSONField(_("former keys"), default=list, blank=True, editable=False)
    """The keys of records that were merged into this one. Their addresses lead here."""

    class Meta:
        abstract = True


class Country(Mergeable):
    """A state that can be a party, identified by its ISO 3166-1 alpha-2 code; ``aliases`` are other names."""

    code = models.CharField(
        _("code"),
        max_length=2,
        unique=True,
        validators=[iso_code],
        help_text=_("Two letters, as in ISO 3166-1 alpha-2."),
    )
    name = models.CharField(_("name"), max_length=120, unique=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True, validators=[_names_list])

    history = HistoricalRecords(excluded_fields=_NOT_EDITED)

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


class Agency(Mergeable):
    """A body to which commitments are assigned: a ministry, a parliament, a political party. Not a person."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="agencies"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=AgencyKind.choices)
    aliases = models.JSONField(_("other names"), default=list, blank=True, validators=[_names_list])

    history = HistoricalRecords(excluded_fields=_NOT_EDITED)

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
        """Key, name, acronym and other names."""
        return (self.slug, self.name, self.acronym, *self.aliases)


class Person(Mergeable):
    """An official. Positions change, so they are recorded for each meeting (``Participation.office``)."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True, validators=[_names_list])
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="people"
    )

    history = HistoricalRecords(excluded_fields=_NOT_EDITED)

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


class Mechanism(Mergeable):
    """A standing body or format, such as a Joint Committee. Its sessions are meetings."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True, validators=[_names_list])
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), related_name="mechanisms")
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords(excluded_fields=_NOT_EDITED, m2m_fields=[countries])

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
        """Key, name, acronym and other names."""
        return (self.slug, self.name, self.acronym, *self.aliases)
