"""The query of a comparison: two dates of the list, or two sessions of a mechanism."""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.filtersets import CommitmentFilterSet
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports import comparison
from commitments.reports.comparison import BETWEEN_DAYS, BETWEEN_SESSIONS, Span, Texts, comparison_of
from core.filters import CountFilter, StrictFilterSet
from core.pagination import MAX_PAGE_SIZE, PAGE_SIZE, no_page, page_of
from core.whole_numbers import LARGEST, whole_number
from relations.models import Mechanism, Meeting
from relations.querysets import MeetingQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def days_compared(filterset: CommitmentFilterSet, visible: CommitmentQuerySet, other: AsOf) -> dict[str, Any]:
    """One page of the changes between the date of ``filterset`` and ``other``, with the same filters."""
    span = comparison.days(visible, other, filterset.when)
    rows = comparison.shown_on_either(filterset, visible, span)
    return _one_page(rows, visible, span, BETWEEN_DAYS, filterset.form.cleaned_data)


class SessionField(forms.Field):
    """A session that was held, by its slug or its number."""

    default_error_messages = {"unknown": _("This mechanism has no held session “%(value)s”.")}

    def __init__(self, *, held: MeetingQuerySet, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.held = held

    def to_python(self, value: Any) -> Meeting | None:
        """The session. Raises ``ValidationError`` if the mechanism has held no such session."""
        if value in self.empty_values:
            return None
        session = whole_number(value)
        found = self.held.filter(slug=value).first()
        if found is None and session is not None:
            found = self.held.filter(session=session).first()
        if found is None:
            raise forms.ValidationError(
                self.error_messages["unknown"], code="unknown", params={"value": value}
            )
        return found


class SessionFilter(django_filters.Filter):
    """A filter whose value is one session."""

    field_class = SessionField


class TwoSessions(StrictFilterSet):
    """The parameters ``from`` and ``to``, each the slug or number of a session, and the page."""

    page = CountFilter(label=_("Page"), min_value=1)
    page_size = CountFilter(label=_("Rows per page"), min_value=1, max_value=MAX_PAGE_SIZE)

    class Meta:
        model = Meeting
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any], *, held: MeetingQuerySet) -> None:
        super().__init__(data, queryset=held)
        self.filters["from"] = SessionFilter(label=_("Earlier session"), held=held)
        self.filters["to"] = SessionFilter(label=_("Later session"), held=held)

    @property
    def faults(self) -> dict[str, list[str]]:
        """The errors by parameter. A session cannot be compared with itself."""
        found = super().faults
        if not found:
            one, other = self._sessions()
            if one is not None and one == other:
                found = {"to": [str(_("Choose two different sessions."))]}
        return found

    @cached_property
    def pair(self) -> tuple[Meeting, Meeting] | None:
        """The two sessions, the earlier one first; ``None`` if fewer than two were held."""
        one, other = self._sessions()
        if one is None or other is None:
            return None
        first, second = sorted((one, other), key=lambda each: (comparison.closed_on(each), each.pk))
        return first, second

    def _sessions(self) -> tuple[Meeting | None, Meeting | None]:
        """``from`` and ``to``. The defaults are the last session that was held and the one before."""
        one, other = self.form.cleaned_data["from"], self.form.cleaned_data["to"]
        latest = list(self.queryset.order_by("-day", "-pk")[:2])
        other = other or next(iter(latest), None)
        if one is None and other is not None:
            before = self.queryset.filter(day__lte=other.day).exclude(pk=other.pk)
            one = before.order_by("-day", "-pk").first()
        return one, other


def held_sessions(mechanism: Mechanism, user: "User", today: dt.date) -> MeetingQuerySet:
    """The sessions of ``mechanism`` that can be compared: those that ``user`` sees, held until ``today``."""
    seen: MeetingQuerySet = Meeting.objects.visible_to(user)
    return seen.held().filter(mechanism=mechanism, day__lte=today).with_has_text()


def sessions_compared(query: TwoSessions, visible: CommitmentQuerySet, today: dt.date) -> dict[str, Any]:
    """One page of the changes between the two sessions; empty if fewer than two were held."""
    if not (pair := query.pair):
        return {}
    span = comparison.sessions(*pair, today)
    rows = visible.filter(Q(span.raised) | Q(span.again))
    return {
        "earlier": pair[0],
        "later": pair[1],
        "raised": rows.filter(span.raised).count(),
        "again": rows.filter(span.again).count(),
        "both": rows.filter(span.raised).filter(span.again).count(),
        **_one_page(rows, visible, span, BETWEEN_SESSIONS, query.form.cleaned_data),
    }


def _one_page(
    rows: CommitmentQuerySet, visible: CommitmentQuerySet, span: Span, texts: Texts, values: Mapping[str, Any]
) -> dict[str, Any]:
    """One page of each group. Raises ``Http404`` after the last page of the longest group."""
    number, size = values["page"] or 1, values["page_size"] or PAGE_SIZE
    if number * size > LARGEST:  # no database counts so far
        raise no_page(number)
    found = comparison_of(rows, visible, span, texts, most=slice((number - 1) * size, number * size))
    page = page_of(range(found.longest), number=number, size=size)
    return {"comparison": found, "page": page}
