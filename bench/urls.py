"""The project's own URLs, and those of the plain peers."""

from django.urls import include, path

from bench import peers, peers_api
from config.urls import urlpatterns as own

urlpatterns = [
    path("bench/", include(peers.urlpatterns)),
    path("bench/api/", include(peers_api.urlpatterns)),
    *own,
]
