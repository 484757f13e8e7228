"""The hidden field of a form that is carried out once, however often it is sent."""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

ONCE = "once"
"""The name of the field. ``accounts/sent_once.py`` reads it."""


@register.simple_tag
def once_token() -> SafeString:
    """A new random token, different each time the form is shown."""
    return format_html('<input type="hidden" name="{}" value="{}">', ONCE, secrets.token_urlsafe(16))
