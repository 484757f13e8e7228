"""The querysets of the register: who may see what, and the rules about dates.

See docs/rules.md#visibility and docs/rules.md#days.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from accounts.choices import Role
from accounts.permissions import Right
from commitments.choices import (
    CLAIMS,
    CLOCK_RUNS,
    CLOSED,
    FIGURE_OF_STATUS,
    OPEN,
    AssignmentRole,
    FulfilmentFigure,
    MentionKind,
    PartyRole,
    ProposalState,
    State,
    Status,
)
from commitments.counted import COUNTS
from commitments.holders import asked_of, awaited_requests, held_since, holder
from commitments.status_counts import CountedGroup, StatusCounts
from commitments.workflow import TransitionName
from core import clock
from core.large_tables import Counted, up_to_enough
from core.search.query import Term
from core.search.trigram_index import condition_of

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.models import BulkJob, Commitment, SavedView  # noqa: F401

NEVER = dt.date(1, 1, 1)
NAMING = {
    "meeting": (("Mention", "meeting"), ("Commitment", "outcome_meeting")),
    "source": (
        ("Mention", "paragraph__source"),
        ("StatusChange", "paragraph__source"),
        ("Reading", "paragraph__source"),
    ),
}
"""The rows by which a commitment names meetings and sources, each with its path to them. A commitment is at
least at the level of what it names (docs/rules.md#visibility)."""
MADE_AT = (MentionKind.MADE, MentionKind.REQUESTED)
"""The mentions by which a commitment belongs to the mechanism of a meeting, for desks."""
BY_REFERENCE = ("prefix", "year", "serial")
"""The order of references. As text, the thousandth of a year would stand before the second."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The date for which the register is shown (docs/rules.md#as-of-a-day).

    A date before ``today`` shows the register as of that date, by dates of occurrence. Today or a later date
    shows today's register, with deadlines as of that date.
    """

    day: dt.date
    today: dt.date

    @classmethod
    def now(cls) -> Self:
        """Today. The querysets themselves never read the clock: dates are arguments."""
        today = clock.today()
        return cls(day=today, today=today)

    @property
    def is_past(self) -> bool:
        """Whether the date lies before today."""
        return self.day < self.today

    def happened(self, field: str) -> Q:
        """The condition that the event dated by ``field`` happened by a past date; else always true."""
        return Q(**{f"{field}__lte": self.day}) if self.is_past else Q()


def _model(name: str) -> type[models.Model]:
    return apps.get_model("commitments", name)


def _own(name: str, **conditions: Any) -> models.QuerySet[Any]:
    return _model(name)._default_manager.filter(commitment=OuterRef("pk"), **conditions)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Commitments. The rules about dates use annotations of ``at``: call it first."""

    # -- who may see -------------------------------------------------------------------------------------

    def visible_to(self, user: "User") -> Self:
        """The commitments that ``user`` may read and that count. Every read starts here."""
        return self.readable_by(user).filter(COUNTS)

    def readable_by(self, user: "User") -> Self:
        """Those that ``user`` may read, also what was entered in error: for its own page and its history.

        What was merged into another commitment has no page any more.
        """
        visible = self.filter(merged_into=None)
        if not user.may(Right.READ_REGISTER):
            if Role.FOCAL_POINT not in user.roles or user.agency_id is None:
                return self.none()
            visible = visible.filter(Exists(_own("Assignment", agency=user.agency_id)))
        return visible.filter(classification__lte=user.clearance).at_desk(user)

    def at_desk(self, user: "User") -> Self:
        """Those between countries of the desk of ``user``, or agreed or requested at its mechanisms.

        An account without a desk is not confined.
        """
        desk = user.desk
        if not desk.is_confined:
            return self
        parties = _own("CommitmentParty", role=PartyRole.PARTY, country__in=desk.countries)
        made = _own("Mention", kind__in=MADE_AT, meeting__mechanism__in=desk.mechanisms)
        concerned = [
            Exists(rows) for ids, rows in ((desk.countries, parties), (desk.mechanisms, made)) if ids
        ]
        return self.filter(reduce(or_, concerned)) if concerned else self.none()

    def names(self, kind: str) -> Q:
        """The condition that a ``kind`` ("meeting" or "source") is named by one of these commitments.

        Everything is listed here by which a commitment refers to one.
        """
        keys = self.order_by().values("pk")
        named = Q()
        for name, path in NAMING[kind]:
            rows = _model(name)._base_manager.filter(**{f"{path}__isnull": False})
            owner = "pk" if name == "Commitment" else "commitment"
            named |= Q(pk__in=rows.filter(**{f"{owner}__in": keys}).order_by().values(path))
        return named

    # -- the register as of a date -----------------------------------------------------------------------

    def at(self, as_of: AsOf) -> Self:
        """Annotate ``status_then``, ``came_from_then`` and the deadline window ``…_then`` as of that date.

        For a past date, commitments that were not in the register by then are left out.
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
        last = _own("StatusChange", day__lte=as_of.day).order_by("-number")
        later = _own("DeadlineChange", occurred_on__gt=as_of.day).order_by("number")

        def window(old: str, current: str) -> Case:
            return Case(When(Exists(later), then=Subquery(later.values(old)[:1])), default=F(current))

        return self.filter(Exists(_own("StatusChange", number=1, day__lte=as_of.day))).annotate(
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
        """In one of the five closed statuses."""
        return self.filter(status_then__in=CLOSED)

    def in_state(self, state: State | str) -> Self:
        """Open or closed."""
        return self.open() if state == State.OPEN else self.closed()

    def in_status(self, *statuses: str) -> Self:
        """In one of ``statuses``."""
        return self.filter(status_then__in=statuses)

    def latest_between(self, first: dt.date | None, last: dt.date | None) -> Self:
        """The latest date lies from ``first`` to ``last``, both included, whatever the status."""
        rows = self.filter(latest_then__gte=first) if first else self
        return rows.filter(latest_then__lte=last) if last else rows

    def clock_runs(self) -> Self:
        """Open, and neither requested nor standing. Under review, the previous status decides."""
        return self.filter(_CLOCK_RUNS)

    def overdue(self, on: dt.date, *, value: bool = True) -> Self:
        """The clock runs and the latest date lies before ``on``; with ``value`` False, the complement."""
        if value:
            return self.clock_runs().filter(latest_then__lt=on)
        return self.filter(~_CLOCK_RUNS | Q(latest_then__isnull=True) | Q(latest_then__gte=on))

    def due_between(self, first: dt.date | None, last: dt.date) -> Self:
        """The clock runs and the latest date lies from ``first`` to ``last``, both included."""
        return self.clock_runs().latest_between(first, last)

    def due_within(self, days: int, on: dt.date) -> Self:
        """Like ``due_between``, from ``on`` to ``days`` days later, at most to ``date.max``."""
        return self.due_between(on, dt.date.fromordinal(min(on.toordinal() + days, dt.date.max.toordinal())))

    def review_due(self, on: dt.date, *, value: bool = True) -> Self:
        """Open, and its review date has come; with ``value`` False, the complement."""
        if value:
            return self.open().filter(review_on_then__lte=on)
        return self.filter(
            ~Q(status_then__in=OPEN) | Q(review_on_then__isnull=True) | Q(review_on_then__gt=on)
        )

    def quiet_for(self, days: int, on: dt.date) -> Self:
        """Open, and without activity in the last ``days`` days up to ``on``."""
        try:
            since = on - dt.timedelta(days=days)
        except OverflowError:
            return self.none()
        quiet = self.filter(status_then__in=OPEN)
        for name, day in ACTIVITIES:
            quiet = quiet.exclude(Exists(_own(name, **{f"{day}__gt": since, f"{day}__lte": on})))
        return quiet

    def with_activity_within(self, days: int, on: dt.date) -> Self:
        """Open, and with activity in the last ``days`` days up to ``on``: the complement of ``quiet_for``.

        The query reads the activities, not every commitment: fast while they are few.
        """
        try:
            since = on - dt.timedelta(days=days)
        except OverflowError:
            return self.open()
        active = [
            _model(name)
            ._default_manager.filter(**{f"{day}__gt": since, f"{day}__lte": on})
            .order_by()
            .values("commitment")
            for name, day in ACTIVITIES
        ]
        return self.open().filter(pk__in=active[0].union(*active[1:]))

    # -- words -------------------------------------------------------------------------------------------

    def holding(self, terms: Iterable[Term]) -> Self:
        """The search text contains every included term of ``terms`` and no excluded one."""
        rows = self
        for term in terms:
            rows = rows.filter(condition_of(term))
        return rows

    # -- relations ---------------------------------------------------------------------------------------

    def with_party(self, codes: list[str], role: PartyRole) -> Self:
        """Any of the countries ``codes`` has the role ``role``."""
        country = apps.get_model("relations", "Country")._default_manager
        # Each code is resolved to a key once. A join would look up every row in both tables.
        one_of = [Q(country=Subquery(country.filter(code=code).values("pk"))) for code in codes]
        return self.filter(
            Exists(_own("CommitmentParty", role=role).filter(reduce(or_, one_of, Q(pk__in=()))))
        )

    def only_obligated(self, code: str) -> Self:
        """The country ``code`` is the only responsible one."""
        others = _own("CommitmentParty", role=PartyRole.OBLIGATED).exclude(country__code=code)
        return self.with_party([code], PartyRole.OBLIGATED).exclude(Exists(others))

    def assigned_to(self, slugs: list[str], *, none: bool, lead_only: bool) -> Self:
        """Assigned to any of the agencies; with ``none``, also those without an agency."""
        roles = {"role": AssignmentRole.LEAD} if lead_only else {}
        assigned = Exists(_own("Assignment", agency__slug__in=slugs, **roles))
        if not none:
            return self.filter(assigned)
        to_nobody = ~Exists(_own("Assignment", **roles))
        # PostgreSQL does not use a join for an OR, even with an empty side: it would check row after row.
        return self.filter(assigned | to_nobody if slugs else to_nobody)

    def mentioned(self, as_of: AsOf, **where: Any) -> Self:
        """Has a mention by that date that meets the conditions ``where``."""
        mentions = _own("Mention", **where).filter(as_of.happened("meeting__day"))
        return self.filter(Exists(mentions))

    def mentioned_at_least(self, meetings: int, as_of: AsOf) -> Self:
        """Mentioned at ``meetings`` different meetings or more."""
        if meetings <= 0:
            return self
        counted = _model("Mention")._default_manager.filter(as_of.happened("meeting__day")).order_by()
        several = (
            counted.values("commitment").annotate(n=Count("meeting", distinct=True)).filter(n__gte=meetings)
        )
        return self.filter(pk__in=several.values("commitment"))

    def made_between(self, first: dt.date | None, last: dt.date | None, as_of: AsOf) -> Self:
        """The date of the first mention lies from ``first`` to ``last``, both included."""
        mentions = _own("Mention").filter(as_of.happened("meeting__day"))
        made = self
        if first:
            made = made.filter(Exists(mentions.filter(meeting__day__gte=first)))
            made = made.exclude(Exists(mentions.filter(meeting__day__lt=first)))
        return made.filter(Exists(mentions.filter(meeting__day__lte=last))) if last else made

    def with_proposed_outcome(self, as_of: AsOf) -> Self:
        """Annotate ``proposed_then``, the outcome of the last submission; "" without one."""
        submissions = _own("StatusChange", transition=TransitionName.SUBMIT)
        last = submissions.filter(as_of.happened("day")).order_by("-number").values("outcome")[:1]
        return self.annotate(proposed_then=Coalesce(Subquery(last), Value("")))

    def in_figure(self, figures: Collection[str], as_of: AsOf) -> Self:
        """Counted in one of ``figures``, values of ``FulfilmentFigure``."""
        statuses = [status for status, figure in FIGURE_OF_STATUS.items() if figure in figures]
        is_claim = Q(proposed_then__in=CLAIMS)
        reviewed = ~is_claim & Q(came_from_then__in=CLOCK_RUNS.intersection(statuses))
        if FulfilmentFigure.CLAIMED in figures:
            reviewed |= is_claim & Q(came_from_then__in=CLOCK_RUNS)
        return self.with_proposed_outcome(as_of).filter(
            Q(status_then__in=statuses) | Q(reviewed, status_then=Status.UNDER_REVIEW)
        )

    def with_holder(self, as_of: AsOf) -> Self:
        """Annotate ``holder_then``, with whom it lies (``Holder``, "" if closed), and ``held_since``."""
        return self.annotate(holder_then=holder(as_of), held_since=held_since(as_of))

    def held_by(self, value: str, as_of: AsOf) -> Self:
        """Open, and it lies with ``value``, a ``Holder``."""
        return self.open().alias(holder_then=holder(as_of)).filter(holder_then=value)

    def holder_counts(self, as_of: AsOf) -> Counter[str]:
        """How many open rows lie with each ``Holder``."""
        counted: Any = self.open().order_by().annotate(holder_then=holder(as_of)).values_list("holder_then")
        return Counter(dict(counted.annotate(n=Count("*"))))

    def report_awaited(self, as_of: AsOf, user: "User | None" = None) -> Self:
        """A report was asked for and is awaited; with ``user``, from that account or its agency."""
        requests = awaited_requests(as_of)
        if user is not None:
            requests = requests.filter(asked_of(user))
        return self.open().filter(Exists(requests))

    def charged_to(self, user: "User") -> Self:
        """``user`` is the officer in charge, or a focal point by name."""
        return self.filter(Q(officer=user) | Exists(_own("Assignment", focal_point=user)))

    def submitted_by(self, user: "User", as_of: AsOf | None = None) -> Self:
        """Submitted by ``user`` since it was last opened."""
        return self.filter(Exists(_submissions(as_of, actor=user)))

    def returned_to(self, user: "User", as_of: AsOf) -> Self:
        """Submitted by ``user`` since it was last opened, and the last change is a return."""
        changes = _own("StatusChange").filter(as_of.happened("day")).order_by("-number")
        last = Subquery(changes.values("transition")[:1])
        return self.submitted_by(user, as_of).alias(last_then=last).filter(last_then=TransitionName.RETURN)

    def awaiting(self, user: "User", as_of: AsOf | None = None) -> Self:
        """What ``user`` may decide on: a submission, or a proposed deadline, of somebody else."""
        if Role.REVIEWER not in user.roles:
            return self.none()
        submitted = self.filter(status_then=Status.UNDER_REVIEW)
        submitted = submitted.exclude(Exists(_submissions(as_of, actor=user)))
        proposed = _proposals(as_of).exclude(actor=user)
        # Two short lists by their indexes. With OR, the database reads the whole register.
        keys = submitted.order_by().values("pk").union(proposed.order_by().values("commitment"))
        return self.filter(pk__in=keys)

    def counted(self) -> Counted:
        """The number of rows, as far as a page needs it."""
        return Counted.of(self.to_count().count())

    def to_count(self) -> models.QuerySet[Any]:
        """The rows that ``counted`` counts."""
        # A column of the index for status counts, which can then answer alone; it lacks the key.
        return up_to_enough(self, by="classification")

    def longest_waiting_first(self) -> Self:
        """Of submissions and proposed deadlines, the oldest first."""
        proposed = _own("DeadlineProposal", state=ProposalState.PROPOSED).order_by("number")
        changes = _own("StatusChange").order_by("-number")
        waits_since = Coalesce(*(Subquery(rows.values("recorded_at")[:1]) for rows in (proposed, changes)))
        return self.alias(waits_since=waits_since).order_by("waits_since", "pk")

    def status_counts(self) -> StatusCounts:
        """Count the rows by status and deadline, in one query."""
        rows: models.QuerySet[Any] = self
        columns = CountedGroup._fields[:-1]
        # In the order of an index with all of these columns, the database counts from the index alone, and
        # sorts nothing.
        counted = rows.order_by(*columns).values_list(*columns).annotate(n=Count("*"))
        return StatusCounts(tuple(map(CountedGroup._make, counted)))

    # -- what a page needs -------------------------------------------------------------------------------

    def with_made_on(self, as_of: AsOf) -> Self:
        """Annotate ``made_on``, the date of the first mention."""
        first = _own("Mention").filter(as_of.happened("meeting__day")).order_by().values("commitment")
        return self.annotate(made_on=Subquery(first.annotate(d=Min("meeting__day")).values("d")))

    def with_last_activity(self, as_of: AsOf) -> Self:
        """Annotate ``last_activity_on``, the date of the last activity of any kind; ``NEVER`` without any."""

        def last(name: str, day: str) -> Coalesce:
            rows = _own(name, **{f"{day}__lte": as_of.day}).order_by().values("commitment")
            return Coalesce(Subquery(rows.annotate(d=Max(day)).values("d")), NEVER)

        return self.annotate(last_activity_on=Greatest(*(last(name, day) for name, day in ACTIVITIES)))

    def with_list_fields(self, *others: str) -> Self:
        """Fetch the fields that a row of a list shows besides annotations, and the fields ``others``."""
        shown = ("reference", "title", "is_in_error", "outcome_meeting", "theme__slug", "theme__name")
        return self.select_related("theme").only(*shown, *others)

    def with_sides(self) -> Self:
        """Prefetch the parties as ``sides`` and the assignments as ``assigned``."""
        parties = _model("CommitmentParty")._default_manager.select_related("country")
        assignments = _model("Assignment")._default_manager.select_related("agency__country")
        # As plain lists (to_attr): related managers would build an unused queryset for each row.
        return self.prefetch_related(
            Prefetch(
                "parties", parties.defer("country__search_text").order_by("country__code"), to_attr="sides"
            ),
            Prefetch(
                "assignments",
                assignments.defer("agency__search_text", "agency__country__search_text"),
                to_attr="assigned",
            ),
        )

    def by_reference(self, *first: Any) -> Self:
        """Ordered by the terms ``first``, then by reference."""
        return self.order_by(*first, *BY_REFERENCE)

    def in_order_of(self, keys: Sequence[int]) -> list["Commitment"]:
        """The rows of ``keys``, in that order. Pages are paginated by key, then fetched."""
        found = {row.pk: row for row in self.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


_CLOCK_RUNS = Q(status_then__in=CLOCK_RUNS) | Q(
    status_then=Status.UNDER_REVIEW, came_from_then__in=CLOCK_RUNS
)


ACTIVITIES = (
    ("Mention", "meeting__day"),
    ("StatusChange", "day"),
    ("ProgressUpdate", "occurred_on"),
    ("Reading", "as_of"),
)
"""The models that count as activity, and the field with the date of each."""


def _submissions(as_of: AsOf | None, **who: Any) -> models.QuerySet[Any]:
    """Submissions of the outer commitment since it was last opened or reopened."""
    happened = as_of.happened("day") if as_of else Q()
    opened = (
        _model("StatusChange")
        ._default_manager.filter(happened, commitment=OuterRef("commitment"), opens=True)
        .order_by("-number")
    )
    return _own("StatusChange", transition=TransitionName.SUBMIT, **who).filter(
        happened, number__gt=Subquery(opened.values("number")[:1])
    )


def _proposals(as_of: AsOf | None) -> models.QuerySet[Any]:
    """Proposed deadlines that await a decision, or did on a past date."""
    rows = _model("DeadlineProposal")._default_manager
    if as_of is None or not as_of.is_past:
        return rows.filter(state=ProposalState.PROPOSED)
    decided = Q(decision__recorded_at__date__lte=as_of.day)
    return rows.filter(recorded_at__date__lte=as_of.day).exclude(decided)
