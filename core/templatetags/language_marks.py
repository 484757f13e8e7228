"""The template filter ``in_script``."""

from django import template
from django.utils.safestring import SafeString

from core.language_marks import attributes_of

register = template.Library()


@register.filter
def in_script(text: object, language: str | None = "") -> SafeString:
    """The attributes ``lang`` and ``dir`` for an element around ``text``, or "".

    The middleware marks other texts. Use this for an element that contains more than its text, or if the
    ``language`` is known.
    """
    return attributes_of(text, language or "") if isinstance(text, str) else SafeString("")
