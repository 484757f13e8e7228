"""A country: what we owe it, what it owes us, what is joint; for our own, what we owe to whom.

“We” is ``HOME_COUNTRY``. Who must act decides: a side owes what it alone must do, and what several must do is
joint. What one side asked and the other has not agreed to is owed by nobody and stands apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.choices import OPEN, PartyRole, State, Status
from commitments.models import Commitment, CommitmentParty
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import list_url, on_day
from commitments.reports.sections import FIRST, WHOLE, Section, SectionContext
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User

OWED = tuple(status for status in Status if status in OPEN - {Status.REQUESTED, Status.UNDER_REVIEW})
"""Open and agreed to. What is reported ready to close stands apart, and so does what was only asked."""
_OWED = [status.value for status in OWED]
GROUPS = frozenset({"joint"})
"""Sections that no filter of the list shows, so that the page shows them whole itself."""


@dataclass(frozen=True, slots=True)
class CountryFigure:
    """How many, and where they are."""

    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A country with which we stand in something open."""

    country: Country
    url: str
    owe: CountryFigure
    owed: CountryFigure
    joint: CountryFigure
    requested: CountryFigure
    review: CountryFigure
    overdue: CountryFigure


@dataclass(frozen=True, slots=True)
class CountryPage:
    """Everything the page of one country says; ``partners`` only where the country is ours."""

    country: Country
    is_home: bool
    we: str
    open: CountryFigure
    overdue: CountryFigure
    others: int
    partners: tuple[Partner, ...]
    sections: tuple[Section, ...]
    frame: SectionContext


def country_page(country: Country, user: "User", as_of: AsOf, *, whole: str = "") -> CountryPage:
    """The page of ``country``, on the day; ``whole`` is the section to be shown alone and to its end."""
    visible = Commitment.objects.visible_to(user)
    at, home = visible.at(as_of), settings.HOME_COUNTRY
    theirs = at.with_party([country.code], PartyRole.PARTY)
    frame = SectionContext.around(visible, as_of, theirs)
    is_home = country.code == home
    build = _own_sections if is_home else _sections_with
    sections = tuple(build(country, at, frame, WHOLE if whole else FIRST))
    still_open = theirs.open().count()
    mine = {"country": country.code}
    return CountryPage(
        country=country,
        is_home=is_home,
        we=_name_of(home),
        open=CountryFigure(still_open, list_url(as_of, {**mine, "state": State.OPEN.value})),
        overdue=CountryFigure(
            theirs.overdue(as_of.day).count(), list_url(as_of, {**mine, "overdue": "true"})
        ),
        others=0 if is_home else still_open - sum(section.count for section in sections),
        partners=tuple(_partners(at, as_of)) if is_home else (),
        sections=tuple(section for section in sections if whole in ("", section.key)),
        frame=frame,
    )


def _name_of(code: str) -> str:
    country = Country.objects.filter(code=code).first()
    return country.name if country else code


# -- sections ------------------------------------------------------------------------------------------


def _sections_with(
    country: Country, at: CommitmentQuerySet, frame: SectionContext, most: int
) -> Iterable[Section]:
    """What stands between us and ``country``."""
    home, code = settings.HOME_COUNTRY, country.code
    ours, theirs = at.with_party([home], PartyRole.PARTY), at.with_party([code], PartyRole.PARTY)
    names = {"us": _name_of(home), "them": country.name}
    yield frame.section(
        "owe",
        _("What we owe"),
        _("There is nothing open in which %(us)s alone must act towards %(them)s.") % names,
        theirs.only_obligated(home).in_status(*OWED),
        note=_("%(us)s alone must act") % names,
        query={"country": code, "only_obligated": home, "status": _OWED},
    )
    yield frame.section(
        "owed",
        _("What they owe us"),
        _("There is nothing open in which %(them)s alone must act towards %(us)s.") % names,
        ours.only_obligated(code).in_status(*OWED),
        note=_("%(them)s alone must act") % names,
        query={"country": home, "only_obligated": code, "status": _OWED},
    )
    yield _joint(
        several(theirs.with_party([home], PartyRole.PARTY)),
        country,
        frame,
        _("There is nothing open in which both %(us)s and %(them)s must act.") % names,
        most,
    )
    yield from _apart(theirs, country, frame)


def _own_sections(
    country: Country, at: CommitmentQuerySet, frame: SectionContext, most: int
) -> Iterable[Section]:
    """What stands with us, whoever the other side is."""
    code, names = country.code, {"us": country.name}
    yield frame.section(
        "owe",
        _("What we owe"),
        _("There is nothing open in which %(us)s alone must act.") % names,
        at.only_obligated(code).in_status(*OWED),
        note=_("%(us)s alone must act") % names,
        query={"only_obligated": code, "status": _OWED},
    )
    empty = _("There is nothing open in which %(us)s must act together with others.") % names
    yield _joint(several(at.with_party([code], PartyRole.OBLIGATED)), country, frame, empty, most)
    yield from _apart(at.with_party([code], PartyRole.PARTY), country, frame)


