"""Addresses of the API, version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from commitments.api.commitments import CommitmentDetail, CommitmentList
from commitments.api.transitions import Transitions
from core.problems import not_found

urlpatterns = [
    path("commitments/", CommitmentList.as_view(), name="api-commitments"),
    path("commitments/<str:reference>/", CommitmentDetail.as_view(), name="api-commitment"),
    path("commitments/<str:reference>/transitions/", Transitions.as_view(), name="api-transitions"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    re_path(r"", not_found),
]
