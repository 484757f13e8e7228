"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from config.start import told_in_one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Requests are answered in time or told to come again; commands may take as long as they need.
os.environ.setdefault("AIDE_MEMOIRE_SERVES", "1")

# With this status a worker stops gunicorn, which would start another one again and again.
with told_in_one_sentence(status=3):
    application = get_wsgi_application()

from core.wrong_clock import warn_at_start  # noqa: E402  (it imports models, which are ready only now)

warn_at_start()
