"""The filters of the admin's list of commitments. Each passes its parameter to ``CommitmentFilterSet``."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import SuspiciousOperation
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.choices import Role
from commitments.choices import Nature, Status
from commitments.filtersets import NOBODY, CommitmentFilterSet
from commitments.models import Assignment, Commitment, CommitmentParty, Mention, Theme
from commitments.querysets import CommitmentQuerySet
from core.lists import listed
from relations.models import Agency, Country, Mechanism, Meeting

if TYPE_CHECKING:
    from accounts.models import User


class BadFilter(SuspiciousOperation):
    """A filter is unknown or invalid. The list then shows an error, never all rows."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(message for messages in errors.values() for message in messages))


def filtered(rows: CommitmentQuerySet, user: "User", parameters: Mapping[str, Any]) -> CommitmentQuerySet:
    """Filter ``rows`` by ``parameters`` of the filter set. Raise ``BadFilter`` if they are invalid."""
    filters = CommitmentFilterSet(parameters, user=user, queryset=rows)
    if errors := filters.faults:
        raise BadFilter(errors)
    return filters.qs  # type: ignore[no-any-return]


class RegisterFilter(admin.SimpleListFilter):
    """One parameter of the filter set. Several values in the address mean any of them."""

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        values = params.get(str(self.parameter_name), [])
        self.values = [value for value in values if value != ""]
        self.user = request.user
        super().__init__(request, params, model, model_admin)

    def has_output(self) -> bool:
        """Return whether the filter is shown. A parameter with a value is never dropped."""
        return bool(self.lookup_choices) or bool(self.values)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters for the filter set."""
        return {str(self.parameter_name): self.values}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return filtered(queryset, request.user, self.parameters()) if self.values else queryset  # type: ignore[arg-type]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        name = str(self.parameter_name)
        everything = {"selected": not self.values, "display": _("All")}
        yield {**everything, "query_string": changelist.get_query_string(remove=[name])}
        for value, label in self.lookup_choices:
            yield {
                "selected": str(value) in self.values,
                "query_string": changelist.get_query_string({name: value}),
                "display": label,
            }


GROUPS: dict[str, tuple[Any, dict[str, str]]] = {
    "open": (pgettext_lazy("group of commitments", "Open"), {"state": "open"}),
    "closed": (pgettext_lazy("group of commitments", "Closed"), {"state": "closed"}),
    "overdue": (gettext_lazy("Overdue"), {"overdue": "true"}),
    "awaiting": (gettext_lazy("Awaiting decision"), {"status": "under_review"}),
    "awaiting_me": (gettext_lazy("Awaiting your decision"), {"awaiting": "me"}),
    "review_due": (gettext_lazy("Due for review"), {"review_due": "true"}),
    "no_agency": (gettext_lazy("No agency"), {"agency": NOBODY}),
}
"""Groups of commitments: the label, and the parameters of the filter set."""


class GroupFilter(RegisterFilter):
    """Filters by group. Only reviewers have the group ``awaiting_me``."""

    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        decides = Role.REVIEWER in request.user.roles  # type: ignore[union-attr]
        return [
            (key, label) for key, (label, _parameters) in GROUPS.items() if decides or key != "awaiting_me"
        ]

    def parameters(self) -> dict[str, Any]:
        if len(self.values) > 1 or self.values[0] not in GROUPS:
            message = _("There is no group “%(value)s”. Possible groups: %(possible)s.")
            raise BadFilter({"group": [message % {"value": listed(self.values), "possible": listed(GROUPS)}]})
        return GROUPS[self.values[0]][1]


class StatusFilter(RegisterFilter):
    """Filters by status."""

    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Status.choices


class NatureFilter(RegisterFilter):
    """Filters by nature."""

    title = gettext_lazy("nature")
    parameter_name = "nature"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Nature.choices


class ThemeFilter(RegisterFilter):
    """Filters by theme."""

    title = gettext_lazy("theme")
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Theme.objects.values_list("slug", "name"))


def _linked_to_visible(rows: QuerySet[Any], user: Any, link: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows that ``link`` relates to a commitment that ``user`` may see."""
    return rows.filter(Exists(link.filter(commitment__in=Commitment.objects.visible_to(user))))


class CountryFilter(RegisterFilter):
    """Filters by party."""

    title = gettext_lazy("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        link = CommitmentParty.objects.filter(country=OuterRef("pk"))
        rows = _linked_to_visible(Country.objects.order_by("sort_key"), request.user, link)
        return list(rows.values_list("code", "name"))


class AgencyFilter(RegisterFilter):
    """Filters by assigned agency, or by having none."""

    title = gettext_lazy("agency")
    parameter_name = "agency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        link = Assignment.objects.filter(agency=OuterRef("pk"))
        rows = _linked_to_visible(Agency.objects.all(), request.user, link)
        agencies = list(rows.select_related("country"))
        uses = Counter(agency.short for agency in agencies)
        labels = ((each.slug, _label(each) if uses[each.short] > 1 else each.short) for each in agencies)
        return [(NOBODY, _("No agency")), *labels]


def _label(agency: Agency) -> str:
    return pgettext("agency and country", "%(agency)s (%(country)s)") % {
        "agency": agency.short,
        "country": agency.country.code,
    }


class MechanismFilter(RegisterFilter):
    """Filters by the mechanism at whose sessions the commitment was mentioned."""

    title = gettext_lazy("mechanism")
    parameter_name = "mechanism"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        link = Mention.objects.filter(meeting__mechanism=OuterRef("pk"))
        return list(
            _linked_to_visible(Mechanism.objects.all(), request.user, link).values_list("slug", "name")
        )


class MeetingFilter(RegisterFilter):
    """Filters by the meeting at which the commitment was mentioned."""

    title = gettext_lazy("meeting")
    parameter_name = "meeting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        link = Mention.objects.filter(meeting=OuterRef("pk"))
        seen = Meeting.objects.visible_to(request.user)  # type: ignore[arg-type]
        rows = _linked_to_visible(seen, request.user, link)
        meetings: Any = admin.site.get_model_admin(Meeting)
        return [(row.slug, meetings.label_of(row)) for row in rows]


FILTERS = [
    GroupFilter,
    StatusFilter,
    NatureFilter,
    ThemeFilter,
    CountryFilter,
    AgencyFilter,
    MechanismFilter,
    MeetingFilter,
]
