"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Requests are answered in time or told to come again; commands may take as long as they need.
os.environ.setdefault("AIDE_MEMOIRE_SERVES", "1")

application = get_wsgi_application()
