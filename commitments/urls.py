"""Addresses of the pages."""

from django.urls import path

from commitments.exports import downloads
from commitments.views import (
    comparing,
    detail,
    layout,
    listing,
    meetings,
    overview,
    printing,
    record_meeting,
    record_text,
    recording,
    saved_views,
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
    path("commitments/views/", saved_views.views, name="saved_views"),
    path("commitments/views/new/", saved_views.new, name="saved_view_new"),
    path("commitments/views/default/", saved_views.default, name="default_view"),
    path("commitments/views/columns/", layout.columns, name="list_columns"),
    path("commitments/views/density/", layout.density, name="list_density"),
    path("commitments/views/<int:pk>/", saved_views.view, name="saved_view"),
    path("commitments/views/<int:pk>/edit/", saved_views.edit, name="saved_view_edit"),
    path("commitments/views/<int:pk>/copy/", saved_views.copy, name="saved_view_copy"),
    path("commitments/views/<int:pk>/delete/", saved_views.delete, name="saved_view_delete"),
    path("commitments/<str:reference>/", detail.commitment, name="commitment"),
    path("commitments/<str:reference>/transitions/<str:name>/", transition.transition, name="transition"),
    path("commitments/<str:reference>/progress/", recording.progress, name="progress"),
    path("commitments/<str:reference>/deadline/", recording.deadline, name="deadline"),
    path("commitments/<str:reference>/evidence/", recording.evidence, name="evidence"),
    path("commitments/<str:reference>/readings/", recording.readings, name="readings"),
    path("commitments/<str:reference>/evidence/<int:pk>/", detail.evidence_file, name="evidence_file"),
    path(
        "commitments/<str:reference>/evidence/<int:pk>/withdrawal/", recording.withdrawal, name="withdrawal"
    ),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/record/", record_meeting.record, name="record"),
    path("meetings/<slug:slug>/", meetings.meeting, name="meeting"),
    path("meetings/<slug:slug>/record/<slug:source>/", record_text.text, name="record_text"),
    path("meetings/<slug:slug>/record/<slug:source>/summary/", record_text.summary, name="record_summary"),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/",
        record_text.paragraph,
        name="record_paragraph",
    ),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/mentions/",
        record_text.mention,
        name="record_mention",
    ),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/mentions/<int:pk>/take-back/",
        record_text.take_back,
        name="record_take_back",
    ),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/nothing/",
        record_text.nothing,
        name="record_nothing",
    ),
    path("meetings/<slug:slug>/record/<slug:source>/<int:number>/new/", record_text.new, name="record_new"),
    path("mechanisms/", sides.mechanisms, name="mechanisms"),
    path("mechanisms/<slug:slug>/", sides.mechanism, name="mechanism"),
    path("mechanisms/<slug:slug>/compare/", comparing.sessions, name="mechanism_compare"),
    path("agencies/", sides.agencies, name="agencies"),
    path("agencies/<slug:slug>/", sides.agency, name="agency"),
    path("countries/", sides.countries, name="countries"),
    path("countries/<str:code>/", sides.country, name="country"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
]
