"""The project's own addresses, with the plain peers beside them."""

from django.urls import include, path

from config.urls import urlpatterns as own
from tests.bench import peers

urlpatterns = [path("bench/", include(peers.urlpatterns)), *own]
