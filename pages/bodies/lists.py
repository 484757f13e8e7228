"""The lists of countries, agencies and mechanisms, and those that the page of a country names."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commitments.choices import PartyRole
from commitments.models import Assignment, CommitmentParty
from commitments.querysets import AsOf, CommitmentQuerySet
from relations.models import Agency, Country, Mechanism, Meeting, Participation
from relations.querysets import MeetingQuerySet

if TYPE_CHECKING:
    from accounts.models import User

MOST_NAMED, MOST_MEETINGS = 12, 4

Body = TypeVar("Body", Agency, Mechanism)


@dataclass(frozen=True, slots=True)
class Bodies:
    """The agencies, mechanisms and meetings of a country; ``more_…`` is the number of those left out."""

    agencies: tuple[Agency, ...]
    more_agencies: int
    mechanisms: tuple[Mechanism, ...]
    more_mechanisms: int
    next_meetings: tuple[Meeting, ...]
    last_meetings: tuple[Meeting, ...]


def bodies_of(country: Country, user: "User", as_of: AsOf) -> Bodies:
    """The agencies and mechanisms of ``country``, and the meetings that ``user`` can see."""
    meetings: MeetingQuerySet = Meeting.objects.visible_to(user)
    agencies, mechanisms = country.agencies.order_by("sort_key"), country.mechanisms.order_by("sort_key")
    held = _meetings_of(country, meetings.held().filter(day__lte=as_of.day))
    expected = _meetings_of(country, meetings.to_come(as_of.day))
    some_agencies, more_agencies = _first(agencies)
    some_mechanisms, more_mechanisms = _first(mechanisms)
    return Bodies(
        agencies=some_agencies,
        more_agencies=more_agencies,
        mechanisms=some_mechanisms,
        more_mechanisms=more_mechanisms,
        next_meetings=tuple(expected[:MOST_MEETINGS]),
        last_meetings=tuple(held.order_by("-day", "-pk")[:MOST_MEETINGS]),
    )


def _first(rows: QuerySet[Body]) -> tuple[tuple[Body, ...], int]:
    """The first of ``rows``, and the number of others. A single other row is shown too."""
    count = rows.count()
    shown = count if count == MOST_NAMED + 1 else MOST_NAMED
    return tuple(rows[:shown]), max(0, count - shown)


def _meetings_of(country: Country, meetings: MeetingQuerySet) -> MeetingQuerySet:
    """Those of ``meetings`` that ``country`` hosts, takes part in, or has as a member of the mechanism."""
    participant = Participation.objects.filter(meeting=OuterRef("pk"), country=country)
    member = Mechanism.countries.through.objects.filter(mechanism=OuterRef("mechanism"), country=country)
    return meetings.filter(Q(country=country) | Exists(participant) | Exists(member))


# -- the lists -------------------------------------------------------------------------------------------


def _counted(rows: QuerySet[Any], field: str) -> Coalesce:
    counts = rows.order_by().values(field).annotate(n=Count("commitment", distinct=True)).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def agencies_with_counts(open_rows: CommitmentQuerySet) -> QuerySet[Agency]:
    """The agencies by country and name, with ``open``: how many of ``open_rows`` are assigned to each."""
    assignments = Assignment.objects.filter(
        agency=OuterRef("pk"), commitment__in=open_rows.order_by().values("pk")
    )
    rows = Agency.objects.select_related("country").annotate(open=_counted(assignments, "agency"))
    return rows.order_by("country__sort_key", "sort_key", "pk")


def countries_with_counts(open_rows: CommitmentQuerySet) -> QuerySet[Country]:
    """The countries by name, with ``open``: how many of ``open_rows`` each is party to."""
    party = CommitmentParty.objects.filter(
        country=OuterRef("pk"), role=PartyRole.PARTY, commitment__in=open_rows.order_by().values("pk")
    )
    return Country.objects.annotate(open=_counted(party, "country")).order_by("sort_key", "pk")


def mechanisms_with_sessions(user: "User", as_of: AsOf) -> QuerySet[Mechanism]:
    """The mechanisms by name, with ``held_n``, the number of sessions held by that date, and the last one,
    of those that ``user`` can see.

    ``to_come_n`` is the number of sessions that are still to come.
    """
    of_mechanism = Meeting.objects.visible_to(user).filter(mechanism=OuterRef("pk"))
    held = of_mechanism.held().filter(day__lte=as_of.day)
    last = held.order_by("-day", "-pk")
    return Mechanism.objects.annotate(
        held_n=_number(held),
        to_come_n=_number(of_mechanism.to_come(as_of.day)),
        last_on=Subquery(last.values("starts_on")[:1]),
        last_worded=Subquery(last.values("window_wording")[:1]),
    ).order_by("sort_key", "pk")


def _number(sessions: MeetingQuerySet) -> Coalesce:
    counts = sessions.order_by().values("mechanism").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
