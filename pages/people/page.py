"""The page of a person: the positions held, by meeting, and the commitments that were mentioned there."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from commitments.choices import State
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.sections import LATEST_DAY, LONGEST_QUIET, Section, SectionContext
from relations.models import Meeting, Participation, Person


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The content of the page; ``mentioned`` counts the commitments, ``open`` those that are open."""

    person: Person
    positions: tuple[Participation, ...]
    mentioned: int
    open: int
    sections: tuple[Section, ...]
    context: SectionContext


def person_page(person: Person, user: User, as_of: AsOf) -> PersonPage:
    """The page of ``person`` as of a date, with the commitments that ``user`` can see."""
    visible = Commitment.objects.visible_to(user)
    found = visible.at(as_of).mentioned(as_of, meeting__participations__person=person.pk)
    context = SectionContext.of(visible, as_of, found)
    query = {"person": person.slug}
    sections = (
        context.section(
            "open",
            _("Open commitments"),
            _("No open commitment that you can see was mentioned at these meetings."),
            found.open(),
            query={**query, "state": State.OPEN.value},
            order=[LATEST_DAY, LONGEST_QUIET],
        ),
        context.section(
            "closed",
            _("Closed commitments"),
            _("No closed commitment that you can see was mentioned at these meetings."),
            found.closed(),
            query={**query, "state": State.CLOSED.value},
            last_column="last",
            order=["-last_activity_on"],
        ),
    )
    n_open, n_closed = (section.count for section in sections)
    return PersonPage(
        person=person,
        positions=_positions(person, user, as_of),
        mentioned=n_open + n_closed,
        open=n_open,
        sections=sections,
        context=context,
    )


def _positions(person: Person, user: User, as_of: AsOf) -> tuple[Participation, ...]:
    """The positions, the latest meeting first."""
    seen = person.participations.filter(meeting__in=Meeting.objects.visible_to(user).order_by().values("pk"))
    rows = seen.filter(as_of.happened("meeting__day")).select_related("meeting", "country")
    return tuple(rows.defer("meeting__search_text").order_by("-meeting__day", "-pk"))


def people_with_meetings(user: User, as_of: AsOf) -> QuerySet[Person]:
    """The people by name, with ``meetings``: how many each attended by that date, of those ``user`` sees."""
    seen = Participation.objects.filter(meeting__in=Meeting.objects.visible_to(user).order_by().values("pk"))
    took_part = seen.filter(as_of.happened("meeting__day"), person=OuterRef("pk"))
    counts = took_part.order_by().values("person").annotate(n=Count("pk")).values("n")
    last = took_part.order_by("-meeting__day", "-pk").values("office")[:1]
    return (
        Person.objects.select_related("country")
        .annotate(
            meetings=Coalesce(Subquery(counts, output_field=IntegerField()), 0), last_office=Subquery(last)
        )
        .order_by("sort_key", "pk")
    )
