"""The page of a country: our commitments, theirs and joint ones; our own country also has its partners.

“We” is ``HOME_COUNTRY``. A commitment is ours or theirs if one country alone is responsible for it, and
joint if several countries are. Requests and commitments under review have sections of their own.
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

BINDING = tuple(status for status in Status if status in OPEN - {Status.REQUESTED, Status.UNDER_REVIEW})
"""The open statuses but requested and under review."""
_BINDING = [status.value for status in BINDING]
GROUPS = frozenset({"joint", "others"})
"""Sections that no filter of the list can show. The page itself can show them in full."""


@dataclass(frozen=True, slots=True)
class CountryFigure:
    """A number of commitments, and the address of their list."""

    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A country with which we share open commitments, and their numbers."""

    country: Country
    url: str
    ours: CountryFigure
    theirs: CountryFigure
    joint: CountryFigure
    requested: CountryFigure
    review: CountryFigure
    overdue: CountryFigure


@dataclass(frozen=True, slots=True)
class CountryPage:
    """The content of the page. ``home_name`` is our country; only our own country has ``partners``."""

    country: Country
    is_home: bool
    home_name: str
    open: CountryFigure
    overdue: CountryFigure
    partners: tuple[Partner, ...]
    sections: tuple[Section, ...]
    context: SectionContext


def country_page(country: Country, user: "User", as_of: AsOf, *, group: str = "") -> CountryPage:
    """The page of ``country`` as of a date; ``group`` is the section to show alone and in full."""
    visible = Commitment.objects.visible_to(user)
    at, home = visible.at(as_of), settings.HOME_COUNTRY
    theirs = at.with_party([country.code], PartyRole.PARTY)
    context = SectionContext.of(visible, as_of, theirs)
    is_home = country.code == home
    sections_of = _home_sections if is_home else _partner_sections
    sections = tuple(sections_of(country, at, context, WHOLE if group else FIRST))
    query = {"country": country.code}
    return CountryPage(
        country=country,
        is_home=is_home,
        home_name=_name_of(home),
        open=CountryFigure(theirs.open().count(), list_url(as_of, {**query, "state": State.OPEN.value})),
        overdue=CountryFigure(
            theirs.overdue(as_of.day).count(), list_url(as_of, {**query, "overdue": "true"})
        ),
        partners=tuple(_partners(at, as_of)) if is_home else (),
        sections=tuple(section for section in sections if group in ("", section.key)),
        context=context,
    )


def _name_of(code: str) -> str:
    country = Country.objects.filter(code=code).first()
    return country.name if country else code


# -- sections ------------------------------------------------------------------------------------------


def _partner_sections(
    country: Country, at: CommitmentQuerySet, context: SectionContext, most: int
) -> Iterable[Section]:
    """The sections of commitments between us and ``country``."""
    home, code = settings.HOME_COUNTRY, country.code
    ours, theirs = at.with_party([home], PartyRole.PARTY), at.with_party([code], PartyRole.PARTY)
    names = {"home": _name_of(home), "partner": country.name}
    yield context.section(
        "ours",
        _("Our commitments"),
        _("%(home)s has no open commitments of its own towards %(partner)s that you can see.") % names,
        theirs.only_obligated(home).in_status(*BINDING),
        note=_("%(country)s alone is responsible") % {"country": names["home"]},
        query={"country": code, "only_obligated": home, "status": _BINDING},
    )
    yield context.section(
        "theirs",
        _("Their commitments"),
        _("%(partner)s has no open commitments of its own towards %(home)s that you can see.") % names,
        ours.only_obligated(code).in_status(*BINDING),
        note=_("%(country)s alone is responsible") % {"country": names["partner"]},
        query={"country": home, "only_obligated": code, "status": _BINDING},
    )
    with_us = theirs.with_party([home], PartyRole.PARTY)
    yield _joint(
        with_several_obligated(with_us),
        country,
        context,
        _("%(home)s and %(partner)s have no open joint commitments that you can see.") % names,
        most,
    )
    yield from _not_binding(theirs, country, context)
    listed = (theirs.only_obligated(home), with_us.only_obligated(code), with_several_obligated(with_us))
    others = theirs.in_status(*BINDING)
    for rows in listed:
        others = others.exclude(pk__in=rows.order_by().values("pk"))
    section = context.section(
        "others",
        _("With other countries"),
        _("%(partner)s has no open commitments with other countries that you can see.") % names,
        others,
        url=_group_url(country, "others", context),
        most=most,
    )
    if section.count or most == WHOLE:
        yield section


def _home_sections(
    country: Country, at: CommitmentQuerySet, context: SectionContext, most: int
) -> Iterable[Section]:
    """The sections of our own commitments, whoever the other parties are."""
    code, name = country.code, {"country": country.name}
    yield context.section(
        "ours",
        _("Our commitments"),
        _("%(country)s has no open commitments of its own that you can see.") % name,
        at.only_obligated(code).in_status(*BINDING),
        note=_("%(country)s alone is responsible") % name,
        query={"only_obligated": code, "status": _BINDING},
    )
    empty = _("%(country)s has no open joint commitments with other countries that you can see.") % name
    yield _joint(
        with_several_obligated(at.with_party([code], PartyRole.OBLIGATED)), country, context, empty, most
    )
    yield from _not_binding(at.with_party([code], PartyRole.PARTY), country, context)


