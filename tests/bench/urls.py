"""The project's own addresses; the plain peers come beside them."""

from config.urls import urlpatterns as own

urlpatterns = [*own]
