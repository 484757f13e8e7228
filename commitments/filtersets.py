"""The filter parameters: one definition for the list, the API, the admin and every export."""

import datetime as dt
from collections.abc import Collection, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.choices import FulfilmentFigure, Holder, MentionKind, Nature, PartyRole, State, Status
from commitments.models import Commitment, SavedView, Theme
from commitments.querysets import BY_REFERENCE, AsOf, CommitmentQuerySet
from commitments.services.officers import officers_known_to
from commitments.services.search import found_in
from commitments.services.watching import watched
from core import clock
from core.filters import BooleanFilter, CountFilter, DayFilter, StrictFilterSet
from core.lists import listed
from core.pagination import MAX_PAGE_SIZE
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source
from relations.names import search_terms
from relations.services.slugs import former_keys

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from accounts.models import User

ME = (("me", gettext_lazy("me")),)
NOBODY = "none"
ANY_FIGURE = "any"
ANYONE = "anyone"
A_LIFETIME = 36525
"""Largest number of days in a parameter: a hundred years."""
LONGEST_SEARCH = 200

_STATUS_ORDER = Case(
    *(When(status_then=status, then=Value(rank)) for rank, status in enumerate(Status)), default=Value(99)
)


class Ordering(NamedTuple):
    """An order of a list: its label, and the expression by which it sorts."""

    label: "StrPromise"
    by: Any


ORDERINGS = {
    "reference": Ordering(gettext_lazy("Reference"), None),
    "title": Ordering(gettext_lazy("Title"), F("sort_key")),
    "status": Ordering(gettext_lazy("Status"), _STATUS_ORDER),
    "nature": Ordering(gettext_lazy("Nature"), F("nature")),
    "theme": Ordering(gettext_lazy("Theme"), F("theme__sort_key")),
    "deadline": Ordering(gettext_lazy("Deadline"), Coalesce("latest_then", "review_on_then")),
    "made": Ordering(gettext_lazy("First mentioned on"), F("made_on")),
    "last_activity": Ordering(gettext_lazy("Last news"), F("last_activity_on")),
}
"""The orders of a list. A ``-`` before the name reverses it. Ties are ordered by reference."""
PAGING = frozenset({"page", "page_size"})
NOT_CONDITIONS = frozenset({"as_of", "ordering"}) | PAGING
"""Parameters that choose no rows on a given date: when, in which order, and how many at once."""


class OrderingField(forms.CharField):
    """A comma-separated list of the names in ``ORDERINGS``."""

    def clean(self, value: Any) -> list[str]:
        """The names as a list; refuses unknown names."""
        names = [name.strip() for name in (super().clean(value) or "").split(",") if name.strip()]
        for name in names:
            if name.removeprefix("-") not in ORDERINGS:
                raise forms.ValidationError(
                    _("You cannot sort by “%(name)s”. Possible: %(names)s.")
                    % {"name": name, "names": listed(ORDERINGS)}
                )
        return names


class OfficerField(forms.ChoiceField):
    """``me``, ``none``, or the username of an officer. ``reader`` sets what the reader can choose."""

    default_error_messages = {"invalid_choice": gettext_lazy("“%(value)s” was not found.")}

    def offer_to(self, reader: "User") -> None:
        """Offer the accounts that ``reader`` knows. They are read once, and only if they are needed."""

        @cache
        def offered() -> list[tuple[str, Any]]:
            known = [(each.username, each.marked_name) for each in officers_known_to(reader)]
            return [*ME, (NOBODY, _("nobody")), *known]

        self.choices = offered


class OfficerFilter(django_filters.Filter):
    """The parameter ``officer``."""

    field_class = OfficerField


class OrderingFilter(django_filters.Filter):
    """The parameter ``ordering``."""

    field_class = OrderingField