def _joint(
    rows: CommitmentQuerySet, country: Country, frame: SectionContext, empty: str, most: int
) -> Section:
    return frame.section(
        "joint",
        _("Joint"),
        empty,
        rows.in_status(*OWED),
        note=_("several must act"),
        url=on_day(f"{reverse('country', args=[country.code])}?group=joint", frame.as_of),
        most=most,
    )


def _apart(rows: CommitmentQuerySet, country: Country, frame: SectionContext) -> Iterable[Section]:
    yield frame.section(
        "requested",
        _("Requested, unanswered"),
        _("No request waits for an answer."),
        rows.in_status(Status.REQUESTED),
        note=_("no promise yet"),
        query={"country": country.code, "status": Status.REQUESTED.value},
        says="last",
    )
    yield frame.section(
        "review",
        _("Awaiting decision"),
        _("Nothing has been reported ready to close."),
        rows.in_status(Status.UNDER_REVIEW),
        note=_("reported ready to close"),
        query={"country": country.code, "status": Status.UNDER_REVIEW.value},
    )


def _obligated() -> Any:
    return CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.OBLIGATED).order_by()


def with_obligated_count(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """Annotate ``must_act``: how many countries must act."""
    counted = _obligated().values("commitment").annotate(n=Count("pk")).values("n")
    return rows.annotate(must_act=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def several(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """Those in which more than one country must act."""
    return with_obligated_count(rows).filter(Q(must_act__gt=1))


# -- our own country: what we owe to whom --------------------------------------------------------------


def _partners(at: CommitmentQuerySet, as_of: AsOf) -> Iterable[Partner]:
    """Every country that stands with us in something open, the one we stand most with first."""
    home = settings.HOME_COUNTRY
    counts: dict[str, Counter[str]] = {}
    is_ours = CommitmentParty.objects.filter(
        commitment=OuterRef("pk"), role=PartyRole.PARTY, country__code=home
    )
    sorted_out = (
        with_obligated_count(at.open())
        .annotate(ours=Exists(is_ours), first=Subquery(_obligated().values("country__code")[:1]))
        .filter(parties__role=PartyRole.PARTY)
        .order_by()
        .values_list("parties__country__code", "status_then", "must_act", "first", "ours")
        .annotate(n=Count("pk"))
    )
    for code, status, must_act, first, ours, n in sorted_out:
        key = _kind(code, status, first if must_act == 1 else "" if must_act else "nobody", ours=ours)
        counts.setdefault(code, Counter())[key] += n
        counts[code]["all"] += n
    late = at.overdue(as_of.day).filter(parties__role=PartyRole.PARTY).order_by()
    for code, n in late.values_list("parties__country__code").annotate(n=Count("pk")):
        counts[code]["overdue"] = n
    counts.pop(home, None)
    countries = {country.code: country for country in Country.objects.filter(code__in=counts)}
    for code in sorted(counts, key=lambda code: (-counts[code]["all"], code)):
        yield _partner(countries[code], counts[code], as_of)


def _kind(code: str, status: str, alone: str, *, ours: bool) -> str:
    """Under which figure of the partner ``code`` it counts; ``alone`` is the one country that must act."""
    if status == Status.REQUESTED:
        return "requested"
    if status == Status.UNDER_REVIEW:
        return "review"
    if alone == settings.HOME_COUNTRY:
        return "owe"
    if not ours or alone not in ("", code):
        return "others"
    return "owed" if alone else "joint"


def _partner(country: Country, counts: Counter[str], as_of: AsOf) -> Partner:
    home, code = settings.HOME_COUNTRY, country.code
    page = on_day(reverse("country", args=[code]), as_of)
    joint = on_day(f"{reverse('country', args=[code])}?group=joint", as_of)
    addresses = {
        "owe": list_url(as_of, {"country": code, "only_obligated": home, "status": _OWED}),
        "owed": list_url(as_of, {"country": home, "only_obligated": code, "status": _OWED}),
        "joint": joint,
        "requested": list_url(as_of, {"country": code, "status": Status.REQUESTED.value}),
        "review": list_url(as_of, {"country": code, "status": Status.UNDER_REVIEW.value}),
        "overdue": list_url(as_of, {"country": code, "overdue": "true"}),
    }
    return Partner(country, page, **{key: CountryFigure(counts[key], url) for key, url in addresses.items()})
