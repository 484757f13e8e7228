"""The filter parameters of the lists of meetings and of sources."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from core.filters import CountFilter, StrictFilterSet
from core.pagination import MAX_PAGE_SIZE
from relations.choices import MeetingStatus, SourceKind
from relations.models import Mechanism, Meeting, Source


def _ignored(rows: Any, name: str, value: Any) -> Any:
    """A parameter of the presentation; the view reads it."""
    return rows


def _named_like(rows: Any, name: str, value: str) -> Any:
    return rows.named_like(value)


class MeetingFilterSet(StrictFilterSet):
    """``q`` in the title and the place, ``mechanism``, ``status``."""

    q = django_filters.CharFilter(label=_("Search"), max_length=200, method=_named_like)
    mechanism = django_filters.ModelChoiceFilter(
        label=_("Mechanism"),
        queryset=Mechanism.objects.all(),
        to_field_name="slug",
        empty_label=_("any"),
        error_messages={"invalid_choice": _("“%(value)s” is not known here.")},
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=MeetingStatus.choices, empty_label=_("any")
    )
    page = CountFilter(label=_("Page"), min_value=1, method=_ignored)
    page_size = CountFilter(label=_("Rows a page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_ignored)

    class Meta:
        model = Meeting
        fields: list[str] = []


class SourceFilterSet(StrictFilterSet):
    """``q`` in the title and the publisher, ``kind``."""

    q = django_filters.CharFilter(label=_("Search"), max_length=200, method=_named_like)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=SourceKind.choices, empty_label=_("any"))
    page = CountFilter(label=_("Page"), min_value=1, method=_ignored)
    page_size = CountFilter(label=_("Rows a page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_ignored)

    class Meta:
        model = Source
        fields: list[str] = []