class _CurrentKeys(forms.Field):
    """Takes the key of a record that was merged, as a saved view may have it, for that of the one kept."""

    queryset: Any
    to_field_name: Any

    def clean(self, value: Any) -> Any:
        """The record or records. Only what is not found takes a query more."""
        try:
            return super().clean(value)
        except forms.ValidationError:
            former = former_keys(self.queryset.model)
            rows = self.queryset.model.objects.filter(pk__in=former.values())
            keys = {old: getattr(rows.get(pk=pk), self.to_field_name) for old, pk in former.items()}
            several = isinstance(value, list)
            current = [keys.get(each, each) for each in (value if several else [value])]
            if current == (value if several else [value]):
                raise
            return super().clean(current if several else current[0])


class _KeyField(_CurrentKeys, django_filters.fields.ModelChoiceField):
    """One record."""


class _KeysField(_CurrentKeys, django_filters.fields.ModelMultipleChoiceField):
    """Several records."""


class ByKeysFilter(django_filters.ModelMultipleChoiceFilter):
    """Any of several records, named by their keys."""

    field_class = _KeysField

    def __init__(self, model: Any, key: str = "slug", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(queryset=model.objects.all(), to_field_name=key, **kwargs)
        self.extra["error_messages"] = {
            "invalid_choice": gettext_lazy("“%(value)s” was not found."),
            "invalid_pk_value": gettext_lazy("“%(pk)s” was not found."),
        }


class ByKeyFilter(django_filters.ModelChoiceFilter):
    """One record, named by its key."""

    field_class = _KeyField

    def __init__(self, model: Any, key: str = "slug", **kwargs: Any) -> None:
        super().__init__(queryset=model.objects.all(), to_field_name=key, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": gettext_lazy("“%(value)s” was not found.")}


def _choices(choices: Any, **kwargs: Any) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        choices=choices, widget=forms.CheckboxSelectMultiple, distinct=False, **kwargs
    )


class CommitmentFilterSet(StrictFilterSet):
    """The filters of docs/rules.md#filters, for ``user``. ``as_of`` is the date of the rows."""

    q = django_filters.CharFilter(label=gettext_lazy("Search"), max_length=LONGEST_SEARCH)
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Open or closed"),
        choices=State.choices,
        empty_label=gettext_lazy("open and closed"),
    )
    status = _choices(Status.choices, label=gettext_lazy("Status"))
    figure = django_filters.ChoiceFilter(
        label=gettext_lazy("Counted in the outcomes as"),
        choices=[(ANY_FIGURE, pgettext_lazy("figure", "any of them")), *FulfilmentFigure.choices],
    )
    nature = _choices(Nature.choices, label=gettext_lazy("Nature"))
    theme = ByKeysFilter(Theme, label=gettext_lazy("Theme"))
    country = ByKeysFilter(Country, "code", label=pgettext_lazy("party to a commitment", "Party"))
    obligated = ByKeysFilter(Country, "code", label=gettext_lazy("Responsible"))
    only_obligated = ByKeyFilter(Country, "code", label=gettext_lazy("Solely responsible"))
    agency = ByKeysFilter(
        Agency, label=gettext_lazy("Agency"), null_label=gettext_lazy("no agency"), null_value=NOBODY
    )
    lead_agency = ByKeysFilter(
        Agency,
        label=gettext_lazy("Lead agency"),
        null_label=gettext_lazy("no lead agency"),
        null_value=NOBODY,
    )
    officer = OfficerFilter(label=gettext_lazy("Officer in charge"))
    holder = django_filters.ChoiceFilter(label=gettext_lazy("Now with"), choices=Holder.choices)
    report_awaited = django_filters.ChoiceFilter(
        label=gettext_lazy("Report awaited from"),
        choices=(*ME, (ANYONE, pgettext_lazy("report awaited from", "anyone"))),
    )
    mechanism = ByKeysFilter(Mechanism, label=gettext_lazy("Mechanism"))
    meeting = ByKeysFilter(Meeting, label=gettext_lazy("Mentioned at"))
    made_at = ByKeyFilter(Meeting, label=gettext_lazy("Agreed at"))
    source = ByKeyFilter(Source, label=gettext_lazy("Based on the source"))
    person = ByKeyFilter(Person, label=gettext_lazy("Mentioned at a meeting attended by"))
    made_after = DayFilter(label=gettext_lazy("First mentioned on or after"))
    made_before = DayFilter(label=gettext_lazy("First mentioned on or before"))
    due_after = DayFilter(label=gettext_lazy("Due on or after"))
    due_before = DayFilter(label=gettext_lazy("Due on or before"))
    due_within = CountFilter(label=gettext_lazy("Due within (days)"), max_value=A_LIFETIME)
    due_before_session = ByKeyFilter(Mechanism, label=gettext_lazy("Due before the next session of"))
    overdue = BooleanFilter(label=gettext_lazy("Overdue"))
    review_due = BooleanFilter(label=gettext_lazy("Due for review"))
    quiet_for = CountFilter(label=gettext_lazy("No news for (days)"), max_value=A_LIFETIME)
    mentions_min = CountFilter(label=gettext_lazy("Minimum number of meetings"), max_value=A_LIFETIME)
    has_target = BooleanFilter(label=gettext_lazy("Has a target"))
    entered_in_error = BooleanFilter(
        label=gettext_lazy("Entered in error"), empty_label=gettext_lazy("left out")
    )
    awaiting = django_filters.ChoiceFilter(
        label=gettext_lazy("Awaiting the decision of"), choices=ME, empty_label=gettext_lazy("anyone")
    )
    returned = django_filters.ChoiceFilter(
        label=gettext_lazy("Returned to"), choices=ME, empty_label=gettext_lazy("anyone")
    )
    submitted_by = django_filters.ChoiceFilter(
        label=gettext_lazy("Submitted by"), choices=ME, empty_label=gettext_lazy("anyone")
    )
    watching = django_filters.ChoiceFilter(
        label=gettext_lazy("Watched by"), choices=ME, empty_label=gettext_lazy("anyone")
    )
    as_of = DayFilter(label=gettext_lazy("As of"))
    ordering = OrderingFilter(label=pgettext_lazy("sorting", "Order"))
    page = CountFilter(label=gettext_lazy("Page"), min_value=1)
    page_size = CountFilter(label=gettext_lazy("Rows per page"), min_value=1, max_value=MAX_PAGE_SIZE)

    class Meta:
        model = Commitment
        fields: list[str] = []

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *args: Any,
        user: "User",
        queryset: CommitmentQuerySet | None = None,
        also_known: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        self.user = user
        rows = Commitment.objects.visible_to(user) if queryset is None else queryset
        super().__init__(data, *args, queryset=rows, also_known=also_known, **kwargs)

    @property
    def form(self) -> Any:
        """The form. The officers that it offers depend on the user."""
        if not hasattr(self, "_form"):
            officer: Any = super().form.fields["officer"]
            officer.offer_to(self.user)
            self._offer_visible()
        return super().form

    def _offer_visible(self) -> None:
        """Know only the meetings and sources that the user may see."""
        for name, model in (("meeting", Meeting), ("made_at", Meeting), ("source", Source)):
            field: Any = super().form.fields[name]
            field.queryset = model.objects.visible_to(self.user)

    @cached_property
    def when(self) -> AsOf:
        """The date for which the rows are shown: ``as_of``, or today."""
        today = clock.today()
        day = self.form.cleaned_data.get("as_of") if self.is_valid() else None
        return AsOf(day=day or today, today=today)

    @property
    def conditions(self) -> dict[str, list[str]]:
        """The active parameters that choose rows, as given."""
        return {name: values for name, values in self.active.items() if name not in NOT_CONDITIONS}

    @property
    def leaves_out(self) -> bool:
        """Whether any visible row may be missing: filtered out, or not yet in the register on a past date."""
        return self.when.is_past or bool(self.conditions)

    @property
    def among(self) -> CommitmentQuerySet:
        """The rows among which the filters choose: those that count, unless errors are asked for."""
        if self.is_valid() and self.form.cleaned_data["entered_in_error"] == "true":
            return Commitment.objects.readable_by(self.user).filter(is_in_error=True)
        rows: CommitmentQuerySet = self.queryset
        return rows

    def filter_queryset(self, queryset: CommitmentQuerySet) -> CommitmentQuerySet:
        """Apply the given filters in the order of their declaration, then order the rows."""
        values = self.form.cleaned_data
        rows = self.among.at(self.when)
        for name in self.filters:
            value = values.get(name)
            given = value not in (None, "") and (not hasattr(value, "__len__") or len(value) > 0)
            if given and name not in NOT_CONDITIONS:
                rows = getattr(self, f"filter_{name}")(rows, value)
        return self.order(rows, values["ordering"])

    def order(self, rows: CommitmentQuerySet, names: list[str]) -> CommitmentQuerySet:
        """Order ``rows`` by ``names``, empty values last; by reference if there are no names."""
        keys = {name.removeprefix("-") for name in names}
        if "made" in keys:
            rows = rows.with_made_on(self.when)
        if "last_activity" in keys:
            rows = rows.with_last_activity(self.when)
        terms: list[Any] = []
        for name in names:
            descending, key = name.startswith("-"), name.removeprefix("-")
            if key == "reference":
                terms.extend(f"-{field}" if descending else field for field in BY_REFERENCE)
                return rows.order_by(*terms)
            ordered = ORDERINGS[key].by.desc if descending else ORDERINGS[key].by.asc
            terms.append(ordered(nulls_last=True))
        return rows.by_reference(*terms)

    # -- one method a parameter --------------------------------------------------------------------------

    def filter_q(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return found_in(rows, search_terms(value), self.when)

    def filter_state(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.in_state(value)

    def filter_status(self, rows: CommitmentQuerySet, value: list[str]) -> CommitmentQuerySet:
        return rows.in_status(*value)

    def filter_figure(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.in_figure(FulfilmentFigure.values if value == ANY_FIGURE else [value], self.when)

    def filter_nature(self, rows: CommitmentQuerySet, value: list[str]) -> CommitmentQuerySet:
        return rows.filter(nature__in=value)

    def filter_theme(self, rows: CommitmentQuerySet, value: Any) -> CommitmentQuerySet:
        return rows.filter(theme__in=[theme.pk for theme in value])

    def filter_country(self, rows: CommitmentQuerySet, value: Any) -> CommitmentQuerySet:
        return rows.with_party([country.code for country in value], PartyRole.PARTY)

    def filter_obligated(self, rows: CommitmentQuerySet, value: Any) -> CommitmentQuerySet:
        return rows.with_party([country.code for country in value], PartyRole.OBLIGATED)

    def filter_only_obligated(self, rows: CommitmentQuerySet, value: Country) -> CommitmentQuerySet:
        return rows.only_obligated(value.code)

    def filter_agency(self, rows: CommitmentQuerySet, value: Any) -> CommitmentQuerySet:
        return self._assigned(rows, value, lead_only=False)

    def filter_lead_agency(self, rows: CommitmentQuerySet, value: Any) -> CommitmentQuerySet:
        return self._assigned(rows, value, lead_only=True)

    def _assigned(self, rows: CommitmentQuerySet, value: Any, *, lead_only: bool) -> CommitmentQuerySet:
        slugs = [agency.slug for agency in value if agency != NOBODY]
        return rows.assigned_to(slugs, none=NOBODY in list(value), lead_only=lead_only)

    def filter_officer(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        if value == NOBODY:
            return rows.filter(officer=None)
        return rows.filter(officer=self.user.pk) if value == "me" else rows.filter(officer__username=value)

    def filter_holder(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.held_by(value, self.when)

    def filter_report_awaited(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.report_awaited(self.when, None if value == ANYONE else self.user)

    def filter_mechanism(self, rows: CommitmentQuerySet, value: Any) -> CommitmentQuerySet:
        return rows.mentioned(self.when, meeting__mechanism__in=[mechanism.pk for mechanism in value])

    def filter_meeting(self, rows: CommitmentQuerySet, value: Any) -> CommitmentQuerySet:
        return rows.mentioned(self.when, meeting__in=[meeting.pk for meeting in value])

    def filter_made_at(self, rows: CommitmentQuerySet, value: Meeting) -> CommitmentQuerySet:
        return rows.mentioned(self.when, meeting=value.pk, kind=MentionKind.MADE)

    def filter_source(self, rows: CommitmentQuerySet, value: Source) -> CommitmentQuerySet:
        return rows.mentioned(self.when, paragraph__source=value.pk)

    def filter_person(self, rows: CommitmentQuerySet, value: Person) -> CommitmentQuerySet:
        return rows.mentioned(self.when, meeting__participations__person=value.pk)

    def filter_made_after(self, rows: CommitmentQuerySet, value: dt.date) -> CommitmentQuerySet:
        return rows.made_between(value, None, self.when)

    def filter_made_before(self, rows: CommitmentQuerySet, value: dt.date) -> CommitmentQuerySet:
        return rows.made_between(None, value, self.when)

    def filter_due_after(self, rows: CommitmentQuerySet, value: dt.date) -> CommitmentQuerySet:
        return rows.latest_between(value, None)

    def filter_due_before(self, rows: CommitmentQuerySet, value: dt.date) -> CommitmentQuerySet:
        return rows.latest_between(None, value)

    def filter_due_within(self, rows: CommitmentQuerySet, value: int) -> CommitmentQuerySet:
        return rows.due_within(value, self.when.day)

    def filter_due_before_session(self, rows: CommitmentQuerySet, value: Mechanism) -> CommitmentQuerySet:
        session = value.sessions.visible_to(self.user).to_come(self.when.day).first()
        if session is None or session.closes_on is None:
            return rows.none()
        return rows.due_between(None, session.closes_on)

    def filter_overdue(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.overdue(self.when.day, value=value == "true")

    def filter_review_due(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.review_due(self.when.day, value=value == "true")

    def filter_quiet_for(self, rows: CommitmentQuerySet, value: int) -> CommitmentQuerySet:
        return rows.quiet_for(value, self.when.day)

    def filter_mentions_min(self, rows: CommitmentQuerySet, value: int) -> CommitmentQuerySet:
        return rows.mentioned_at_least(value, self.when)

    def filter_has_target(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.filter(target__isnull=value != "true")

    def filter_entered_in_error(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows  # ``among`` has chosen them

    def filter_awaiting(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.awaiting(self.user, self.when)

    def filter_returned(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.returned_to(self.user, self.when)

    def filter_submitted_by(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        return rows.submitted_by(self.user, self.when)

    def filter_watching(self, rows: CommitmentQuerySet, value: str) -> CommitmentQuerySet:
        views = SavedView.objects.visible_to(self.user).filter(watches__account=self.user)
        return rows.filter(watched(self.user, {view.pk: self._rows_of(view) for view in views}))

    def _rows_of(self, view: SavedView) -> CommitmentQuerySet:
        """The commitments of a saved view today; none if its filters no longer work."""
        conditions = QueryDict(view.query, mutable=True)
        for name in list(conditions):
            if name not in self.filters or name in NOT_CONDITIONS:
                del conditions[name]
        filterset = type(self)(conditions, user=self.user)
        is_unfit = view.shows_watched or filterset.faults
        rows: CommitmentQuerySet = Commitment.objects.none() if is_unfit else filterset.qs
        return rows
