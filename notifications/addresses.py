"""Addresses of this site in mails. They come from a setting, never from a request."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """The whole address of ``path``, which begins with “/”."""
    return settings.SITE_URL.rstrip("/") + path


def address_of(name: str, *args: object, query: str = "") -> str:
    """The whole address of the page ``name``."""
    return absolute(reverse(name, args=args)) + (f"?{query}" if query else "")


def mail_domain() -> str:
    """The right side of a Message-ID."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"
