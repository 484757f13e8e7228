"""The filter panel with its counts, the active filters as chips, and the orders of the list."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from commitments.choices import OPEN, Nature, State, Status
from commitments.filtersets import ORDERINGS, CommitmentFilterSet
from commitments.models import Theme
from commitments.querysets import CommitmentQuerySet
from commitments.status_counts import StatusCounts
from core.large_tables import Figures
from core.sorting import sort_key
from pages.listing.facets import RELATED, Counts, counts_of, related_counts
from relations.models import Meeting, Source

MOST_OPTIONS = 60
"""Largest number of options in a facet. The pages of the other records link to their commitments."""

_CHOOSERS = (
    "officer",
    "holder",
    "report_awaited",
    "only_obligated",
    "made_at",
    "source",
    "person",
    "due_before_session",
    "figure",
    "awaiting",
    "returned",
    "submitted_by",
    "watching",
)
_BOOLEANS = ("overdue", "review_due", "has_target", "entered_in_error")
_TYPED = ("made_after", "made_before", "due_after", "due_before", "due_within", "quiet_for", "mentions_min")
_SIZE = "page_size"
MORE = "more"
"""The name of the part with the parameters that the panel shows last."""
PARTS = (*RELATED, MORE)
"""The parts of the panel that are read when the reader opens them."""


class Option(NamedTuple):
    """One value of a filter; ``n`` is the number of rows that it would show, ``share`` the same in per cent.

    A named tuple for speed: a panel has hundreds, created and compared for each request.
    """

    value: str
    label: str
    checked: bool
    n: int | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Facet:
    """A parameter as checkboxes; with ``single``, as radio buttons or a select element.

    The options of one that is ``closed`` are not there: they are read when the reader opens it.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    single: bool = False
    shaped: bool = False
    more: bool = False
    closed: bool = False

    @property
    def in_force(self) -> bool:
        """Whether any value is selected."""
        return any(option.checked and option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Typed:
    """A parameter with a text control: the id of the control, its label, and its HTML."""

    id: str
    label: str
    control: SafeString


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the list. ``direction`` is empty unless the list is in this order."""

    name: str
    label: str
    url: str
    direction: str


class Panel:
    """The filter panel for a valid filter set over ``rows``, the commitments that its user may see.

    ``counted`` are the facets of the commitments' own fields. The other parts read records, most of which
    nobody looks at: a part has its options if it is in force, or among those that the reader ``opened``.
    ``status_counts`` are those of the filtered rows, if already known.
    """

    def __init__(
        self,
        filterset: CommitmentFilterSet,
        rows: CommitmentQuerySet,
        *,
        figures: Figures = Figures.ALL,
        status_counts: StatusCounts | None = None,
        opened: Collection[str] = (),
    ) -> None:
        self._filterset, self._opened, self._records = filterset, opened, _Records()
        shown = [name for name in RELATED if name in opened or name in filterset.active]
        counts: Counts = {}
        themes = list(Theme.objects.values_list("pk", "slug", "name"))
        if figures != Figures.NONE:
            related = shown if figures == Figures.ALL else ()
            counts = counts_of(filterset, rows, themes, related=related, status_counts=status_counts)
        self._counts, self._shown = counts, shown
        by_state = _by_state(counts["state"]) if counts else None
        self.counted = (
            _counted_facet(filterset, "state", State.choices, by_state, single=True),
            _counted_facet(filterset, "status", Status.choices, counts.get("status")),
            _counted_facet(filterset, "theme", [theme[1:] for theme in themes], counts.get("theme")),
            _counted_facet(filterset, "nature", Nature.choices, counts.get("nature")),
        )

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """The facets of related records."""
        return tuple(
            _plain_facet(self._filterset, name, self._records, counts=self._counts.get(name))
            if name in self._shown
            else Facet(name, str(self._filterset.form[name].label), (), closed=True)
            for name in RELATED
        )

    @cached_property
    def more(self) -> "MoreFilters":
        """The parameters that the panel shows last."""
        return MoreFilters(self._filterset, self._records, opened=MORE in self._opened)


class MoreFilters:
    """The parameters that the panel shows last. If they are ``closed``, opening them reads them."""

    def __init__(
        self, filterset: CommitmentFilterSet, records: "_Records | None" = None, *, opened: bool
    ) -> None:
        self._filterset, self._records = filterset, records or _Records()
        names = (*_BOOLEANS, *_CHOOSERS, *_TYPED)
        self.open = opened or any(name in filterset.active for name in names)
        self.closed = not self.open and _SIZE not in filterset.active

    @cached_property
    def choosers(self) -> tuple[Facet, ...]:
        """The parameters with a select element."""
        names = (*_BOOLEANS, *_CHOOSERS)
        return tuple(_plain_facet(self._filterset, name, self._records, single=True) for name in names)

    @cached_property
    def typed(self) -> tuple[Typed, ...]:
        """The parameters with a text control."""
        return tuple(_typed(self._filterset, name) for name in _TYPED)

    @cached_property
    def size(self) -> Typed:
        """The control for the number of rows on a page."""
        return _typed(self._filterset, _SIZE)


def facet_of(filterset: CommitmentFilterSet, rows: CommitmentQuerySet, name: str, figures: Figures) -> Facet:
    """The facet ``name`` of ``RELATED`` with its options, as the panel has it once it is opened."""
    counts = related_counts(filterset, rows, name) if figures == Figures.ALL else None
    return _plain_facet(filterset, name, _Records(), counts=counts)


def _typed(filterset: CommitmentFilterSet, name: str) -> Typed:
    bound = filterset.form[name]
    kind = cast(Hashable, type(filterset.form))
    control = _control(kind, name, filterset.data.get(name), get_language())
    return Typed(bound.id_for_label, str(bound.label), control)


@lru_cache(maxsize=256)
def _control(form: Any, name: str, value: str | None, _language: str | None) -> SafeString:
    """The HTML of a control, cached: rendering one takes longer than fetching a row."""
    return form({} if value is None else {name: value})[name].as_widget()


def _by_state(counts: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for status, n in counts.items():
        found[State.OPEN if status in OPEN else State.CLOSED] += n
    return found


def _counted_facet(
    filterset: CommitmentFilterSet,
    name: str,
    choices: Iterable[tuple[str, Any]],
    counts: Counter[str] | None,
    *,
    single: bool = False,
) -> Facet:
    selected = filterset.active.get(name, [])
    options = [_option(value, str(label), value in selected, counts) for value, label in choices]
    if single:
        all_rows = None if counts is None else sum(counts.values())
        field: Any = filterset.form.fields[name]
        options.insert(0, Option("", str(field.empty_label), not selected, all_rows))
    if name == "theme":
        options.sort(key=lambda option: (-(option.n or 0), sort_key(option.label)))
    return Facet(
        name, str(filterset.form[name].label), tuple(options), single=single, shaped=name == "status"
    )


class _Records:
    """The records in the facets of a panel, as (key, label). Each model is read once."""

    def __init__(self) -> None:
        self._read: dict[type[Model], list[tuple[str, str]]] = {}

    def first(self, field: Any) -> list[tuple[str, str]]:
        """The records that the panel shows, and one more if there are more."""
        model = field.queryset.model
        if model not in self._read:
            self._read[model] = list(self._labelled(field, field.queryset)[: MOST_OPTIONS + 1])
        return self._read[model]

    def keyed(self, field: Any, keys: list[str]) -> list[tuple[str, str]]:
        """The records with ``keys``."""
        return list(self._labelled(field, field.queryset.filter(**{f"{field.to_field_name}__in": keys})))

    def _labelled(self, field: Any, rows: QuerySet[Any]) -> QuerySet[Any, tuple[str, str]]:
        label = "title" if rows.model in (Meeting, Source) else "name"
        if label == "name":
            rows = rows.order_by("sort_key", "pk")
        return rows.values_list(field.to_field_name, label)


def _plain_facet(
    filterset: CommitmentFilterSet,
    name: str,
    records: _Records,
    *,
    single: bool = False,
    counts: Counter[str] | None = None,
) -> Facet:
    """The values of a parameter from its form field: the first ones, and those that are selected."""
    field: Any = filterset.form.fields[name]
    selected = filterset.active.get(name, [])
    if hasattr(field, "queryset"):
        found = records.first(field)
        options = found[:MOST_OPTIONS]
        shown = {value for value, _label in options}
        missing = [value for value in selected if value not in shown]
        options = (records.keyed(field, missing) if missing else []) + options
        if getattr(field, "null_label", None) is not None:
            options.insert(0, (str(field.null_value), str(field.null_label)))
        more = len(found) > MOST_OPTIONS
    else:
        options, more = [(str(value), str(label)) for value, label in field.choices if value], False
    if single:
        options.insert(0, ("", str(getattr(field, "empty_label", None) or pgettext("filter", "any"))))
    return Facet(
        name,
        str(filterset.form[name].label),
        tuple(_option(value, label, value in selected, counts) for value, label in options),
        single=single,
        more=more,
    )


def _option(value: str, label: str, checked: bool, counts: Counter[str] | None) -> Option:
    if counts is None:
        return Option(value, label, checked)
    share = round(100 * counts[value] / (sum(counts.values()) or 1), 1)
    return Option(value, label, checked, counts[value], share)


def chips_of(filterset: CommitmentFilterSet, path: str) -> tuple[Chip, ...]:
    """The active filters in words, each with the address of the list without it."""
    chips = []
    for name, values in filterset.conditions.items():
        bound = filterset.form[name]
        for value in dict.fromkeys(values):
            rest = filterset.data.copy()
            rest.setlist(name, [each for each in values if each != value])
            rest.pop("page", None)
            words = {"filter": bound.label, "value": _in_words(bound, value)}
            # Translators: an active filter, as in "Status: agreed".
            label = pgettext("filter and its value", "%(filter)s: %(value)s") % words
            chips.append(Chip(label, address(path, rest)))
    return tuple(chips)


def _in_words(bound: forms.BoundField, value: str) -> str:
    field: Any = bound.field
    if hasattr(field, "queryset"):
        if getattr(field, "null_label", None) is not None and value == str(field.null_value):
            return str(field.null_label)
        record = field.queryset.filter(**{field.to_field_name: value}).first()
        return str(record) if record else value
    return str(dict(getattr(field, "choices", ())).get(value, value))


def address(path: str, query: QueryDict) -> str:
    """``path`` with ``query``, without a bare “?”."""
    return f"{path}?{query.urlencode(safe=',')}" if query else path


def orders_of(filterset: CommitmentFilterSet, path: str) -> dict[str, Order]:
    """The orders of the list, by name. The address of the current order reverses it."""
    current: Sequence[str] = filterset.form.cleaned_data["ordering"] or ["reference"]
    orders = {}
    for name, ordering in ORDERINGS.items():
        direction = "ascending" if current[0] == name else "descending" if current[0] == f"-{name}" else ""
        query = filterset.data.copy()
        query.pop("page", None)
        query["ordering"] = f"-{name}" if direction == "ascending" else name
        orders[name] = Order(name, str(ordering.label), address(path, query), direction)
    return orders
