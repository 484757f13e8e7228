"""What the address of a page may ask beside the page itself: the day above all. Anything else is refused."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commitments.filtersets import LONGEST_SEARCH
from commitments.models import Commitment
from commitments.querysets import AsOf
from core import clock
from core.filters import CountFilter, DayFilter, StrictFilterSet
from core.pagination import MAX_PAGE_SIZE
from relations.filtersets import MeetingFilterSet, SourceFilterSet


def _for_the_view(rows: Any, name: str, value: Any) -> Any:
    """A parameter that chooses no rows; the view reads it."""
    return rows


class DayMixin:
    """A filter set that knows ``as_of``."""

    form: Any

    @cached_property
    def when(self) -> AsOf:
        """The day by which the page is judged: ``as_of``, else today."""
        today = clock.today()
        return AsOf(day=self.form.cleaned_data.get("as_of") or today, today=today)


class DayFilterSet(DayMixin, StrictFilterSet):
    """``as_of``: the day by which the page is judged."""

    as_of = DayFilter(label=_("As it stood on"), method=_for_the_view)

    class Meta:
        model = Commitment
        fields: list[str] = []


class SearchedDayFilterSet(DayFilterSet):
    """The day, and the words of the search that led to the page."""

    q = django_filters.CharFilter(label=_("Search"), max_length=LONGEST_SEARCH, method=_for_the_view)

    @property
    def words(self) -> str:
        """The words, if any."""
        return self.form.cleaned_data["q"] or ""


class NoParameters(StrictFilterSet):
    """No parameter at all."""

    class Meta:
        model = Commitment
        fields: list[str] = []


class PageFilterSet(NoParameters):
    """Which page of a list that has no filters."""

    page = CountFilter(label=_("Page"), min_value=1, method=_for_the_view)
    page_size = CountFilter(
        label=_("Rows a page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_for_the_view
    )


class DayListFilterSet(DayFilterSet):
    """The day, and which page of a short list."""

    page = CountFilter(label=_("Page"), min_value=1, method=_for_the_view)
    page_size = CountFilter(
        label=_("Rows a page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_for_the_view
    )


class MeetingDayFilterSet(DayMixin, MeetingFilterSet):
    """The filters of the meetings, and the day."""

    as_of = DayFilter(label=_("As it stood on"), method=_for_the_view)


class SourceDayFilterSet(DayMixin, SourceFilterSet):
    """The filters of the sources, and the day."""

    as_of = DayFilter(label=_("As it stood on"), method=_for_the_view)


class GroupFilterSet(DayFilterSet):
    """The day, and the one group of the page that is to be shown whole."""

    def __init__(self, data: Mapping[str, Any], *, groups: frozenset[str]) -> None:
        super().__init__(data)
        self.filters["group"] = django_filters.ChoiceFilter(
            label=_("Group"),
            choices=[(key, key) for key in sorted(groups)],
            error_messages={"invalid_choice": _("There is no group “%(value)s” here.")},
        )

    @property
    def group(self) -> str:
        """The group, if one was asked for."""
        return self.form.cleaned_data["group"] or ""


class CompareFilterSet(StrictFilterSet):
    """``compare``: the other day beside the one of the list."""

    compare = DayFilter(label=_("Compared with"), method=_for_the_view)

    class Meta:
        model = Commitment
        fields: list[str] = []

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """What ``query`` asks to compare; its other parameters are for others to judge."""
        return cls({"compare": query.getlist("compare")} if "compare" in query else {})

    def other(self, when: AsOf) -> AsOf | None:
        """The day to compare with, if one was asked for."""
        day = self.form.cleaned_data.get("compare")
        return AsOf(day, when.today) if day else None
