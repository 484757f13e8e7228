"""The peers of the pages: the same rows shown with plain Django."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.generic import ListView

from commitments.choices import AssignmentRole, PartyRole
from commitments.models import Assignment, Commitment, Mention
from commitments.services.search import NAMED_AT
from relations.models import Participation

PAGE_SIZE = 50
RELATIONS = ("parties__country", "assignments__agency", "mentions__meeting")


def ok(request: HttpRequest) -> HttpResponse:
    """The least a view can do: middleware, session and sign-in only."""
    return HttpResponse("ok")


class PrefetchingList(ListView):
    """The table of the list without filters, presence strips and counts, searched with ``icontains``."""

    model = Commitment
    paginate_by = PAGE_SIZE
    template_name = "bench/list.html"

    def get_queryset(self) -> QuerySet[Commitment]:
        """The rows that contain every word; all rows without words. With the relations that they show."""
        rows = super().get_queryset().select_related("theme").prefetch_related(*RELATIONS)
        for word in self.request.GET.get("q", "").split():
            rows = rows.filter(
                Q(title__icontains=word) | Q(text__icontains=word) | Q(remarks__icontains=word)
            )
        return rows


class SearchedList(PrefetchingList):
    """The same, searched with ``icontains`` in every text that our search covers, each in its own table."""

    def get_queryset(self) -> QuerySet[Commitment]:
        """The rows that contain every word, in any text."""
        rows = Commitment.objects.select_related("theme").prefetch_related(*RELATIONS)
        for word in self.request.GET.get("q", "").split():
            quoted = Mention.objects.filter(commitment=OuterRef("pk"), paragraph__text__icontains=word)
            assigned = Assignment.objects.filter(
                Q(agency__name__icontains=word) | Q(agency__acronym__icontains=word),
                commitment=OuterRef("pk"),
            )
            attended = Participation.objects.filter(
                Q(person__name__icontains=word) | Q(person__aliases__icontains=word),
                meeting__mentions__commitment=OuterRef("pk"),
                meeting__mentions__kind__in=NAMED_AT,
            )
            own = [Q(**{f"{name}__icontains": word}) for name in ("reference", "title", "text", "remarks")]
            rows = rows.filter(reduce(or_, own) | Exists(quoted) | Exists(assigned) | Exists(attended))
        return rows


class PrefetchingAdmin(admin.ModelAdmin):
    """A changelist with the columns of the list."""

    list_display = (
        "reference",
        "title",
        "theme",
        "status",
        "responsible",
        "deadline",
        "lead_agency",
        "last_news",
    )
    list_filter = ("status", "nature", "theme", "parties__country")
    search_fields = ("title", "text", "remarks")
    list_per_page = PAGE_SIZE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commitment]:
        """The rows with the relations that the columns show."""
        return super().get_queryset(request).prefetch_related(*RELATIONS)

    def responsible(self, row: Commitment) -> str:
        """The responsible countries."""
        return ", ".join(each.country.code for each in row.parties.all() if each.role == PartyRole.OBLIGATED)

    def deadline(self, row: Commitment) -> str:
        """The wording and the latest date."""
        return f"{row.deadline_wording} {row.deadline_latest or ''}"

    def lead_agency(self, row: Commitment) -> str:
        """The lead agencies."""
        leads = [each for each in row.assignments.all() if each.role == AssignmentRole.LEAD]
        return ", ".join(each.agency.short for each in leads)

    def last_news(self, row: Commitment) -> Any:
        """The date of the last mention."""
        return max((each.meeting.day for each in row.mentions.all() if each.meeting.day), default=None)


peer_site = admin.AdminSite("bench_admin")
peer_site.register(Commitment, PrefetchingAdmin)

_ROWS = """
SELECT coalesce(json_agg(row), '[]')::text FROM (
    SELECT c.reference, c.title, t.name AS theme, c.status, c.deadline_wording, c.deadline_latest, c.review_on,
        (SELECT array_agg(y.code ORDER BY y.code) FROM commitments_commitmentparty p
            JOIN relations_country y ON y.id = p.country_id
            WHERE p.commitment_id = c.id AND p.role = 'obligated') AS obligated,
        (SELECT array_agg(a.name) FROM commitments_assignment s JOIN relations_agency a ON a.id = s.agency_id
            WHERE s.commitment_id = c.id AND s.role = 'lead') AS lead_agencies,
        (SELECT max(g.day) FROM commitments_mention m JOIN relations_meeting g ON g.id = m.meeting_id
            WHERE m.commitment_id = c.id) AS last_news
    FROM commitments_commitment c JOIN commitments_theme t ON t.id = c.theme_id
    ORDER BY c.prefix, c.year, c.serial LIMIT 50) AS row
"""


def raw(request: HttpRequest) -> HttpResponse:
    """The columns of the first page as JSON, written by the database."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        return HttpResponse(cursor.fetchone()[0], content_type="application/json")


urlpatterns = [
    path("ok/", ok),
    path("list/", PrefetchingList.as_view()),
    path("searched/", SearchedList.as_view()),
    path("raw/", raw),
    path("admin/", peer_site.urls),
]
