"""What to raise at a session to come: what is open between its countries, by what it asks."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from commitments.choices import PartyRole, Status
from commitments.models import CommitmentParty
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import Scale, countries_of, pairings_of, scale_for
from commitments.reports.rows import Rows, Side, rows_of
from relations.models import Meeting

SHORT, WHOLE = 12, 500
"""Rows that one group shows, and those it shows when it is asked for alone."""


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """Open commitments between the countries of a session that ask the same of it."""

    key: str
    label: str
    empty: str
    count: int
    rows: Rows

    @property
    def rest(self) -> int:
        """How many more there are."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What to raise: ``open`` stand between the countries, ``in_progress`` of them in no group."""

    groups: tuple[AgendaGroup, ...]
    open: int
    in_progress: int
    countries: tuple[str, ...]
    scale: Scale

    @property
    def sides(self) -> tuple[Side, ...]:
        """The countries that have a column in any group, for the key."""
        return tuple({side.code: side for group in self.groups for side in group.rows.countries}.values())


def between(rows: CommitmentQuerySet, codes: Collection[str]) -> CommitmentQuerySet:
    """Commitments of these countries: all parties are among them, or all of them are parties."""
    parties = CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.PARTY)
    strangers = Exists(parties.exclude(country__code__in=codes))
    all_there = Q()
    for code in codes:
        all_there &= Q(Exists(parties.filter(country__code=code)))
    return rows.filter(~Q(strangers) | all_there)


def agenda_of(
    meeting: Meeting, visible: CommitmentQuerySet, as_of: AsOf, *, whole: str = ""
) -> Agenda | None:
    """What is open between the countries of a session to come; none where no country is known."""
    codes = sorted(countries_of(meeting))
    if not codes:
        return None
    rows = between(visible, codes).at(as_of).open()
    overdue = rows.overdue(as_of.day)
    rest = rows.overdue(as_of.day, value=False)
    parts = [
        ("overdue", _("Overdue"), _("Nothing is overdue between these countries."), overdue),
        (
            "awaiting",
            _("Awaiting decision"),
            _("None: nothing has been reported ready to close."),
            rest.in_status(Status.UNDER_REVIEW),
        ),
        (
            "stalled",
            _("Stalled"),
            _("None: no side has reported an obstacle."),
            rest.in_status(Status.STALLED),
        ),
        (
            "no_report",
            _("No report since"),
            _("None: something has been reported on everything agreed."),
            rest.in_status(Status.AGREED),
        ),
        (
            "requested",
            _("Requested, unanswered"),
            _("None: no request waits for an answer."),
            rest.in_status(Status.REQUESTED),
        ),
        (
            "reaffirm",
            _("To reaffirm"),
            _("None: no standing duty is recorded between these countries."),
            rest.in_status(Status.STANDING),
        ),
    ]
    scale = scale_for(visible, as_of, pairings_of(rows))

    def group(key: str, label: str, empty: str, found: CommitmentQuerySet) -> AgendaGroup:
        by_day = "latest_then" if key == "overdue" else "last_activity_on"
        shown = (
            found.with_last_activity(as_of)
            .with_list_fields()
            .order_by(F(by_day).asc(nulls_last=True), "prefix", "year", "serial")
        )[: WHOLE if whole else SHORT]
        return AgendaGroup(key, label, empty, found.count(), rows_of(shown, visible, as_of, scale=scale))

    groups = tuple(
        group(key, str(label), str(empty), found) for key, label, empty, found in parts if whole in ("", key)
    )
    return Agenda(
        groups,
        open=rows.count(),
        in_progress=rest.in_status(Status.IN_PROGRESS).count(),
        countries=tuple(codes),
        scale=scale,
    )


AGENDA_KEYS = frozenset({"overdue", "awaiting", "stalled", "no_report", "requested", "reaffirm"})
