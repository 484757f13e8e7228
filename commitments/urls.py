"""Addresses of the pages."""

from django.urls import path

from commitments.views import detail, listing, meetings, overview, recording, sources, transition

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("commitments/", listing.commitments, name="commitments"),
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
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
]
