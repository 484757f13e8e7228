"""Addresses of the API, version 1."""

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from commitments.api import reference
from commitments.api.commitments import CommitmentDetail, CommitmentList
from commitments.api.docs import Docs, Schema
from commitments.api.transitions import Transitions
from core.problems import not_found

urlpatterns = [
    path("commitments/", CommitmentList.as_view(), name="api-commitments"),
    path("commitments/<str:reference>/", CommitmentDetail.as_view(), name="api-commitment"),
    path("commitments/<str:reference>/transitions/", Transitions.as_view(), name="api-transitions"),
    path("meetings/", reference.MeetingList.as_view(), name="api-meetings"),
    path("meetings/<slug:slug>/", reference.OneMeeting.as_view(), name="api-meeting"),
    path("sources/", reference.SourceList.as_view(), name="api-sources"),
    path("sources/<slug:slug>/", reference.OneSource.as_view(), name="api-source"),
    path("mechanisms/", reference.MechanismList.as_view(), name="api-mechanisms"),
    path("mechanisms/<slug:slug>/", reference.OneMechanism.as_view(), name="api-mechanism"),
    path("agencies/", reference.AgencyList.as_view(), name="api-agencies"),
    path("agencies/<slug:slug>/", reference.OneAgency.as_view(), name="api-agency"),
    path("people/", reference.PersonList.as_view(), name="api-people"),
    path("people/<slug:slug>/", reference.OnePerson.as_view(), name="api-person"),
    path("countries/", reference.CountryList.as_view(), name="api-countries"),
    path("countries/<str:code>/", reference.OneCountry.as_view(), name="api-country"),
    path("themes/", reference.ThemeList.as_view(), name="api-themes"),
    path("themes/<slug:slug>/", reference.OneTheme.as_view(), name="api-theme"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", login_required(Docs.as_view()), name="api-docs"),
    re_path(r"", not_found),
]