def _joint(
    rows: CommitmentQuerySet, country: Country, context: SectionContext, empty: str, most: int
) -> Section:
    return context.section(
        "joint",
        _("Joint commitments"),
        empty,
        rows.in_status(*BINDING),
        note=_("several countries are responsible"),
        url=_group_url(country, "joint", context),
        most=most,
    )


def _group_url(country: Country, group: str, context: SectionContext) -> str:
    """The address of one section in full, which no filter of the list can show."""
    return on_day(f"{reverse('country', args=[country.code])}?group={group}", context.as_of)


def _not_binding(rows: CommitmentQuerySet, country: Country, context: SectionContext) -> Iterable[Section]:
    """The sections of requests and of commitments under review."""
    yield context.section(
        "requested",
        _("Requests awaiting an answer"),
        _("No request that you can see awaits an answer."),
        rows.in_status(Status.REQUESTED),
        note=_("not agreed yet"),
        query={"country": country.code, "status": Status.REQUESTED.value},
        last_column="last",
    )
    yield context.section(
        "review",
        _("Awaiting decision"),
        _("No commitment that you can see awaits a decision."),
        rows.in_status(Status.UNDER_REVIEW),
        note=_("submitted for review"),
        query={"country": country.code, "status": Status.UNDER_REVIEW.value},
    )


def _obligated() -> Any:
    return CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.OBLIGATED).order_by()


def with_obligated_count(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """Annotate ``obligated_count``: how many countries are responsible."""
    counted = _obligated().values("commitment").annotate(n=Count("pk")).values("n")
    return rows.annotate(obligated_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def with_several_obligated(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """Commitments for which more than one country is responsible."""
    return with_obligated_count(rows).filter(Q(obligated_count__gt=1))


# -- the partners of our own country -------------------------------------------------------------------


def _partners(at: CommitmentQuerySet, as_of: AsOf) -> Iterable[Partner]:
    """Every country with which we share open commitments, the one with most of them first."""
    home = settings.HOME_COUNTRY
    counts: dict[str, Counter[str]] = {}
    is_ours = CommitmentParty.objects.filter(
        commitment=OuterRef("pk"), role=PartyRole.PARTY, country__code=home
    )
    groups = (
        with_obligated_count(at.open())
        .annotate(ours=Exists(is_ours), first=Subquery(_obligated().values("country__code")[:1]))
        .filter(parties__role=PartyRole.PARTY)
        .order_by()
        .values_list("parties__country__code", "status_then", "obligated_count", "first", "ours")
        .annotate(n=Count("pk"))
    )
    for code, status, obligated_count, first, ours, n in groups:
        alone = first if obligated_count == 1 else "" if obligated_count else "nobody"
        key = _figure_key(code, status, alone, ours=ours)
        counts.setdefault(code, Counter())[key] += n
        counts[code]["all"] += n
    overdue = at.overdue(as_of.day).filter(parties__role=PartyRole.PARTY).order_by()
    for code, n in overdue.values_list("parties__country__code").annotate(n=Count("pk")):
        counts[code]["overdue"] = n
    counts.pop(home, None)
    countries = {country.code: country for country in Country.objects.filter(code__in=counts)}
    for code in sorted(counts, key=lambda code: (-counts[code]["all"], code)):
        yield _partner(countries[code], counts[code], as_of)


def _figure_key(code: str, status: str, alone: str, *, ours: bool) -> str:
    """The figure of the partner ``code`` that a commitment counts in.

    ``alone`` is the only responsible country, "" where several are responsible, and "nobody" where none is.
    """
    if status == Status.REQUESTED:
        return "requested"
    if status == Status.UNDER_REVIEW:
        return "review"
    if alone == settings.HOME_COUNTRY:
        return "ours"
    if not ours or alone not in ("", code):
        return "others"
    return "theirs" if alone else "joint"


def _partner(country: Country, counts: Counter[str], as_of: AsOf) -> Partner:
    home, code = settings.HOME_COUNTRY, country.code
    page = on_day(reverse("country", args=[code]), as_of)
    joint = on_day(f"{reverse('country', args=[code])}?group=joint", as_of)
    urls = {
        "ours": list_url(as_of, {"country": code, "only_obligated": home, "status": _BINDING}),
        "theirs": list_url(as_of, {"country": home, "only_obligated": code, "status": _BINDING}),
        "joint": joint,
        "requested": list_url(as_of, {"country": code, "status": Status.REQUESTED.value}),
        "review": list_url(as_of, {"country": code, "status": Status.UNDER_REVIEW.value}),
        "overdue": list_url(as_of, {"country": code, "overdue": "true"}),
    }
    return Partner(country, page, **{key: CountryFigure(counts[key], url) for key, url in urls.items()})
