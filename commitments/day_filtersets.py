"""Filter sets for the query parameters of pages: above all ``as_of``. Other parameters are refused."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.filtersets import LONGEST_SEARCH
from commitments.models import Commitment
from commitments.querysets import AsOf
from core import clock
from core.filters import BooleanFilter, CountFilter, DayFilter, StrictFilterSet
from core.pagination import MAX_PAGE_SIZE
from relations.filtersets import MeetingFilterSet, PersonFilterSet, SourceFilterSet


def _for_the_view(rows: Any, name: str, value: Any) -> Any:
    """Filter no rows: the view reads the parameter."""
    return rows


class DayMixin:
    """Adds ``when`` to a filter set with ``as_of``."""

    form: Any

    @cached_property
    def when(self) -> AsOf:
        """The date of the page: ``as_of``, or today."""
        today = clock.today()
        return AsOf(day=self.form.cleaned_data.get("as_of") or today, today=today)


class DayFilterSet(DayMixin, StrictFilterSet):
    """``as_of``: the date of the page."""

    as_of = DayFilter(label=_("As of"), method=_for_the_view)

    class Meta:
        model = Commitment
        fields: list[str] = []


class SearchedDayFilterSet(DayFilterSet):
    """The date, and the words of the search that led to the page."""

    q = django_filters.CharFilter(label=_("Search"), max_length=LONGEST_SEARCH, method=_for_the_view)

    @property
    def words(self) -> str:
        """The words of the search, or ""."""
        return self.form.cleaned_data["q"] or ""


class NoParameters(StrictFilterSet):
    """No parameters."""

    class Meta:
        model = Commitment
        fields: list[str] = []


class PageFilterSet(NoParameters):
    """The page of a list that has no filters."""

    page = CountFilter(label=_("Page"), min_value=1, method=_for_the_view)
    page_size = CountFilter(
        label=_("Rows per page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_for_the_view
    )


class ErrorPageFilterSet(PageFilterSet):
    """The page of a list whose rows can have been entered in error, and whether these are asked for."""

    entered_in_error = BooleanFilter(
        label=_("Entered in error"), empty_label=_("left out"), method=_for_the_view
    )


class DayListFilterSet(DayFilterSet):
    """The date, and the page of a list."""

    page = CountFilter(label=_("Page"), min_value=1, method=_for_the_view)
    page_size = CountFilter(
        label=_("Rows per page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_for_the_view
    )


class MeetingDayFilterSet(DayMixin, MeetingFilterSet):
    """The filters of the meetings, and the date."""

    as_of = DayFilter(label=_("As of"), method=_for_the_view)


class PeopleDayFilterSet(DayMixin, PersonFilterSet):
    """The filters of the people, and the date."""

    as_of = DayFilter(label=_("As of"), method=_for_the_view)


class SourceDayFilterSet(DayMixin, SourceFilterSet):
    """The filters of the sources, and the date."""

    as_of = DayFilter(label=_("As of"), method=_for_the_view)


class GroupFilterSet(DayFilterSet):
    """The date, and the group of rows that the page shows in full."""

    def __init__(self, data: Mapping[str, Any], *, groups: frozenset[str]) -> None:
        super().__init__(data)
        self.filters["group"] = django_filters.ChoiceFilter(
            label=pgettext_lazy("group of rows", "Group"),
            choices=[(key, key) for key in sorted(groups)],
            error_messages={"invalid_choice": _("There is no group “%(value)s” on this page.")},
        )

    @property
    def group(self) -> str:
        """The group, or ""."""
        return self.form.cleaned_data["group"] or ""


class CompareFilterSet(StrictFilterSet):
    """``compare``: the date that the date of the list is compared with."""

    compare = DayFilter(label=_("Compared with"), method=_for_the_view)

    class Meta:
        model = Commitment
        fields: list[str] = []

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read ``compare`` from ``query`` and ignore its other parameters."""
        return cls({"compare": query.getlist("compare")} if "compare" in query else {})

    def other(self, when: AsOf) -> AsOf | None:
        """The date to compare with, if there is one."""
        day = self.form.cleaned_data.get("compare")
        return AsOf(day, when.today) if day else None
