"""Addresses of the API, version 1."""

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from commitments.api.commitments import CommitmentDetail, CommitmentList
from commitments.api.docs import Docs, Schema
from commitments.api.transitions import Transitions
from core.problems import not_found

urlpatterns = [
    path("commitments/", CommitmentList.as_view(), name="api-commitments"),
    path("commitments/<str:reference>/", CommitmentDetail.as_view(), name="api-commitment"),
    path("commitments/<str:reference>/transitions/", Transitions.as_view(), name="api-transitions"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", login_required(Docs.as_view()), name="api-docs"),
    re_path(r"", not_found),
]
