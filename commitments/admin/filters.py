"""The filters of the admin's list: every one hands its parameter to ``CommitmentFilterSet``."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import SuspiciousOperation
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from commitments.choices import Nature, Status
from commitments.filtersets import NOBODY, CommitmentFilterSet
from commitments.models import Assignment, Commitment, CommitmentParty, Mention, Theme
from commitments.querysets import CommitmentQuerySet
from relations.models import Agency, Country, Mechanism, Meeting

if TYPE_CHECKING:
    from accounts.models import User


class BadFilter(SuspiciousOperation):
    """A filter that is not known or not well formed: an error that names it, never “all rows”."""

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(message for messages in faults.values() for message in messages))


def filtered(rows: CommitmentQuerySet, user: "User", parameters: Mapping[str, Any]) -> CommitmentQuerySet:
    """``rows`` as the one filter set understands ``parameters``."""
    filters = CommitmentFilterSet(parameters, user=user, queryset=rows)
    if faults := filters.faults:
        raise BadFilter(faults)
    return filters.qs  # type: ignore[no-any-return]


class RegisterFilter(admin.SimpleListFilter):
    """One parameter of the filter set beside the list; several values in the address mean any of them."""

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        given = params.get(str(self.parameter_name), [])
        self.given = [value for value in given if value != ""]
        self.user = request.user
        super().__init__(request, params, model, model_admin)

    def has_output(self) -> bool:
        """A parameter that is given is never dropped, even where there is nothing to choose from."""
        return bool(self.lookup_choices) or bool(self.given)

    def parameters(self) -> dict[str, Any]:
        """What is handed to the filter set."""
        return {str(self.parameter_name): self.given}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return filtered(queryset, request.user, self.parameters()) if self.given else queryset  # type: ignore[arg-type]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        name = str(self.parameter_name)
        everything = {"selected": not self.given, "display": _("All")}
        yield {**everything, "query_string": changelist.get_query_string(remove=[name])}
        for value, label in self.lookup_choices:
            yield {
                "selected": str(value) in self.given,
                "query_string": changelist.get_query_string({name: value}),
                "display": label,
            }


GROUPS: dict[str, tuple[Any, dict[str, str]]] = {
    "open": (gettext_lazy("open"), {"state": "open"}),
    "closed": (gettext_lazy("closed"), {"state": "closed"}),
    "overdue": (gettext_lazy("overdue"), {"overdue": "true"}),
    "awaiting": (gettext_lazy("awaiting decision"), {"status": "under_review"}),
    "awaiting_me": (gettext_lazy("awaiting my decision"), {"awaiting": "me"}),
    "review_due": (gettext_lazy("due for review"), {"review_due": "true"}),
    "no_agency": (gettext_lazy("no agency"), {"agency": NOBODY}),
}
"""The groups by which staff work, each with the parameters of the filter set that it stands for."""


class GroupFilter(RegisterFilter):
    """The group a commitment is in today; ``awaiting my decision`` is for those who decide."""

    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        decides = Role.REVIEWER in request.user.roles  # type: ignore[union-attr]
        return [(key, label) for key, (label, _given) in GROUPS.items() if decides or key != "awaiting_me"]

    def parameters(self) -> dict[str, Any]:
        if len(self.given) > 1 or self.given[0] not in GROUPS:
            message = _("“%(value)s” is no group. Possible: %(possible)s.")
            raise BadFilter(
                {"group": [message % {"value": ", ".join(self.given), "possible": ", ".join(GROUPS)}]}
            )
        return GROUPS[self.given[0]][1]


class StatusFilter(RegisterFilter):
    """By status."""

    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Status.choices


class NatureFilter(RegisterFilter):
    """By nature."""

    title = gettext_lazy("nature")
    parameter_name = "nature"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Nature.choices


class ThemeFilter(RegisterFilter):
    """By theme."""

    title = gettext_lazy("theme")
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Theme.objects.values_list("slug", "name"))


def _named_on_visible(rows: QuerySet[Any], user: Any, link: QuerySet[Any]) -> QuerySet[Any]:
    """The records that ``link`` ties to a commitment that ``user`` may see."""
    return rows.filter(Exists(link.filter(commitment__in=Commitment.objects.visible_to(user))))


class CountryFilter(RegisterFilter):
    """By party."""

    title = gettext_lazy("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        link = CommitmentParty.objects.filter(country=OuterRef("pk"))
        rows = _named_on_visible(Country.objects.order_by("name"), request.user, link)
        return list(rows.values_list("code", "name"))


class AgencyFilter(RegisterFilter):
    """By the agency charged with it, or none."""

    title = gettext_lazy("agency")
    parameter_name = "agency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        link = Assignment.objects.filter(agency=OuterRef("pk"))
        rows = _named_on_visible(Agency.objects.all(), request.user, link)
        agencies = list(rows.select_related("country"))
        alike = Counter(agency.short for agency in agencies)
        named = (
            (each.slug, f"{each.short} ({each.country.code})" if alike[each.short] > 1 else each.short)
            for each in agencies
        )
        return [(NOBODY, _("no agency")), *named]


class MechanismFilter(RegisterFilter):
    """By the mechanism at whose sessions it was spoken of."""

    title = gettext_lazy("mechanism")
    parameter_name = "mechanism"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        link = Mention.objects.filter(meeting__mechanism=OuterRef("pk"))
        return list(
            _named_on_visible(Mechanism.objects.all(), request.user, link).values_list("slug", "name")
        )


class MeetingFilter(RegisterFilter):
    """By the meeting at which it was made or mentioned."""

    title = gettext_lazy("meeting")
    parameter_name = "meeting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        link = Mention.objects.filter(meeting=OuterRef("pk"))
        rows = _named_on_visible(Meeting.objects.all(), request.user, link)
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
