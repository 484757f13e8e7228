"""What a briefing is about: a meeting, a country, an agency or a list, with its commitments."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.choices import CLAIMS, PartyRole
from commitments.models import Commitment, StatusChange
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.agenda import between, previous_session
from commitments.reports.comparison import changed, closed_on, days, sessions
from commitments.reports.presence_strip import countries_of
from commitments.reports.query import ListQuery, filters_in_words
from relations.choices import ParticipantRole
from relations.models import Agency, Country, Meeting

if TYPE_CHECKING:
    from accounts.models import User
    from relations.querysets import MeetingQuerySet

A_YEAR = 365
"""Without a last meeting, what was delivered in so many days is told."""
_LEAD = (ParticipantRole.HEAD_OF_DELEGATION, ParticipantRole.CO_CHAIR)

SESSION, COUNTRY, AGENCY, LIST, COMMITMENT = "session", "country", "agency", "list", "commitment"


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads a side, in the office held at that meeting."""

    country: str
    person: str
    office: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a briefing tells. ``rows`` were read with ``at``, in every status.

    ``since`` is the day after which something counts as delivered since. ``silent`` are the commitments that
    could have been mentioned and were not; ``silence`` says between what, or why nobody can say. ``level`` is
    the highest classification of the meetings that it names.
    """

    kind: str
    title: str
    subtitle: str
    file_name: str
    rows: CommitmentQuerySet
    since: dt.date
    since_label: str
    silent: CommitmentQuerySet
    silence: str
    facts: tuple[tuple[str, str], ...] = ()
    leaders: tuple[Leader, ...] = ()
    level: int = 0
    order: tuple[int, ...] | None = field(default=None)
    """The keys of the matrix in their order, if it is that of a list."""

    def delivered(self) -> CommitmentQuerySet:
        """What was fulfilled, wholly or in part, after ``since``."""
        decided = StatusChange.objects.filter(
            commitment=OuterRef("pk"), to_status__in=CLAIMS, day__gt=self.since
        )
        return self.rows.in_status(*CLAIMS).filter(Exists(decided)).by_reference()


def meeting_subject(meeting: Meeting, reader: "User", as_of: AsOf) -> Subject:
    """The briefing for ``meeting``, which was read with its participants, its mechanism and ``has_text``."""
    visible = Commitment.objects.visible_to(reader)
    codes = sorted(countries_of(meeting))
    rows = between(visible, codes).at(as_of) if codes else visible.none().at(as_of)
    previous = _with_texts(previous_session(meeting, reader, as_of.day))
    before = _with_texts(previous_session(previous, reader, as_of.day)) if previous else None
    if previous is None:
        silent, silence = visible.none(), _("No earlier session is recorded.")
    elif before is None:
        silent, silence = visible.none(), _("Only one earlier session is recorded.")
    else:
        silent, silence = _silent_between(before, previous, rows, visible, as_of)
    since = closed_on(previous) if previous else _a_year_before(as_of.day)
    return Subject(
        kind=SESSION,
        title=meeting.title,
        subtitle=_when_and_where(meeting),
        file_name=meeting.slug,
        rows=rows,
        since=since,
        since_label=_since(previous.title if previous else "", since),
        silent=silent,
        silence=silence,
        facts=tuple(_facts_of(meeting, previous, codes)),
        leaders=_leaders(meeting, previous),
        level=_level_of(meeting, previous, before),
    )


def country_subject(country: Country, reader: "User", as_of: AsOf) -> Subject:
    """The briefing on what stands between our country and ``country``; on our own, all that is ours."""
    visible = Commitment.objects.visible_to(reader)
    home = settings.HOME_COUNTRY
    if country.code == home:
        rows = visible.at(as_of).with_party([home], PartyRole.PARTY)
        last = None
    else:
        rows = between(visible, [home, country.code]).at(as_of)
        last = _last_meeting({home, country.code}, reader, as_of.day)
    since = closed_on(last) if last else _a_year_before(as_of.day)
    silent, silence = _silent_for_a_year(rows, visible, as_of)
    return Subject(
        kind=COUNTRY,
        title=country.name,
        subtitle=_("Commitments between %(home)s and %(partner)s") % _home_and(country)
        if country.code != home
        else _("Our commitments with all countries"),
        file_name=country.code.lower(),
        rows=rows,
        since=since,
        since_label=_since(last.title if last else "", since),
        silent=silent,
        silence=silence,
        facts=tuple(_last_met(last)),
        leaders=_leaders(last, None) if last else (),
        level=_level_of(last),
    )


def agency_subject(agency: Agency, reader: "User", as_of: AsOf) -> Subject:
    """The briefing on what is assigned to ``agency``."""
    visible = Commitment.objects.visible_to(reader)
    rows = visible.at(as_of).assigned_to([agency.slug], none=False, lead_only=False)
    since = _a_year_before(as_of.day)
    silent, silence = _silent_for_a_year(rows, visible, as_of)
    return Subject(
        kind=AGENCY,
        title=agency.name,
        subtitle=_("Commitments assigned to the agency"),
        file_name=agency.slug,
        rows=rows,
        since=since,
        since_label=_since("", since),
        silent=silent,
        silence=silence,
        facts=((capfirst(pgettext("fact of an agency", "country")), agency.country.name),),
    )


def list_subject(query: ListQuery, keys: Iterable[int]) -> Subject:
    """The briefing on the list that ``query`` shows; ``keys`` are its rows in their order."""
    filterset = query.filterset
    as_of, rows = filterset.when, filterset.qs
    since = _a_year_before(as_of.day)
    silent, silence = _silent_for_a_year(rows, Commitment.objects.visible_to(filterset.user), as_of)
    filters = tuple(filters_in_words(filterset))
    return Subject(
        kind=LIST,
        title=_("Follow-up of commitments"),
        subtitle="",
        file_name="",
        rows=rows,
        since=since,
        since_label=_since("", since),
        silent=silent,
        silence=silence,
        facts=filters or ((_("Filters"), pgettext("filters", "none")),),
        order=tuple(keys),
    )


# -- what was not mentioned --------------------------------------------------------------------------------


def _silent_between(
    before: Meeting, previous: Meeting, rows: CommitmentQuerySet, visible: CommitmentQuerySet, as_of: AsOf
) -> tuple[CommitmentQuerySet, str]:
    """What the session ``before`` raised and ``previous`` did not, and is still open."""
    span = sessions(before, previous, as_of.today)
    if span.unrecorded is not None:
        sentence = _("The text of “%(meeting)s” is not recorded, so nobody can say what it left out.")
        return visible.none(), sentence % {"meeting": span.unrecorded.title}
    keys = changed(visible, span).silent.order_by().values("pk")
    names = {"before": before.title, "previous": previous.title}
    return (
        rows.open().filter(pk__in=keys).by_reference(),
        _("Raised at “%(before)s”, not mentioned at “%(previous)s”, and still open.") % names,
    )


def _silent_for_a_year(
    rows: CommitmentQuerySet, visible: CommitmentQuerySet, as_of: AsOf
) -> tuple[CommitmentQuerySet, str]:
    """What was mentioned more than a year ago and not since, although its countries met."""
    first = AsOf(_a_year_before(as_of.day), as_of.today)
    second = AsOf(min(as_of.day, as_of.today), as_of.today)
    if first.day >= second.day:
        return visible.none(), ""
    keys = changed(visible, days(visible, first, second)).silent.order_by().values("pk")
    sentence = _("Not mentioned since %(day)s, although the countries met, and still open.")
    return (
        rows.open().filter(pk__in=keys).by_reference(),
        sentence % {"day": date_format(first.day, "LONG_DATE_FORMAT")},
    )


def _a_year_before(day: dt.date) -> dt.date:
    return dt.date.fromordinal(max(day.toordinal() - A_YEAR, 1))


# -- meetings ----------------------------------------------------------------------------------------------


def _with_texts(meeting: Meeting | None) -> Meeting | None:
    if meeting is None:
        return None
    rows = Meeting.objects.with_has_text().select_related("mechanism", "country")
    return rows.prefetch_related("participations__person", "participations__country").get(pk=meeting.pk)


def _level_of(*meetings: Meeting | None) -> int:
    return max((each.classification for each in meetings if each is not None), default=0)


def _last_meeting(codes: set[str], reader: "User", day: dt.date) -> Meeting | None:
    """The last meeting that ``reader`` sees, held by ``day``, at which all of ``codes`` took part."""
    seen: MeetingQuerySet = Meeting.objects.visible_to(reader)
    found = seen.held().filter(day__lte=day)
    for code in sorted(codes):
        found = found.filter(
            Exists(Meeting.objects.filter(pk=OuterRef("pk"), participations__country__code=code))
        )
    return _with_texts(found.order_by("-day", "-pk").first())


def _leaders(meeting: Meeting, previous: Meeting | None) -> tuple[Leader, ...]:
    """Who leads the delegations; before they are known, who led them at the session before."""
    for each in (meeting, previous):
        if each is not None and (found := tuple(_leaders_at(each))):
            return found
    return ()


def _leaders_at(meeting: Meeting) -> Iterable[Leader]:
    people = sorted(meeting.participations.all(), key=lambda each: (each.country.code, each.pk))
    leading = [each for each in people if each.role in _LEAD]
    for each in leading or people:
        yield Leader(each.country.name, each.person.name, each.office)


def _facts_of(meeting: Meeting, previous: Meeting | None, codes: list[str]) -> Iterable[tuple[str, str]]:
    names = dict(Country.objects.filter(code__in=codes).values_list("code", "name"))
    if meeting.mechanism:
        yield _("Mechanism"), meeting.mechanism.name
    yield capfirst(pgettext("fact of a meeting", "form")), str(meeting.get_form_display())
    yield capfirst(pgettext("fact of a meeting", "level")), str(meeting.get_level_display())
    yield capfirst(pgettext("fact of a meeting", "status")), str(meeting.get_status_display())
    yield _("Countries"), ", ".join(names[code] for code in codes if code in names)
    if meeting.place or meeting.country:
        place = meeting.place or (meeting.country.name if meeting.country else "")
        yield capfirst(pgettext("fact of a meeting", "place")), place
    if previous:
        yield _("Last session"), f"{previous.title}, {previous.date_in_words()}"


def _last_met(last: Meeting | None) -> Iterable[tuple[str, str]]:
    if last:
        yield _("Last meeting"), f"{last.title}, {last.date_in_words()}"


def _when_and_where(meeting: Meeting) -> str:
    """When and where: “16 October 2026, Hanoi”, or the window as it was worded."""
    day = meeting.long_date
    if day and not meeting.starts_on and meeting.window_wording:
        day = pgettext("quotation", "“%(text)s”") % {"text": day}
    where = meeting.place or (meeting.country.name if meeting.country else "")
    return ", ".join(filter(None, (day, where)))


def _since(title: str, day: dt.date) -> str:
    words = {"title": title, "day": date_format(day, "LONG_DATE_FORMAT")}
    if title:
        # Translators: since a meeting: “since Joint Committee, 21st session (9 December 2025)”.
        return _("since %(title)s (%(day)s)") % words
    return _("since %(day)s") % words


def _home_and(country: Country) -> dict[str, str]:
    home = Country.objects.filter(code=settings.HOME_COUNTRY).first()
    return {"home": home.name if home else settings.HOME_COUNTRY, "partner": country.name}
