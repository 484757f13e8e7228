"""Addresses of the pages."""

from django.urls import path

from commitments.exports import downloads
from commitments.views import (
    detail,
    listing,
    meetings,
    overview,
    printing,
    recording,
    sides,
    sources,
    transition,
)

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("commitments/", listing.commitments, name="commitments"),
    path("commitments/export.csv", downloads.export_csv, name="export_csv"),
    path("commitments/export.xlsx", downloads.export_xlsx, name="export_xlsx"),
    path("commitments/export.json", downloads.export_json, name="export_json"),
    path("commitments/print/", printing.print_page, name="print_commitments"),
    path("commitments/<str:reference>/", detail.commitment, name="commitment"),
    path("commitments/<str:reference>/transitions/<str:name>/", transition.transition, name="transition"),
    path("commitments/<str:reference>/progress/", recording.progress, name="progress"),
    path("commitments/<str:reference>/deadline/", recording.deadline, name="deadline"),
    path("commitments/<str:reference>/evidence/", recording.evidence, name="evidence"),
    path("commitments/<str:reference>/evidence/<int:pk>/", detail.evidence_file, name="evidence_file"),
    path(
        "commitments/<str:reference>/evidence/<int:pk>/withdrawal/", recording.withdrawal, name="withdrawal"
    ),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<slug:slug>/", meetings.meeting, name="meeting"),
    path("mechanisms/", sides.mechanisms, name="mechanisms"),
    path("mechanisms/<slug:slug>/", sides.mechanism, name="mechanism"),
    path("agencies/", sides.agencies, name="agencies"),
    path("agencies/<slug:slug>/", sides.agency, name="agency"),
    path("countries/", sides.countries, name="countries"),
    path("countries/<str:code>/", sides.country, name="country"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
]
