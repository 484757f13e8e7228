"""The project's own addresses, with the plain peers beside them."""

from django.urls import include, path

from config.urls import urlpatterns as own
from tests.bench import peers, peers_api

urlpatterns = [
    path("bench/", include(peers.urlpatterns)),
    path("bench/api/", include(peers_api.urlpatterns)),
    *own,
]
