"""Reads of the register: who may see what, and how every figure about days is counted.

docs/rules.md#visibility and docs/rules.md#days tell the rules.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from accounts.choices import Role
from accounts.permissions import Right
from commitments.choices import (
    CLOCK_RUNS,
    CLOSED,
    OPEN,
    AssignmentRole,
    PartyRole,
    SharedWith,
    State,
    Status,
)
from commitments.status_counts import Alike, StatusCounts
from commitments.workflow import TransitionName
from core.search.query import Term
from core.search.trigram_index import condition_of

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.models import BulkJob, Commitment, SavedView  # noqa: F401

NEVER = dt.date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day by which the register is judged (docs/rules.md#as-of-a-day).

    A day before ``today`` shows the register as it stood then, by occurrence; today or a later day judges
    today's register on that day.
    """

    day: dt.date
    today: dt.date

    @property
    def is_past(self) -> bool:
        """Whether the register is shown as it stood, not as it stands."""
        return self.day < self.today

    def happened(self, field: str) -> Q:
        """The condition that what ``field`` dates was known to have happened."""
        return Q(**{f"{field}__lte": self.day}) if self.is_past else Q()


def _model(name: str) -> type[models.Model]:
    return apps.get_model("commitments", name)


def _own(name: str, **conditions: Any) -> models.QuerySet[Any]:
    return _model(name)._default_manager.filter(commitment=OuterRef("pk"), **conditions)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Commitments. Rules about days read the columns that ``at`` annotates: call it before them."""

    # -- who may see -------------------------------------------------------------------------------------

    def visible_to(self, user: "User") -> Self:
        """What ``user`` may read: every read starts here."""
        seen = self
        if not user.may(Right.READ_REGISTER):
            if Role.FOCAL_POINT not in user.roles or user.agency_id is None:
                return self.none()
            seen = seen.filter(Exists(_own("Assignment", agency=user.agency_id)))
        if not user.may(Right.READ_ANY_CLASSIFICATION):
            seen = seen.filter(classification__lte=user.clearance)
        return seen

    # -- the register on a day ---------------------------------------------------------------------------

    def at(self, as_of: AsOf) -> Self:
        """Annotate ``status_then``, ``came_from_then`` and the deadline window ``…_then`` of that day.

        In the past, only what had been pledged by then remains.
        """
        if not as_of.is_past:
            return self.annotate(
                status_then=F("status"),
                came_from_then=F("review_from"),
                wording_then=F("deadline_wording"),
                earliest_then=F("deadline_earliest"),
                latest_then=F("deadline_latest"),
                review_on_then=F("review_on"),
            )
        last = _own("StatusChange", occurred_on__lte=as_of.day).order_by("-number")
        later = _own("DeadlineChange", occurred_on__gt=as_of.day).order_by("number")

        def window(old: str, current: str) -> Case:
            return Case(When(Exists(later), then=Subquery(later.values(old)[:1])), default=F(current))

        return self.filter(Exists(_own("StatusChange", number=1, occurred_on__lte=as_of.day))).annotate(
            status_then=Subquery(last.values("to_status")[:1]),
            came_from_then=Subquery(last.values("from_status")[:1]),
            wording_then=window("old_wording", "deadline_wording"),
            earliest_then=window("old_earliest", "deadline_earliest"),
            latest_then=window("old_latest", "deadline_latest"),
            review_on_then=window("old_review_on", "review_on"),
        )

    def open(self) -> Self:
        """In one of the six open statuses."""
        return self.filter(status_then__in=OPEN)

    def closed(self) -> Self:
        """Verified done, not done, replaced or dropped."""
        return self.filter(status_then__in=CLOSED)

    def in_state(self, state: State | str) -> Self:
        """Open or closed."""
        return self.open() if state == State.OPEN else self.closed()

    def in_status(self, *statuses: str) -> Self:
        """In one of ``statuses``."""
        return self.filter(status_then__in=statuses)

    def latest_between(self, first: dt.date | None, last: dt.date | None) -> Self:
        """The window's latest day lies from ``first`` to ``last``, both included, whatever the status."""
        rows = self.filter(latest_then__gte=first) if first else self
        return rows.filter(latest_then__lte=last) if last else rows

    def clock_runs(self) -> Self:
        """Open, and neither requested nor standing; under review, the status it came from decides."""
        return self.filter(_CLOCK_RUNS)

    def overdue(self, on: dt.date, *, value: bool = True) -> Self:
        """The clock runs and the latest day of the window lies before ``on``; else the complement."""
        if value:
            return self.clock_runs().filter(latest_then__lt=on)
        return self.filter(~_CLOCK_RUNS | Q(latest_then__isnull=True) | Q(latest_then__gte=on))

    def due_between(self, first: dt.date | None, last: dt.date) -> Self:
        """The clock runs and the latest day of the window lies from ``first`` to ``last``, both included."""
        return self.clock_runs().latest_between(first, last)

    def due_within(self, days: int, on: dt.date) -> Self:
        """As ``due_between``, from the day ``on`` to so many days later, as far as there are days."""
        return self.due_between(on, dt.date.fromordinal(min(on.toordinal() + days, dt.date.max.toordinal())))

    def review_due(self, on: dt.date, *, value: bool = True) -> Self:
        """Open, and its review day has come; else the complement."""
        if value:
            return self.open().filter(review_on_then__lte=on)
        return self.filter(
            ~Q(status_then__in=OPEN) | Q(review_on_then__isnull=True) | Q(review_on_then__gt=on)
        )

    def quiet_for(self, days: int, on: dt.date) -> Self:
        """Open, and nothing happened in the last ``days`` days up to ``on``; exactly ``days`` counts."""
        try:
            since = on - dt.timedelta(days=days)
        except OverflowError:
            return self.none()
        quiet = self.filter(status_then__in=OPEN)
        for name, day in ACTIVITIES:
            quiet = quiet.exclude(Exists(_own(name, **{f"{day}__gt": since, f"{day}__lte": on})))
        return quiet

    def heard_of_within(self, days: int, on: dt.date) -> Self:
        """Open, and something happened in the last ``days`` days up to ``on``: the rest is quiet.

        Found by what happened, not by a look at each of them: quick where that is little beside the register.
        """
        try:
            since = on - dt.timedelta(days=days)
        except OverflowError:
            return self.open()
        heard_of = [
            _model(name)
            ._default_manager.filter(**{f"{day}__gt": since, f"{day}__lte": on})
            .order_by()
            .values("commitment")
            for name, day in ACTIVITIES
        ]
        return self.open().filter(pk__in=heard_of[0].union(*heard_of[1:]))

    # -- words -------------------------------------------------------------------------------------------

    def holding(self, terms: Iterable[Term]) -> Self:
        """Those whose search text holds each of ``terms``, and none that is excluded."""
        rows = self
        for term in terms:
            rows = rows.filter(condition_of(term))
        return rows

    # -- relations ---------------------------------------------------------------------------------------

    def with_party(self, codes: list[str], role: PartyRole) -> Self:
        """Any of the countries stands to it in ``role``."""
        country = apps.get_model("relations", "Country")._default_manager
        # Each by its key, looked up once: joined to the countries, every row would be looked up in both.
        one_of = [Q(country=Subquery(country.filter(code=code).values("pk"))) for code in codes]
        return self.filter(
            Exists(_own("CommitmentParty", role=role).filter(reduce(or_, one_of, Q(pk__in=()))))
        )

    def only_obligated(self, code: str) -> Self:
        """That country alone must act."""
        others = _own("CommitmentParty", role=PartyRole.OBLIGATED).exclude(country__code=code)
        return self.with_party([code], PartyRole.OBLIGATED).exclude(Exists(others))

    def assigned_to(self, slugs: list[str], *, none: bool, lead_only: bool) -> Self:
        """Charged to any of the agencies; with ``none``, also those charged to nobody."""
        roles = {"role": AssignmentRole.LEAD} if lead_only else {}
        charged = Exists(_own("Assignment", agency__slug__in=slugs, **roles))
        if not none:
            return self.filter(charged)
        to_nobody = ~Exists(_own("Assignment", **roles))
        # Beside an alternative, however empty, PostgreSQL does not join: it would look at each row by itself.
        return self.filter(charged | to_nobody if slugs else to_nobody)

    def mentioned(self, as_of: AsOf, **where: Any) -> Self:
        """Has a mention, known by that day, that fits ``where``."""
        mentions = _own("Mention", **where).filter(as_of.happened("meeting__day"))
        return self.filter(Exists(mentions))

    def mentioned_at_least(self, meetings: int, as_of: AsOf) -> Self:
        """Mentioned at that many different meetings or more."""
        if meetings <= 0:
            return self
        counted = _model("Mention")._default_manager.filter(as_of.happened("meeting__day")).order_by()
        several = (
            counted.values("commitment").annotate(n=Count("meeting", distinct=True)).filter(n__gte=meetings)
        )
        return self.filter(pk__in=several.values("commitment"))

    def made_between(self, first: dt.date | None, last: dt.date | None, as_of: AsOf) -> Self:
        """The day of its first mention lies from ``first`` to ``last``, both included."""
        mentions = _own("Mention").filter(as_of.happened("meeting__day"))
        made = self
        if first:
            made = made.filter(Exists(mentions.filter(meeting__day__gte=first)))
            made = made.exclude(Exists(mentions.filter(meeting__day__lt=first)))
        return made.filter(Exists(mentions.filter(meeting__day__lte=last))) if last else made

    def submitted_by(self, user: "User", as_of: AsOf | None = None) -> Self:
        """Submitted by ``user`` since it was last opened."""
        return self.filter(Exists(_submissions(as_of, actor=user)))

    def awaiting(self, user: "User", as_of: AsOf | None = None) -> Self:
        """Under review, and ``user`` may decide: a reviewer who did not submit it."""
        if Role.REVIEWER not in user.roles:
            return self.none()
        waiting = self.filter(status_then=Status.UNDER_REVIEW)
        return waiting.exclude(Exists(_submissions(as_of, actor=user)))

    def count_up_to(self, most: int) -> int:
        """How many there are, counted no further than ``most``."""
        rows: models.QuerySet[Any] = self.order_by()
        # Not by the key: the index of the figures, which does not hold it, will often do.
        return rows.values("classification")[:most].count()

    def tally(self) -> StatusCounts:
        """What every page says first, counted in one go."""
        rows: models.QuerySet[Any] = self
        in_common = Alike._fields[:-1]
        # In the order of an index that holds all of them, they are counted as they come, without a look at
        # the table and without being sorted.
        counted = rows.order_by(*in_common).values_list(*in_common).annotate(n=Count("*"))
        return StatusCounts(tuple(map(Alike._make, counted)))

    # -- what a page needs -------------------------------------------------------------------------------

    def with_made_on(self, as_of: AsOf) -> Self:
        """Annotate ``made_on``, the day of the first mention."""
        first = _own("Mention").filter(as_of.happened("meeting__day")).order_by().values("commitment")
        return self.annotate(made_on=Subquery(first.annotate(d=Min("meeting__day")).values("d")))

    def with_last_activity(self, as_of: AsOf) -> Self:
        """Annotate ``last_activity_on``, the day something last happened, whatever its kind."""

        def last(name: str, day: str) -> Coalesce:
            rows = _own(name, **{f"{day}__lte": as_of.day}).order_by().values("commitment")
            return Coalesce(Subquery(rows.annotate(d=Max(day)).values("d")), NEVER)

        return self.annotate(last_activity_on=Greatest(*(last(name, day) for name, day in ACTIVITIES)))

    def with_list_fields(self, *others: str) -> Self:
        """Fetch what a row of a list shows of the commitment beside what is annotated, and ``others``."""
        shown = ("reference", "title", "outcome_meeting", "theme__slug", "theme__name")
        return self.select_related("theme").only(*shown, *others)

    def with_sides(self) -> Self:
        """Fetch who stands beside it: ``sides`` are its parties, ``charged`` its agencies."""
        parties = _model("CommitmentParty")._default_manager.select_related("country")
        charged = _model("Assignment")._default_manager.select_related("agency")
        # As plain lists: behind a manager, each row would make a query of its own that is never asked.
        return self.prefetch_related(
            Prefetch(
                "parties", parties.defer("country__search_text").order_by("country__code"), to_attr="sides"
            ),
            Prefetch("assignments", charged.defer("agency__search_text"), to_attr="charged"),
        )

    def in_order_of(self, keys: Sequence[int]) -> list["Commitment"]:
        """Those of ``keys``, in their order: a page is chosen by keys, then fetched with what it shows."""
        found = {row.pk: row for row in self.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


_CLOCK_RUNS = Q(status_then__in=CLOCK_RUNS) | Q(
    status_then=Status.UNDER_REVIEW, came_from_then__in=CLOCK_RUNS
)


ACTIVITIES = (
    ("Mention", "meeting__day"),
    ("StatusChange", "occurred_on"),
    ("ProgressUpdate", "occurred_on"),
    ("Reading", "as_of"),
)
"""What counts as activity, and the field that says on which day each happened."""


def _submissions(as_of: AsOf | None, **who: Any) -> models.QuerySet[Any]:
    """Submissions of the outer commitment since it was last opened."""
    happened = as_of.happened("occurred_on") if as_of else Q()
    opened = (
        _model("StatusChange")
        ._default_manager.filter(happened, commitment=OuterRef("commitment"), opens=True)
        .order_by("-number")
    )
    return _own("StatusChange", transition=TransitionName.SUBMIT, **who).filter(
        happened, number__gt=Subquery(opened.values("number")[:1])
    )


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views."""

    def visible_to(self, user: "User") -> Self:
        """One's own, those shared with everyone, and those shared with a role one holds."""
        shared = Q(shared_with=SharedWith.ROLE, role__in=user.roles)
        return self.filter(Q(owner=user) | Q(shared_with=SharedWith.EVERYONE) | shared)


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    """Bulk jobs."""

    def visible_to(self, user: "User") -> Self:
        """One's own, and nobody else's."""
        return self.filter(owner=user)

    def running(self) -> Self:
        """Begun, and not every row tried."""
        return self.filter(begun_at__isnull=False, finished_at=None)
