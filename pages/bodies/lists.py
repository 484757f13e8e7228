"""Who belongs to a country and where it sits: its agencies, its mechanisms, the meetings it takes part in."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commitments.choices import PartyRole
from commitments.models import Assignment, CommitmentParty
from commitments.querysets import AsOf, CommitmentQuerySet
from relations.models import Agency, Country, Mechanism, Meeting, Participation
from relations.querysets import MeetingQuerySet

MOST_NAMED, MOST_MEETINGS = 12, 4

Body = TypeVar("Body", Agency, Mechanism)


@dataclass(frozen=True, slots=True)
class Bodies:
    """The first of each, and how many agencies and mechanisms more there are."""

    agencies: tuple[Agency, ...]
    more_agencies: int
    mechanisms: tuple[Mechanism, ...]
    more_mechanisms: int
    to_come: tuple[Meeting, ...]
    held: tuple[Meeting, ...]


def bodies_of(country: Country, as_of: AsOf) -> Bodies:
    """What the page of ``country`` names beside its commitments."""
    agencies, mechanisms = country.agencies.order_by("name"), country.mechanisms.order_by("name")
    held = _with(Meeting.objects.held().filter(day__lte=as_of.day), country)
    some_agencies, more_agencies = _first(agencies)
    some_mechanisms, more_mechanisms = _first(mechanisms)
    return Bodies(
        agencies=some_agencies,
        more_agencies=more_agencies,
        mechanisms=some_mechanisms,
        more_mechanisms=more_mechanisms,
        to_come=tuple(_with(Meeting.objects.to_come(as_of.day), country)[:MOST_MEETINGS]),
        held=tuple(held.order_by("-day", "-pk")[:MOST_MEETINGS]),
    )


def _first(rows: QuerySet[Body]) -> tuple[tuple[Body, ...], int]:
    """The first of ``rows`` and how many more there are; never one, which is as short as its mark."""
    count = rows.count()
    shown = count if count == MOST_NAMED + 1 else MOST_NAMED
    return tuple(rows[:shown]), max(0, count - shown)


def _with(meetings: MeetingQuerySet, country: Country) -> MeetingQuerySet:
    """Those of ``meetings`` that the country hosts, sends somebody to, or holds as a mechanism's member."""
    sent = Participation.objects.filter(meeting=OuterRef("pk"), country=country)
    member = Mechanism.countries.through.objects.filter(mechanism=OuterRef("mechanism"), country=country)
    return meetings.filter(Q(country=country) | Exists(sent) | Exists(member))


# -- lists of bodies, each with how many commitments stand with it ---------------------------------------


def _counted(rows: QuerySet[Any], field: str) -> Coalesce:
    counts = rows.order_by().values(field).annotate(n=Count("commitment", distinct=True)).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def agencies_with_counts(open_rows: CommitmentQuerySet) -> QuerySet[Agency]:
    """The agencies by country and name, with ``open``: how many of ``open_rows`` each is charged with."""
    charged = Assignment.objects.filter(
        agency=OuterRef("pk"), commitment__in=open_rows.order_by().values("pk")
    )
    rows = Agency.objects.select_related("country").annotate(open=_counted(charged, "agency"))
    return rows.order_by("country__name", "name", "pk")


def countries_with_counts(open_rows: CommitmentQuerySet) -> QuerySet[Country]:
    """The countries by name, with ``open``: how many of ``open_rows`` each is party to."""
    party = CommitmentParty.objects.filter(
        country=OuterRef("pk"), role=PartyRole.PARTY, commitment__in=open_rows.order_by().values("pk")
    )
    return Country.objects.annotate(open=_counted(party, "country")).order_by("name", "pk")


def mechanisms_with_sessions(as_of: AsOf) -> QuerySet[Mechanism]:
    """The mechanisms by name, with ``held_n`` sessions held by that day, and when the last one was."""
    held = Meeting.objects.held().filter(mechanism=OuterRef("pk"), day__lte=as_of.day).order_by()
    counts = held.values("mechanism").annotate(n=Count("pk")).values("n")
    last = held.order_by("-day", "-pk")
    return Mechanism.objects.annotate(
        held_n=Coalesce(Subquery(counts, output_field=IntegerField()), 0),
        last_on=Subquery(last.values("starts_on")[:1]),
        last_worded=Subquery(last.values("window_wording")[:1]),
    ).order_by("name", "pk")
